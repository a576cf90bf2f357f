import { Attendance } from "./attendance.js";
import type { PresenceError } from "./errors.js";
import { Listeners } from "./events.js";
import type { Member, Metadata, ServerMessage } from "./protocol.js";
import type { Requests } from "./requests.js";
import { Roster } from "./roster.js";
import { Typing } from "./typing.js";

/** What is known of a room at one moment; a new object with every change. */
export interface RoomView {
  readonly members: readonly Member[];
  /** Of everybody, also where `members` is only a sample. */
  readonly count: number;
  /** The room is too large for a full list: `members` is a sample. */
  readonly truncated: boolean;
  /** Not up to date at the moment: before the first snapshot, without a connection, or after a gap. */
  readonly stale: boolean;
  /** Whether this client takes part. */
  readonly joined: boolean;
  /** Why the server does not let us in; null otherwise. */
  readonly error: PresenceError | null;
}

export type RoomListener = (members: readonly Member[], room: RoomView) => void;

/** One share in being here. The last one that is given up leaves the room. */
export interface Membership {
  readonly room: Room;
  /** As `room.subscribe`. */
  subscribe(listener: RoomListener): () => void;
  /** As `room.update`. */
  update(metadata: Metadata): Promise<void>;
  leave(): void;
  /** False after `leave`, this share's or the room's. */
  readonly active: boolean;
}

type RoomMessage = Extract<ServerMessage, { type: "room_state" | "room_update" | "typing" }>;

/** One room: who is here, and whether I am. Shares are counted, so that two components of one page do not fight. */
export class Room extends Attendance {
  #roster = new Roster();
  readonly #listeners = new Listeners<RoomView>();
  readonly #observers = new Listeners<RoomView>();
  readonly #typing: Typing;
  #isAsking = false;
  #isStale = true;
  #view: RoomView;

  /** @internal Rooms come from `presence.room(id)`. */
  constructor(id: string, wire: Requests) {
    super(id, wire);
    this.#typing = new Typing(id, wire);
    this.#view = this.#look();
  }

  get view(): RoomView {
    return this.#view;
  }

  /** Who else is typing here; a new array with every change. */
  get typing(): readonly string[] {
    return this.#typing._users;
  }

  /**
   * Takes part until every share is given up; survives reconnects.
   *
   * @param metadata What members see of us here. Where several shares differ, the last one counts.
   * @param options.listed Be listed although invisible or private: the consent to be seen in this room.
   */
  join(metadata?: Metadata, options: { listed?: boolean } = {}): Membership {
    return Object.assign(this._share(metadata, options.listed), {
      room: this,
      subscribe: (listener: RoomListener) => this.subscribe(listener),
      update: (changed: Metadata) => this.update(changed),
    });
  }

  /** Calls back with every change, and at once when the room is known already. Needs no `join`: watching is not taking part. */
  subscribe(listener: RoomListener): () => void {
    const stop = this.#listeners._add((view) => listener(view.members, view));
    this._syncSoon();
    if (this.#roster.version >= 0) {
      listener(this.#view.members, this.#view);
    }

    return () => {
      stop();
      this._syncSoon();
    };
  }

  /** Calls back with every change of `view`, without asking the server for anything. */
  onChange(listener: (view: RoomView) => void): () => void {
    return this.#observers._add(listener);
  }

  onTyping(listener: (userIds: readonly string[]) => void): () => void {
    return this.#typing._listeners._add(listener);
  }

  /** Call it with every key: others are told at once, then rarely, and that it is over 3 s after the last key. */
  type(): void {
    if (this._isJoined) {
      this.#typing._type();
    }
  }

  /** The message was sent. */
  stopTyping(): void {
    this.#typing._stop();
  }

  /** The last that was known stays, marked as stale. */
  _closed(): void {
    this._lose();
    this.#roster._held = []; // updates of another connection build on what this one never saw
    this.#typing._clear();
    this.#isAsking = false;
    this.#isStale = true;
    this.#show();
  }

  /** @returns Whether anybody here wants to know. */
  _take(message: RoomMessage): boolean {
    if (!this._isWanted) {
      return false;
    }

    if (message.type === "typing") {
      this.#typing._set(message.userId, message.typing);
    } else if (message.type === "room_state") {
      this.#isAsking = false;
      this._arrive();
      this.#isStale = this.#roster._reset(message);
      this.#show();
    } else {
      message.left?.forEach((id) => this.#typing._set(id, false));
      const result = this.#roster._apply(message);
      this.#isStale ||= result === "gap";
      if (result !== "old") {
        this.#show();
      }
    }

    this.#repair();
    return true;
  }

  override _isWatched(): boolean {
    return this.#listeners._size > 0;
  }

  override _onChange(): void {
    if (!this._isJoined) {
      this.#typing._clear();
    }

    if (!this._isWanted || this._error) {
      this.#roster = new Roster();
      this.#isStale = true;
    }

    const { joined, error, stale } = this.#view;
    if (joined !== this._isJoined || error !== this._error || stale !== this.#isStale) {
      this.#show();
    }
  }

  /** An update is missing: asks for the whole once, however many more come meanwhile. */
  #repair(): void {
    if (this.#isStale && this.#roster.version >= 0 && !this.#isAsking) {
      this.#isAsking = true;
      const again = () => {
        this.#isAsking = false;
        this.#repair();
      };
      this._wire._need("get_room", { roomId: this.id }, again, (error) => this._refuse(error));
    }
  }

  #look(): RoomView {
    const { _members, count, truncated } = this.#roster;
    return { members: [..._members.values()], count, truncated, stale: this.#isStale, joined: this._isJoined, error: this._error };
  }

  #show(): void {
    this.#view = this.#look();
    this.#listeners._emit(this.#view);
    this.#observers._emit(this.#view);
  }
}
