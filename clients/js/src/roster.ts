import type { Member, ServerMessages } from "./protocol.js";

type State = ServerMessages["room_state"];
type Update = ServerMessages["room_update"];

const MAX_HELD = 100;

/** The members of one room, rebuilt from snapshots and numbered updates that may come in any order. */
export class Roster {
  readonly _members = new Map<string, Member>();
  version = -1; // before the first snapshot
  count = 0;
  truncated = false;
  #held: Update[] = [];

  /** @returns Whether an update is missing, so that the room must be asked for anew. */
  _reset(state: State): boolean {
    this._members.clear();
    this.#put(state.members);
    this.#number(state);
    const held = this.#held.sort((a, b) => a.version - b.version);
    this.#held = [];
    const results = held.map((update) => this._apply(update));
    this.#held = []; // what still does not fit is asked for once more, not kept for ever
    return results.includes("gap");
  }

  _apply(update: Update): "applied" | "old" | "gap" {
    if (this.version < 0) {
      return this.#hold(update);
    }

    if (update.version <= this.version) {
      return "old";
    }

    // A sampled room counts only: nothing in it builds on the update before.
    if (!update.truncated && (this.truncated || update.version !== this.version + 1)) {
      return this.#hold(update);
    }

    if (update.members) {
      this._members.clear();
      this.#put(update.members);
    }

    update.left?.forEach((id) => this._members.delete(id));
    this.#put(update.joined);
    this.#put(update.updated);
    this.#number(update);
    return "applied";
  }

  _clear(): void {
    this._members.clear();
    this.#held = [];
    this.version = -1;
    this.count = 0;
    this.truncated = false;
  }

  /** Updates of another connection build on what this one never saw. */
  _forgetHeld(): void {
    this.#held = [];
  }

  #hold(update: Update): "gap" {
    this.#held.length < MAX_HELD && this.#held.push(update);
    return "gap";
  }

  #put(members: Member[] | undefined): void {
    members?.forEach((member) => this._members.set(member.userId, member));
  }

  #number(news: State | Update): void {
    this.version = news.version;
    this.count = news.count;
    this.truncated = news.truncated ?? false;
  }
}
