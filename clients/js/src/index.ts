import { PresenceClient } from "./client.js";
import type { PresenceOptions } from "./options.js";

/** Connects to a Presence server as one device of one user. */
export function createPresence(options: PresenceOptions): PresenceClient {
  return new PresenceClient(options);
}

export type { PresenceClient } from "./client.js";
export type { ConnectionState } from "./connection.js";
export { PresenceError } from "./errors.js";
export type { LastSeenOptions } from "./lastSeen.js";
export { lastSeenText } from "./lastSeen.js";
export type { Lobby, LobbyView } from "./lobby.js";
export type { DebugSnapshot, PresenceEvents, PresenceOptions } from "./options.js";
export type { UserPresence } from "./people.js";
export type * from "./protocol.js";
export type { Membership, Room, RoomListener, RoomView } from "./room.js";
export type { StatusOptions } from "./self.js";
