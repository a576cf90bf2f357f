// The messages of the wire protocol, by their `type`. The comments are the descriptions in docs/asyncapi.yaml.
import type { Activity, Device, ErrorCode, Member, Metadata, Presence, Privacy, RoomTier, SettableStatus, Status, Time } from "./model.js";

interface RoomId {
  roomId: string;
}

interface UserIds {
  userIds: string[];
}

/** What a client sends: the fields of each `type`. */
export interface ClientMessages {
  /** Signs in, as the first message; not where a token came with the upgrade. */
  authenticate: { userId: string; token: string; device?: Device; metadata?: Metadata; features?: "batch"[] };
  /** Chooses a status. `online` takes every choice back; `scope` is for `away`, which is the device's unless it says user. */
  set_status: { status: SettableStatus; scope?: "device" | "user"; expiresAt?: Time };
  /** Proves that the client lives; with `active` also that the person used an input since the last one. */
  heartbeat: { active?: boolean };
  /** Asks once, without following. `explain` adds what decides over the status. */
  get_presence: UserIds & { explain?: boolean };
  /** Follows users. With `known`, the versions that are held, the list has only those that differ. */
  subscribe: UserIds & { known?: Record<string, number> };
  /** Follows them no longer. */
  unsubscribe: UserIds;
  /** Gives a fresh token before the old one ends. */
  refresh_token: { token: string };
  /** Takes part in a room. `listed` is the consent to be listed although the status is not for everyone. */
  join: RoomId & { metadata?: Metadata; listed?: boolean };
  /** Takes part no longer. */
  leave: RoomId;
  /** Changes what members see of the user here. */
  update_member: RoomId & { metadata: Metadata };
  /** Asks for the room as it is, after a gap in its versions. */
  get_room: RoomId;
  /** Looks at a room without taking part. */
  watch_room: RoomId & { mode?: "members" | "count" };
  /** Looks no longer. */
  unwatch_room: RoomId;
  /** The user types; it ends by itself. */
  typing_start: RoomId;
  /** The user does not type any more. */
  typing_stop: RoomId;
  /** Follows everybody who is online, or only how many they are. */
  subscribe_lobby: { mode?: "count" | "users" };
  /** Follows them no longer. */
  unsubscribe_lobby: object;
  /** A text beside the status, of at most 140 characters; an empty one clears. */
  set_custom_status: { text: string; emoji?: string; expiresAt?: Time };
  /** What the user is doing; null: nothing. `expiresIn` in milliseconds, null: until changed or disconnected. */
  set_activity: { activity: Activity | null; expiresIn?: number | null };
  /** What others see of the user beside the status. */
  set_metadata: { metadata: Metadata };
  /** Whether the person can see this device. */
  set_visibility: { hidden: boolean };
  /** Who may see what; what is left out stays. */
  set_privacy: Partial<Privacy>;
  /** Asks for it. */
  get_privacy: object;
  /** Who the contacts are, all of them. */
  set_contacts: UserIds;
  /** These are contacts too. */
  add_contacts: UserIds;
  /** These are contacts no longer. */
  remove_contacts: UserIds;
  /** To these the user is offline, and they cannot tell why. */
  block: UserIds;
  /** Takes that back. */
  unblock: UserIds;
}

/** What the server sends: the fields of each `type`, beside the `id` of the message it answers. */
export interface ServerMessages {
  /** Done: the answer to what has no answer of its own. */
  ok: object;
  /** Refused. `retryAfter` in milliseconds; `refused`: which of the `userIds` are to blame, by their places from 0. */
  error: { code: ErrorCode; message: string; retryable: boolean; retryAfter?: number; refused?: number[] };
  /** Signed in. The times between heartbeats are in milliseconds. */
  authenticated: {
    userId: string;
    presence: Presence;
    connectionId: string;
    deviceId: string;
    heartbeatInterval: number;
    heartbeatTimeout: number;
    serverTime: Time;
  };
  /** Chosen, and what others see now. */
  status_updated: { status: SettableStatus; shown: Status | "invisible" };
  /** Heard. */
  heartbeat_ack: { timestamp: Time };
  /** The truth of this moment: one for each id, in the order asked. */
  presence_list: { presences: Presence[] };
  /** A user who is followed, or the user itself, changed. */
  presence_update: { presence: Presence };
  /** The same for several, for a client with the feature `batch`. */
  presence_batch: { presences: Presence[] };
  /** Followed no longer. */
  unsubscribed: UserIds;
  /** The gateway lost touch with these, or with all: what was shown of them may be old. */
  stale: { userIds?: string[]; since: Time };
  /** It has it again. */
  fresh: { userIds?: string[] };
  /** The token is about to end: answer with `refresh_token`. */
  token_expiring: { expiresAt: Time };
  /** The new one holds; null: without end. */
  token_refreshed: { expiresAt: Time | null };
  /** The gateway is about to stop: come back after so many milliseconds. */
  reconnect: { after: number };
  /** A room as it is. Without `members` for who only counts; a sample of them where `truncated`. */
  room_state: RoomId & { version: number; count: number; members?: Member[]; truncated?: boolean; tier?: RoomTier };
  /** A room changed. `members`, where it comes, replaces what is held. */
  room_update: RoomId & {
    version: number;
    count: number;
    joined?: Member[];
    updated?: Member[];
    left?: string[];
    members?: Member[];
    truncated?: boolean;
    tier?: RoomTier;
  };
  /** Not in the room any more. */
  left: RoomId;
  /** Changed. */
  member_updated: RoomId;
  /** Not looking at the room any more. */
  unwatched: RoomId;
  /** Another member began or ended to type. */
  typing: RoomId & { userId: string; typing: boolean };
  /** Everybody who is online. */
  lobby_state: { online: number; users?: Presence[]; truncated?: boolean };
  /** Somebody came or went. */
  lobby_update: { online: number; joined?: Presence[]; left?: string[]; truncated?: boolean };
  /** Followed no longer. */
  lobby_unsubscribed: object;
  /** Changed. */
  custom_status_updated: object;
  /** Changed. */
  activity_updated: object;
  /** Changed. */
  metadata_updated: object;
  /** Who may see what. */
  privacy: { privacy: Privacy };
  /** Who may see what now. */
  privacy_updated: { privacy: Privacy };
  /** How many contacts there are now. */
  contacts_updated: { count: number };
  /** How many blocked users there are now. */
  blocked_updated: { count: number };
}

/** Which message answers which. */
export interface Replies {
  authenticate: "authenticated";
  set_status: "status_updated";
  heartbeat: "heartbeat_ack";
  get_presence: "presence_list";
  subscribe: "presence_list";
  unsubscribe: "unsubscribed";
  refresh_token: "token_refreshed";
  join: "room_state";
  leave: "left";
  update_member: "member_updated";
  get_room: "room_state";
  watch_room: "room_state";
  unwatch_room: "unwatched";
  typing_start: "ok";
  typing_stop: "ok";
  subscribe_lobby: "lobby_state";
  unsubscribe_lobby: "lobby_unsubscribed";
  set_custom_status: "custom_status_updated";
  set_activity: "activity_updated";
  set_metadata: "metadata_updated";
  set_visibility: "ok";
  set_privacy: "privacy_updated";
  get_privacy: "privacy";
  set_contacts: "contacts_updated";
  add_contacts: "contacts_updated";
  remove_contacts: "contacts_updated";
  block: "blocked_updated";
  unblock: "blocked_updated";
}

export type ClientType = keyof ClientMessages;
export type ServerType = keyof ServerMessages;
export type ReplyTo<T extends ClientType> = ServerMessages[Replies[T]];

/** One message of the server. */
export type ServerMessage = { [T in ServerType]: { type: T; id?: number } & ServerMessages[T] }[ServerType];
