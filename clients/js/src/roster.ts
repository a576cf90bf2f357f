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
  /** What came before what it builds on. */
  _held: Update[] = [];

  /** @returns Whether an update is missing, so that the room must be asked for anew. */
  _reset(state: State): boolean {
    this._members.clear();
    this.#take(state);
    const held = this._held.sort((a, b) => a.version - b.version);
    this._held = [];
    const results = held.map((update) => this._apply(update));
    this._held = []; // what still does not fit is asked for once more, not kept for ever
    return results.includes("gap");
  }

  _apply(update: Update): "applied" | "old" | "gap" {
    if (update.version <= this.version) {
      return "old";
    }

    // A sampled room counts only: nothing in it builds on the update before.
    if (this.version < 0 || (!update.truncated && (this.truncated || update.version !== this.version + 1))) {
      this._held.length < MAX_HELD && this._held.push(update);
      return "gap";
    }

    this.#take(update);
    return "applied";
  }

  #take({ members, left, joined, updated, version, count, truncated = false }: State & Partial<Update>): void {
    members && this._members.clear();
    left?.forEach((id) => this._members.delete(id));
    [members, joined, updated].forEach((list) => list?.forEach((member) => this._members.set(member.userId, member)));
    Object.assign(this, { version, count, truncated });
  }
}
