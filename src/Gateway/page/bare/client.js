// A client of the protocol for browsers, in the shape of clients/js as far as these pages use it: what there is where Node could not bundle
// that one. It comes back by itself, follows people, joins rooms and repairs gaps; it looks after no tokens, and notices no idling and no
// line that died without a word.

import { Listeners } from './listeners.js';
import { Room } from './room.js';

const left = 1000;
const final = 4500;
const longestMs = 8_000;

export { lastSeenText } from './listeners.js';

export const createPresence = options => new Client(options);

class Client {
  state = { name: 'connecting', retryAt: null, closeCode: null };
  #options;
  #socket = null;
  #waiting = new Map();
  #lastId = 0;
  #attempt = 0;
  #retry = 0;
  #hintMs = null;
  #skewMs = 0;
  #people = new Map();
  #watched = new Map();
  #rooms = new Map();
  #listeners = { state: new Listeners(), presence: new Listeners(), error: new Listeners() };

  constructor(options) {
    this.#options = options;
    addEventListener('online', () => this.state.retryAt !== null && this.#open());
    queueMicrotask(() => this.#open());
  }

  get userId() {
    return this.#options.user;
  }

  get me() {
    return this.#people.get(this.userId);
  }

  get = userId => this.#people.get(userId);

  now = () => Date.now() + this.#skewMs;

  on(event, listener) {
    return this.#listeners[event].add(listener);
  }

  setStatus = status => this.request('set_status', { status, scope: status === 'away' ? 'user' : undefined });

  setActivity = (activity, expiresIn) => this.request('set_activity', { activity, expiresIn });

  watch(userId) {
    const count = this.#watched.get(userId) ?? 0;
    this.#watched.set(userId, count + 1);
    if (count === 0) {
      this.#subscribe([userId]);
    }

    return () => {
      this.#watched.set(userId, this.#watched.get(userId) - 1);
      if (this.#watched.get(userId) === 0) {
        this.#watched.delete(userId);
        this.tell('unsubscribe', { userIds: [userId] });
      }
    };
  }

  room(id) {
    if (!this.#rooms.has(id)) {
      this.#rooms.set(id, new Room(id, this));
    }

    return this.#rooms.get(id);
  }

  /** Resolves with the direct reply. Fails at once without a connection, and with its end. */
  request(type, fields) {
    return new Promise((resolve, reject) => {
      if (this.state.name !== 'connected') {
        reject(problem('closed', 'There is no connection'));
        return;
      }

      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ type, id, ...fields }));
    });
  }

  /** Asks for what must be so while there is a connection; a refusal is an event, the end of the connection is none. */
  tell(type, fields) {
    return this.request(type, fields).catch(error => {
      if (error.code !== 'closed') {
        this.#listeners.error.emit(error);
      }
    });
  }

  #open() {
    clearTimeout(this.#retry);
    this.#show({ name: this.#attempt === 0 ? 'connecting' : 'reconnecting' });
    const { url, WebSocket = globalThis.WebSocket, user, device, getToken } = this.#options;
    const address = new URL(url, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address.href, ['presence.v1.json']);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: 'authenticate', userId: user, token: getToken(), device }));
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
  }

  #closed(closeCode) {
    this.#waiting.forEach(({ reject }) => reject(problem('closed', 'The connection ended')));
    this.#waiting.clear();
    if (closeCode >= final || closeCode === left) {
      this.#show({ name: 'closed', closeCode });
    } else {
      const delay = this.#hintMs ?? Math.random() * Math.min(longestMs, 1_000 * 2 ** this.#attempt);
      this.#attempt++;
      this.#retry = setTimeout(() => this.#open(), delay);
      this.#show({ name: 'reconnecting', retryAt: Date.now() + delay, closeCode });
    }

    this.#mark(true);
    this.#rooms.forEach(room => room.closed());
  }

  #show({ name, retryAt = null, closeCode = null }) {
    this.state = { name, retryAt, closeCode };
    this.#listeners.state.emit(this.state);
  }

  #take(message) {
    switch (message.type) {
      case 'authenticated':
        this.#welcomed(message);
        break;
      case 'reconnect':
        this.#hintMs = message.after;
        break;
      case 'presence_update':
        this.#learn(message.presence, false);
        break;
      case 'presence_list':
        message.presences.forEach(presence => this.#learn(presence, true));
        break;
      case 'stale':
      case 'fresh':
        this.#mark(message.type === 'stale', message.userIds);
        break;
      case 'room_state':
      case 'room_update':
      case 'typing':
        this.#rooms.get(message.roomId)?.take(message);
        break;
    }

    this.#settle(message);
  }

  #settle(message) {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type !== 'error') {
      waiting?.resolve(message);
    } else if (waiting) {
      waiting.reject(problem(message.code, message.message));
    } else {
      this.#listeners.error.emit(problem(message.code, message.message));
    }
  }

  #welcomed({ presence, serverTime }) {
    [this.#attempt, this.#hintMs] = [0, null];
    this.#skewMs = Date.parse(serverTime) - Date.now();
    this.#show({ name: 'connected' });
    this.#learn(presence, true);
    this.#subscribe([...this.#watched.keys()]);
    this.#rooms.forEach(room => room.opened());
  }

  #subscribe(userIds) {
    if (userIds.length > 0) {
      this.tell('subscribe', { userIds });
    }
  }

  /** A list is the truth of its moment; an update must be newer than what is held. */
  #learn(presence, isList) {
    const held = this.#people.get(presence.userId);
    if (!held || isList || presence.version > held.version) {
      this.#people.set(presence.userId, { ...presence, stale: false });
      this.#listeners.presence.emit(this.#people.get(presence.userId));
    }
  }

  #mark(stale, userIds = [...this.#people.keys()]) {
    for (const id of userIds.filter(known => this.#people.has(known))) {
      this.#people.set(id, { ...this.#people.get(id), stale });
      this.#listeners.presence.emit(this.#people.get(id));
    }
  }
}

const problem = (code, message) => Object.assign(new Error(message), { code });
