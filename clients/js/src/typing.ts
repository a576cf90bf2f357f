import { Listeners } from "./events.js";
import type { Requests } from "./requests.js";

const REPEAT_MS = 2_000; // below the server's TypingExpiry of 3 s, so that it never ends between two keys
const PAUSE_MS = 3_000;

/** Who types in one room, and what we tell of our own typing. */
export class Typing {
  readonly _listeners = new Listeners<readonly string[]>();
  readonly #roomId: string;
  readonly #wire: Requests;
  _users: readonly string[] = [];
  #lastSent = -Infinity;
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(roomId: string, wire: Requests) {
    this.#roomId = roomId;
    this.#wire = wire;
  }

  _set(userId: string, isTyping: boolean): void {
    if (this._users.includes(userId) !== isTyping) {
      this._users = isTyping ? [...this._users, userId] : this._users.filter((id) => id !== userId);
      this._listeners._emit(this._users);
    }
  }

  _type(): void {
    const now = Date.now();
    if (now - this.#lastSent >= REPEAT_MS) {
      this.#lastSent = now;
      this.#wire._tell("typing_start", { roomId: this.#roomId });
    }

    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => this._stop(), PAUSE_MS);
  }

  _stop(): void {
    clearTimeout(this.#pauseTimer);
    if (this.#lastSent > 0) {
      this.#lastSent = -Infinity;
      this.#wire._tell("typing_stop", { roomId: this.#roomId });
    }
  }

  /** Out of the room, or out of touch: nobody types, neither do we. */
  _clear(): void {
    clearTimeout(this.#pauseTimer);
    this.#lastSent = -Infinity;
    if (this._users.length) {
      this._users = [];
      this._listeners._emit(this._users);
    }
  }
}
