import type { ConnectionState } from "./connection.js";
import type { PresenceEvents, PresenceOptions } from "./options.js";
import type { UserPresence } from "./people.js";
import type { Activity, ClientMessages, ClientType, Metadata, Presence, ReplyTo, SettableStatus } from "./protocol.js";
import type { StatusOptions } from "./self.js";
import { iso } from "./self.js";
import { Session } from "./session.js";

/** One device of one user, connected to a Presence server. Made by `createPresence`. */
export class PresenceClient extends Session {
  constructor(options: PresenceOptions) {
    super(options);
    if (options.autoConnect !== false) {
      this.connect();
    }
  }

  get state(): ConnectionState {
    return this._connection.state;
  }

  /** Oneself, with all devices; undefined before the first connection. */
  get me(): UserPresence | undefined {
    return this.get(this.userId);
  }

  /** Milliseconds since the epoch by the server's clock, for what the server dated. */
  now(): number {
    return Date.now() + this._skewMs;
  }

  /** @returns What ends the listening. */
  on<E extends keyof PresenceEvents>(event: E, listener: (value: PresenceEvents[E]) => void): () => void {
    return this._listeners[event]._add(listener);
  }

  /** Connects, after `disconnect()` or a final close too. */
  connect(): void {
    this._connection._open();
  }

  /** Leaves on purpose: this device is gone for others at once. */
  disconnect(): void {
    this._connection._leave();
  }

  /** Follows these users until the returned function is called; several watchers of one user are one subscription. */
  watch(userIds: string | Iterable<string>, listener?: (presence: UserPresence) => void): () => void {
    return this._people._watch(typeof userIds === "string" ? [userIds] : userIds, listener);
  }

  /** What is known of a user who is watched; undefined before the server's first word. */
  get(userId: string): UserPresence | undefined {
    return this._people._get(userId);
  }

  /** Asks once, without following: at most 1,000 users. */
  async query(userIds: string[]): Promise<Presence[]> {
    return (await this.request("get_presence", { userIds })).presences;
  }

  /**
   * Chooses a status. `online` takes every choice back; a choice holds until it is changed, also against idle detection.
   *
   * @returns What was chosen, and what others see: after `online` on one device a better one may show.
   */
  setStatus(status: SettableStatus, options: StatusOptions = {}): Promise<ReplyTo<"set_status">> {
    return this._self.setStatus(status, options);
  }

  /** At most 140 characters; an empty text clears. */
  async setCustomStatus(text: string, options: { emoji?: string; expiresAt?: Date | string } = {}): Promise<void> {
    await this.request("set_custom_status", { text, emoji: options.emoji, expiresAt: iso(options.expiresAt) });
  }

  /** What one is doing. It ends by itself: `expiresIn` is in milliseconds (default 3 s), null lasts until changed or disconnected. */
  async setActivity(activity: Activity | null, expiresIn?: number | null): Promise<void> {
    await this.request("set_activity", { activity, expiresIn });
  }

  async setMetadata(metadata: Metadata): Promise<void> {
    this._metadata = metadata;
    await this.request("set_metadata", { metadata });
  }

  /**
   * Any other message of the protocol: privacy, contacts, blocks. Without a connection it waits for one.
   *
   * @throws {PresenceError} The server's answer; `timeout` after 10 s; `closed` when the connection ended first.
   */
  request<T extends ClientType>(type: T, fields: ClientMessages[T]): Promise<ReplyTo<T>> {
    return this._requests._request(type, fields);
  }
}
