// One room: who is there, and whether this client takes part.

import { Listeners } from './listeners.js';

const repeatMs = 2_000;

export class Room {
  typing = [];
  view = { members: [], count: 0, truncated: false, stale: true, joined: false };
  #id;
  #client;
  #changes = new Listeners();
  #typing = new Listeners();
  #members = new Map();
  #version = -1;
  #isMember = false;
  #isWatched = false;
  #lastKey = 0;

  constructor(id, client) {
    this.#id = id;
    this.#client = client;
  }

  /** Takes part, from now on over every connection. */
  join() {
    this.#isMember = true;
    this.opened();
    return {
      room: this,
      subscribe: listener => this.subscribe(listener),
      update: metadata => this.#client.request('update_member', { roomId: this.#id, metadata }),
    };
  }

  subscribe(listener) {
    const stop = this.#changes.add(view => listener(view.members, view));
    if (!this.#isMember && !this.#isWatched) {
      this.#isWatched = true;
      this.opened();
    } else if (this.#version >= 0) {
      listener(this.view.members, this.view);
    }

    return stop;
  }

  onTyping(listener) {
    return this.#typing.add(listener);
  }

  type() {
    if (Date.now() - this.#lastKey >= repeatMs) {
      this.#lastKey = Date.now();
      this.#client.tell('typing_start', { roomId: this.#id });
    }
  }

  stopTyping() {
    this.#lastKey = 0;
    this.#client.tell('typing_stop', { roomId: this.#id });
  }

  /** There is a connection. */
  opened() {
    if (this.#isMember || this.#isWatched) {
      this.#client.tell(this.#isMember ? 'join' : 'watch_room', { roomId: this.#id });
    }
  }

  /** There is none any more: the last that was known stays. */
  closed() {
    this.#setTyping([]);
    this.#show({ stale: true, joined: false });
  }

  take(message) {
    if (message.type === 'typing') {
      const others = this.typing.filter(id => id !== message.userId);
      this.#setTyping(message.typing ? [...others, message.userId] : others);
    } else if (message.type === 'room_state') {
      this.#members = new Map((message.members ?? []).map(member => [member.userId, member]));
      this.#take(message);
    } else if (message.version === this.#version + 1) {
      message.members && (this.#members = new Map(message.members.map(member => [member.userId, member])));
      message.left?.forEach(id => this.#members.delete(id));
      [...message.joined ?? [], ...message.updated ?? []].forEach(member => this.#members.set(member.userId, member));
      this.#take(message);
    } else if (message.version > this.#version) {
      this.#client.tell('get_room', { roomId: this.#id });
    }
  }

  #take({ version, count, truncated = false }) {
    this.#version = version;
    this.#show({ count, truncated, stale: false, joined: this.#isMember });
  }

  #setTyping(users) {
    this.typing = users;
    this.#typing.emit(users);
  }

  #show(changed) {
    this.view = { ...this.view, ...changed, members: [...this.#members.values()] };
    this.#changes.emit(this.view);
  }
}
