// The people of a room: found by its roster, followed by their presence, shown in rows.

import { PersonRow, deviceCounts } from './dots.js';
import { lastSeenText } from './client.js';

const mostRows = 40;
const goneMs = 60_000;

export class People {
  #presence;
  #room;
  #list;
  #rest;
  #kept;
  #onChange;
  #rows = new Map();
  #members = new Map();
  #count = 0;

  /**
   * @param presence the client
   * @param room the room, joined
   * @param {{ list: Element, rest: Element }} parts of the page
   * @param {string[]} kept who stays in the list however long they are gone
   * @param {(userId: string, before: string, now: string) => void} onChange hears of every status that becomes another
   */
  constructor(presence, room, { list, rest }, kept, onChange) {
    this.#presence = presence;
    this.#room = room;
    this.#list = list;
    this.#rest = rest;
    this.#kept = new Set(kept);
    this.#onChange = onChange;
    kept.forEach(id => this.#add(id));
    room.subscribe((members, view) => this.#take(members, view));
    room.onTyping(() => this.show());
    presence.on('presence', seen => this.#changed(seen));
    setInterval(() => this.show(), 1_000);
  }

  /** Who is there, oneself left out: what is shown of each. */
  get online() {
    return [...this.#rows.keys()].filter(id => this.statusOf(id) !== 'offline' && this.statusOf(id) !== 'unknown');
  }

  statusOf(userId) {
    return this.#presence.get(userId)?.status ?? this.#members.get(userId)?.status ?? 'unknown';
  }

  show() {
    const typing = new Set(this.#room.typing);
    for (const [id, { row }] of this.#rows) {
      row.show(this.#look(id, typing));
    }

    this.#forget();
    const more = this.#count - 1 - this.#rows.size;
    this.#rest.hidden = more <= 0;
    this.#rest.textContent = more > 0 ? `and ${more} more here` : '';
  }

  #look(id, typing) {
    const known = this.#presence.get(id);
    const status = this.statusOf(id);
    const isThere = status !== 'offline' && status !== 'unknown';
    return {
      status,
      stale: known?.stale ?? false,
      seen: isThere || !known?.lastSeen ? '' : `seen ${lastSeenText(known.lastSeen, { now: this.#presence.now(), locale: 'en' })}`,
      isTyping: typing.has(id),
      devices: isThere ? deviceCounts(this.#members.get(id)?.metadata?.devices) : new Map(),
    };
  }

  #take(members, { count }) {
    this.#count = count;
    this.#members = new Map(members.map(member => [member.userId, member]));
    for (const { userId } of members) {
      if (userId !== this.#presence.userId && this.#rows.size < mostRows) {
        this.#add(userId);
      }
    }

    this.show();
  }

  #add(id) {
    if (!this.#rows.has(id)) {
      const row = new PersonRow(id);
      this.#rows.set(id, { row, stop: this.#presence.watch(id), status: 'unknown', goneAt: 0 });
      this.#list.append(row.element);
    }
  }

  #changed({ userId, status }) {
    const entry = this.#rows.get(userId);
    if (entry && entry.status !== status) {
      const before = entry.status;
      entry.status = status;
      entry.goneAt = status === 'offline' ? performance.now() : 0;
      this.#onChange(userId, before, status);
    }

    this.show();
  }

  /** Strangers who left long ago make room. */
  #forget() {
    for (const [id, { row, stop, goneAt }] of this.#rows) {
      if (goneAt > 0 && performance.now() - goneAt > goneMs && !this.#kept.has(id) && !this.#members.has(id)) {
        stop();
        row.element.remove();
        this.#rows.delete(id);
      }
    }
  }
}
