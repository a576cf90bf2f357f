import type { PresenceError } from "./errors.js";
import { failure } from "./errors.js";
import { soon } from "./events.js";
import type { Metadata } from "./protocol.js";
import type { Requests } from "./requests.js";

/** Whether we are in a room or only look on, and making the server's view of that what it should be. */
export abstract class Attendance {
  readonly id: string;
  readonly _wire: Requests;
  /** Whoever mounts and unmounts within one turn is seen by nobody. */
  readonly _syncSoon = soon(() => this._sync());
  readonly #shares = new Set<object>();
  #metadata: Metadata | undefined;
  #isListed: boolean | undefined;
  #isMember = false;
  #isConfirmed = false;
  #isWatcher = false;
  _error: PresenceError | null = null;

  constructor(id: string, wire: Requests) {
    this.id = id;
    this._wire = wire;
  }

  /** Whether the server let this connection in. */
  get _isJoined(): boolean {
    return this.#isMember && this.#isConfirmed;
  }

  get _isWanted(): boolean {
    return this.#shares.size > 0 || this._isWatched();
  }

  /** Leaves whoever holds a share. It wins over every earlier `join`, until the next one. */
  leave(): void {
    this.#shares.clear();
    this._syncSoon();
  }

  /**
   * Changes what members see of us here: an update, never a leave and a join. Without a connection it goes along with the next `join`.
   *
   * @throws {PresenceError} `forbidden` when not in the room.
   */
  async update(metadata: Metadata): Promise<void> {
    this.#metadata = metadata;
    if (this.#isMember || !this.#shares.size) {
      await this._wire._request("update_member", { roomId: this.id, metadata });
    }
  }

  _share(metadata: Metadata | undefined, listed: boolean | undefined): { leave(): void; readonly active: boolean } {
    const share = {};
    this.#shares.add(share);
    this.#isListed = listed ?? this.#isListed;
    if (this._error) {
      this._lose(); // another try
    }

    if (metadata && JSON.stringify(metadata) !== JSON.stringify(this.#metadata)) {
      this.#metadata = metadata;
      this.#isMember && this._wire._tell("update_member", { roomId: this.id, metadata });
    }

    this._syncSoon();
    const shares = this.#shares;
    return {
      leave: () => {
        shares.delete(share);
        this._syncSoon();
      },
      get active() {
        return shares.has(share);
      },
    };
  }

  /** The connection is gone, and with it what it had asked for. */
  _lose(): void {
    this.#isMember = this.#isWatcher = this.#isConfirmed = false;
    this._error = null;
  }

  /** A snapshot came in. */
  _arrive(): void {
    this.#isConfirmed = this.#isMember;
  }

  /** The server took us out, or off the watch: asked again by the next `join` or connection. One that it had not let in yet stays. */
  _out(): void {
    if (this.#isConfirmed || this.#isWatcher) {
      this.#shares.clear();
      this._lose();
      this.#isWatcher = this._isWatched(); // as if asked for, so that it is not
      this._refuse(failure("forbidden", "Taken out"));
    }
  }

  /** The server does not want us here. */
  _refuse(error: PresenceError | null): void {
    if (error) {
      this._error = error;
      this.#isConfirmed = false;
      this._onChange();
    }
  }

  /** Leaving goes before coming: each coming brings a snapshot, so nothing is missed between. */
  _sync(): void {
    const isMember = this.#shares.size > 0;
    const isWatcher = !isMember && this._isWatched();
    if (this._wire._isOpen) {
      const room = { roomId: this.id };
      const again = () => {
        this._lose();
        this._sync();
      };
      if (this.#isMember && !isMember) {
        this._wire._tell("leave", room);
      }

      if (this.#isWatcher && !isWatcher) {
        this._wire._tell("unwatch_room", room);
      }

      const done = (error: PresenceError | null) => this._refuse(error);
      if (isMember && !this.#isMember) {
        this._wire._need("join", { ...room, metadata: this.#metadata, listed: this.#isListed }, again, done);
      } else if (isWatcher && !this.#isWatcher) {
        this._wire._need("watch_room", { ...room, mode: "members" }, again, done);
      }

      this.#isMember = isMember;
      this.#isWatcher = isWatcher;
      this.#isConfirmed &&= isMember;
    }

    if (!isMember) {
      this.#metadata = undefined;
    }

    this._onChange();
  }

  /** Whether somebody here listens to the room. */
  abstract _isWatched(): boolean;
  abstract _onChange(): void;
}
