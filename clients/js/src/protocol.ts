// The messages of the wire protocol. A test compares every name here with the server's sources and with the frames it really sends.

/** What others see of a user. */
export type Status = "online" | "idle" | "away" | "busy" | "dnd" | "offline";

/** What a user can choose. `idle` and `away` may be one device's; `busy`, `dnd` and `invisible` are always the user's. */
export type SettableStatus = "online" | "idle" | "away" | "busy" | "dnd" | "invisible";

export type DeviceType = "web" | "mobile" | "desktop" | "server";

export type Audience = "everyone" | "contacts" | "nobody";

/** How much of a room is told, by its size. */
export type RoomTier = "full" | "coalesced" | "sampled" | "counts";

export type ErrorCode =
  | "bad_json"
  | "invalid_request"
  | "unknown_type"
  | "unauthenticated"
  | "already_authenticated"
  | "invalid_status"
  | "limit_exceeded"
  | "rate_limited"
  | "forbidden"
  | "unavailable"
  | "internal";

/** Any JSON object; the server limits it to 4 KiB. */
export type Metadata = Record<string, unknown>;

/** One running client: a tab, an app. */
export interface Device {
  /** 1 to 128 characters. The same id within the grace period takes the place of a lost connection. */
  id?: string;
  type?: DeviceType;
  name?: string;
}

/** A device as its owner sees it. */
export interface DevicePresence {
  id: string;
  type: DeviceType;
  name?: string;
  status: Status;
  connectedAt: string;
}

export interface CustomStatus {
  text: string;
  emoji?: string;
  expiresAt?: string;
}

export interface Activity {
  type: string;
  [field: string]: unknown;
}

/** What decides over one's own status. */
export interface Explanation {
  source: string;
  status: SettableStatus | "offline";
  deviceId?: string;
  expiresAt: string | null;
}

export interface Presence {
  userId: string;
  /** `invisible` only ever in one's own. */
  status: Status | "invisible";
  /** ISO 8601; null for somebody never seen or hidden. */
  lastSeen: string | null;
  /** Grows with every visible change; 0 for somebody unknown or hidden. */
  version: number;
  customStatus?: CustomStatus;
  activity?: Activity;
  metadata?: Metadata;
  /** From here on: only in one's own. */
  connectedAt?: string | null;
  connectionCount?: number;
  devices?: DevicePresence[];
  why?: Explanation;
}

export interface Member {
  userId: string;
  status: Status;
  metadata?: Metadata;
  joinedAt: string;
}

export interface Privacy {
  showOnlineStatus: Audience;
  showLastSeen: Audience;
  showActivity: Audience;
}

interface RoomId {
  roomId: string;
}

interface UserIds {
  userIds: string[];
}

/** What a client sends: the fields of each `type`. */
export interface ClientMessages {
  authenticate: { userId: string; token: string; device?: Device; metadata?: Metadata; features?: "batch"[] };
  set_status: { status: SettableStatus; scope?: "device" | "user"; expiresAt?: string };
  heartbeat: { active?: boolean };
  get_presence: UserIds & { explain?: boolean };
  subscribe: UserIds & { known?: Record<string, number> };
  unsubscribe: UserIds;
  refresh_token: { token: string };
  join: RoomId & { metadata?: Metadata; listed?: boolean };
  leave: RoomId;
  update_member: RoomId & { metadata: Metadata };
  get_room: RoomId;
  watch_room: RoomId & { mode?: "members" | "count" };
  unwatch_room: RoomId;
  typing_start: RoomId;
  typing_stop: RoomId;
  subscribe_lobby: { mode: "count" | "users" };
  unsubscribe_lobby: object;
  set_custom_status: { text: string; emoji?: string; expiresAt?: string };
  set_activity: { activity: Activity | null; expiresIn?: number | null };
  set_metadata: { metadata: Metadata };
  set_visibility: { hidden: boolean };
  set_privacy: Partial<Privacy>;
  get_privacy: object;
  set_contacts: UserIds;
  add_contacts: UserIds;
  remove_contacts: UserIds;
  block: UserIds;
  unblock: UserIds;
}

/** What the server sends: the fields of each `type`, beside the `id` of the message it answers. */
export interface ServerMessages {
  ok: object;
  error: { code: ErrorCode; message: string; retryable: boolean; retryAfter?: number };
  authenticated: {
    userId: string;
    presence: Presence;
    connectionId: string;
    deviceId: string;
    heartbeatInterval: number;
    heartbeatTimeout: number;
    serverTime: string;
  };
  status_updated: { status: SettableStatus; shown: Status | "invisible" };
  heartbeat_ack: { timestamp: string };
  presence_list: { presences: Presence[] };
  presence_update: { presence: Presence };
  presence_batch: { presences: Presence[] };
  unsubscribed: UserIds;
  stale: { userIds?: string[]; since: string };
  fresh: { userIds?: string[] };
  token_expiring: { expiresAt: string };
  token_refreshed: { expiresAt: string | null };
  reconnect: { after: number };
  /** Without `members` for who only counts. */
  room_state: RoomId & { version: number; count: number; members?: Member[]; truncated?: boolean; tier?: RoomTier };
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
  left: RoomId;
  member_updated: RoomId;
  unwatched: RoomId;
  typing: RoomId & { userId: string; typing: boolean };
  lobby_state: { online: number; users?: Presence[]; truncated?: boolean };
  lobby_update: { online: number; joined?: Presence[]; left?: string[]; truncated?: boolean };
  lobby_unsubscribed: object;
  custom_status_updated: object;
  activity_updated: object;
  metadata_updated: object;
  privacy: { privacy: Privacy };
  privacy_updated: { privacy: Privacy };
  contacts_updated: { count: number };
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
