// The objects of the wire protocol. The comments are the descriptions in docs/asyncapi.yaml.

/** ISO 8601. */
export type Time = string;

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
  connectedAt: Time;
}

export interface CustomStatus {
  text: string;
  emoji?: string;
  expiresAt?: Time;
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
  text?: string;
  expiresAt: Time | null;
}

export interface Presence {
  userId: string;
  /** `invisible` only ever in one's own. */
  status: Status | "invisible";
  /** Null for somebody never seen or hidden. */
  lastSeen: Time | null;
  /** Grows with every visible change; 0 for somebody unknown or hidden. */
  version: number;
  customStatus?: CustomStatus;
  activity?: Activity;
  metadata?: Metadata;
  /** From here on: only in one's own. */
  connectedAt?: Time | null;
  connectionCount?: number;
  devices?: DevicePresence[];
  why?: Explanation;
}

export interface Member {
  userId: string;
  status: Status;
  metadata?: Metadata;
  joinedAt: Time;
}

export interface Privacy {
  showOnlineStatus: Audience;
  showLastSeen: Audience;
  showActivity: Audience;
}
