import type { ConnectionState } from "./connection.js";
import type { PresenceError } from "./errors.js";
import type { UserPresence } from "./people.js";
import type { Device, Metadata, ServerMessage } from "./protocol.js";

export interface PresenceOptions {
  /** Address of the gateway, such as `wss://presence.example/ws`; in a browser also relative. */
  url: string;
  /** Who signs in: 1 to 128 characters, the `sub` of the token. */
  user: string;
  /** Called before every connection and before a token expires; with `refresh` the last token is of no more use. */
  getToken(request: { refresh: boolean }): string | Promise<string>;
  /** This running client. By default an id of its own that survives a reload of the page, and type `web`. */
  device?: Device;
  /** What others see beside the status, from the start. */
  metadata?: Metadata;
  /** Milliseconds without input until this device is idle; null: never. Default 5 min. */
  idleAfterMs?: number | null;
  /** Connect at once. Default true. */
  autoConnect?: boolean;
  /** Needed where there is no global one, as in Node 20: that of the package `ws` fits. */
  WebSocket?: unknown;
}

export interface PresenceEvents {
  /** The connection. */
  state: ConnectionState;
  /** Somebody watched, or oneself. */
  presence: UserPresence;
  /** What went wrong where nobody awaits it: a token, a subscription, a join. */
  error: PresenceError;
  /** Every message of the server. */
  message: ServerMessage;
}

/** A look inside, for a support ticket. */
export interface DebugSnapshot {
  readonly state: ConnectionState;
  readonly connectionId: string | null;
  readonly deviceId: string;
  /** Milliseconds; null before the first heartbeat. */
  readonly roundTripMs: number | null;
  readonly received: number;
  readonly malformed: number;
  /** Messages of a type that this version does not know, and how many of each. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Messages about a room, or answers, that nobody here waits for any more. */
  readonly undelivered: number;
  readonly pending: number;
  readonly lastError: PresenceError | null;
}
