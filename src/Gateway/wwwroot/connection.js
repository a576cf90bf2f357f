// A small client of the presence protocol: one socket that authenticates, sends, beats and comes back by itself.

const firstDelay = 1_000;
const longestDelay = 30_000;
const replyTimeout = 10_000;
const unansweredBeats = 2;
const left = 1000; // left on purpose: the device is gone at once
const lost = 3000; // anything else counts as lost: the device has its grace period

/** Error of one request; `code` is the protocol's. */
export class PresenceError extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

export class Connection {
  #url;
  #hello;
  #onMessage;
  #onState;
  #socket = null;
  #pending = new Map();
  #lastId = 0;
  #attempts = 0;
  #hintMs = null;
  #retryTimer = 0;
  #beatTimer = 0;
  #unanswered = 0;

  /**
   * @param {string} url address of the WebSocket
   * @param {() => object} hello fields of the `authenticate` message
   * @param {{ onMessage: (message: object) => void, onState: (state: object) => void }} handlers
   */
  constructor(url, hello, { onMessage, onState }) {
    this.#url = url;
    this.#hello = hello;
    this.#onMessage = onMessage;
    this.#onState = onState;
  }

  open() {
    if (this.#socket) {
      return;
    }

    clearTimeout(this.#retryTimer);
    this.#onState({ name: 'connecting' });
    const socket = new WebSocket(this.#url, 'presence.v1.json');
    this.#socket = socket;
    const ifCurrent = handle => event => socket === this.#socket && handle(event);
    socket.addEventListener('open', ifCurrent(() => this.send({ type: 'authenticate', ...this.#hello() })));
    socket.addEventListener('message', ifCurrent(event => this.#receive(JSON.parse(event.data))));
    socket.addEventListener('close', ifCurrent(event => this.#closed(event.code)));
  }

  /** Leaves on purpose. */
  leave() {
    this.#drop(left);
    this.#onState({ name: 'left' });
  }

  /** Loses the connection as a bad network would, and stays away until `open`. */
  cut() {
    this.#drop(lost);
    this.#onState({ name: 'cut' });
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  /** Sends a message and resolves with its direct reply. */
  request(message) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) {
        reject(new PresenceError({ code: 'disconnected', message: 'Not connected' }));
        return;
      }

      const id = ++this.#lastId;
      const timer = setTimeout(() => this.#settle({ id, type: 'error', code: 'timeout', message: 'No reply in time' }), replyTimeout);
      this.#pending.set(id, { resolve, reject, timer });
      this.send({ ...message, id });
    });
  }

  #receive(message) {
    this.#unanswered = 0;
    if (message.type === 'authenticated') {
      this.#attempts = 0;
      this.#hintMs = null;
      this.#startBeating(message.heartbeatInterval);
      this.#onState({ name: 'connected' });
    } else if (message.type === 'reconnect') {
      this.#hintMs = message.after;
    }

    this.#onMessage(message);
    this.#settle(message);
  }

  #settle(message) {
    const waiting = this.#pending.get(message.id);
    if (waiting) {
      this.#pending.delete(message.id);
      clearTimeout(waiting.timer);
      if (message.type === 'error') {
        waiting.reject(new PresenceError(message));
      } else {
        waiting.resolve(message);
      }
    }
  }

  #startBeating(intervalMs) {
    clearInterval(this.#beatTimer);
    this.#beatTimer = setInterval(() => {
      // A dead line does not say so; the answers that stay away do. Counted, since a hidden tab's timers are slowed down.
      if (this.#unanswered === unansweredBeats) {
        this.#drop(lost);
        this.#closed(lost);
      } else {
        this.#unanswered++;
        this.send({ type: 'heartbeat' });
      }
    }, intervalMs);
  }

  #drop(code) {
    const socket = this.#socket;
    this.#forget();
    clearTimeout(this.#retryTimer);
    socket?.close(code);
  }

  #forget() {
    this.#socket = null;
    clearInterval(this.#beatTimer);
    for (const id of [...this.#pending.keys()]) {
      this.#settle({ id, type: 'error', code: 'disconnected', message: 'The connection was lost' });
    }
  }

  #closed(code) {
    this.#forget();
    if (code >= 4500) {
      this.#onState({ name: 'stopped', code });
      return;
    }

    const delayMs = this.#hintMs ?? Math.random() * Math.min(longestDelay, firstDelay * 2 ** this.#attempts);
    this.#hintMs = null;
    this.#attempts++;
    this.#onState({ name: 'waiting', delayMs, code });
    this.#retryTimer = setTimeout(() => this.open(), delayMs);
  }
}
