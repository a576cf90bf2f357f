import { checkId } from "./errors.js";
import { Listeners, soon } from "./events.js";
import type { Presence } from "./protocol.js";
import type { Requests } from "./requests.js";

const MAX_IDS = 80;
const LINGER_MS = 1_000;

/** What is known of a user. */
export interface UserPresence extends Presence {
  /** The connection, or the server's own view, is blind at the moment: this was true when it was last seen. */
  readonly stale: boolean;
}

interface Entry {
  _count: number;
  _presence?: UserPresence;
  readonly _listeners: Listeners<UserPresence>;
  /** Whether this connection subscribes, or is about to. */
  _isAsked: boolean;
  /** When an update came last, as a count of messages. */
  _touched: number;
}

/** The people that somebody here watches, each counted, with the last that was known of each. */
export class People {
  readonly #entries = new Map<string, Entry>();
  readonly #me: string;
  readonly #wire: Requests;
  readonly _changes = new Listeners<UserPresence>();
  /** Components that mount together are one message. */
  readonly #flushSoon = soon(() => this.#flush());
  #ticks = 0;
  #isBlind = false;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(me: string, wire: Requests) {
    this.#me = me;
    this.#wire = wire;
    this.#entry(me)._count = 1; // one's own updates come without a subscription
  }

  get _size(): number {
    return this.#entries.size;
  }

  _get(userId: string): UserPresence | undefined {
    return this.#entries.get(userId)?._presence;
  }

  _watch(userIds: Iterable<string>, listener: ((presence: UserPresence) => void) | undefined): () => void {
    const ids = [...new Set(userIds)].map(checkId);
    const stops = ids.map((id) => {
      const entry = this.#entry(id);
      entry._count++;
      const stop = listener && entry._listeners._add(listener);
      return () => {
        entry._count--;
        stop?.();
      };
    });
    this.#flushSoon();
    return () => {
      stops.splice(0).forEach((stop) => stop());
      // After a moment, so that a list that is scrolled or mounted again does not ask twice.
      this.#lingerTimer ??= setTimeout(() => this.#letGo(), LINGER_MS);
    };
  }

  /** A new connection: whatever is watched is asked for again, with the versions that are known. */
  _opened(me: Presence): void {
    this.#isBlind = false;
    this.#show(me.userId, me, false);
    this.#flush();
  }

  /** The connection is gone: what was known stays, marked. */
  _closed(): void {
    for (const [id, entry] of this.#entries) {
      entry._isAsked = id === this.#me;
    }

    this._mark(true);
  }

  /** An update; one that is not newer than what is held _changes nothing. */
  _update(presence: Presence): void {
    const entry = this.#entries.get(presence.userId);
    if (entry && (!entry._presence || presence.version > entry._presence.version)) {
      entry._touched = ++this.#ticks;
      this.#show(presence.userId, presence, false);
    }
  }

  _mark(stale: boolean, userIds?: string[]): void {
    if (!userIds) {
      this.#isBlind = stale;
    }

    for (const id of userIds ?? [...this.#entries.keys()]) {
      const held = this._get(id);
      if (held && held.stale !== stale) {
        this.#show(id, held, stale);
      }
    }
  }

  #entry(id: string): Entry {
    let entry = this.#entries.get(id);
    if (!entry) {
      entry = { _count: 0, _listeners: new Listeners(), _isAsked: id === this.#me, _touched: 0 };
      this.#entries.set(id, entry);
    }

    return entry;
  }

  #show(id: string, presence: Presence, stale: boolean): void {
    const entry = this.#entries.get(id);
    if (entry) {
      entry._presence = { ...presence, stale };
      entry._listeners._emit(entry._presence);
      this._changes._emit(entry._presence);
    }
  }

  #flush(): void {
    const ids = [...this.#entries].filter(([, entry]) => !entry._isAsked && entry._count > 0).map(([id]) => id);
    for (const part of this.#wire._isOpen ? parts(ids) : []) {
      this.#subscribe(part);
    }
  }

  #subscribe(ids: string[]): void {
    const held: [string, number][] = [];
    for (const id of ids) {
      const entry = this.#entry(id);
      entry._isAsked = true;
      if (entry._presence) {
        held.push([id, entry._presence.version]);
      }
    }

    const asked = this.#ticks;
    const again = (refused: string[] = []) => {
      ids.forEach((id) => this.#entries.has(id) && (this.#entry(id)._isAsked = refused.includes(id)));
      this.#flush();
    };
    this.#wire._need("subscribe", { userIds: ids, known: Object.fromEntries(held) }, again, (error, reply) => {
      if (reply) {
        this.#list(reply.presences, ids, asked);
      } else if (error!.userIds?.length) {
        again(error!.userIds); // the others, without those who were refused
      }
    });
  }

  /** A list is the truth of its moment, and who is not in it is as known; only an update that overtook it may know better. */
  #list(presences: Presence[], ids: string[], asked: number): void {
    const told = new Map(presences.map((presence) => [presence.userId, presence]));
    for (const id of ids) {
      const entry = this.#entries.get(id);
      const held = entry?._presence;
      const news = told.get(id) ?? held;
      if (news && !(held && entry._touched > asked && held.version > news.version)) {
        this.#show(id, news, this.#isBlind);
      }
    }
  }

  #letGo(): void {
    this.#lingerTimer = undefined;
    const asked: string[] = [];
    for (const [id, entry] of this.#entries) {
      if (!entry._count) {
        this.#entries.delete(id);
        entry._isAsked && asked.push(id);
      }
    }

    for (const userIds of parts(asked)) {
      this.#wire._tell("unsubscribe", { userIds });
    }
  }
}

/** As many ids as fit into one message of 64 KiB at their longest: three bytes a character, in `userIds` and in `known`. */
function parts(ids: string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, i) => ids.slice(i * MAX_IDS, (i + 1) * MAX_IDS));
}
