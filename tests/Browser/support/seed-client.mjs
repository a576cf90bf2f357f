// The seed's client, unmodified, with its surroundings given to it: WebSocket, console and timers.

import { WebSocket as BrowserLikeWebSocket } from 'ws';
import { clientSource } from './seed.mjs';
import { until } from './wait.mjs';

/**
 * Node 20 has a WebSocket (with a flag), but it fires no `close` when a connection is refused, as browsers do and as the client's
 * reconnecting needs. Where the server goes away, the one of the package ws stands in.
 */
export const nodeWebSocket = globalThis.WebSocket;
export const browserLikeWebSocket = BrowserLikeWebSocket;

const quiet = { log() {}, error() {} };

function load(WebSocket, sockets) {
  class Recorded extends WebSocket {
    constructor(...parameters) {
      super(...parameters);
      this.heard = [];
      this.addEventListener('message', event => this.heard.push(JSON.parse(event.data)));
      sockets.push(this);
    }
  }

  const module = { exports: {} };
  new Function('module', 'WebSocket', 'console', clientSource())(module, Recorded, quiet);
  return module.exports;
}

/** One running client and everything it was told. */
export class SeedUser {
  presences = new Map();
  updates = [];
  errors = [];
  sockets = [];

  constructor(server, options = {}, WebSocket = nodeWebSocket) {
    const PresenceClient = load(WebSocket, this.sockets);
    this.client = new PresenceClient(server.url, { reconnectInterval: 200, maxReconnectAttempts: 1_000, ...options });
    this.client.onPresenceUpdate = presence => {
      this.presences.set(presence.userId, presence);
      this.updates.push(presence);
    };
    this.client.onError = error => this.errors.push(error.message ?? 'socket error');
  }

  async connect(userId) {
    this.userId = userId;
    this.own = await this.client.connect(userId, 'a-token');
    return this;
  }

  /** Waits until this client shows somebody with this status. */
  sees(userId, status, withinMs) {
    return until(`${this.userId} sees ${userId} ${status}`, () => this.presences.get(userId), seen => seen?.status === status, withinMs);
  }

  /** Forgets what was shown so far. */
  forget() {
    this.presences.clear();
    this.updates.length = 0;
  }

  /** Every status that was shown of somebody, in order. */
  seenOf(userId) {
    return this.updates.filter(presence => presence.userId === userId).map(presence => presence.status);
  }

  /** Everything of one type that the server said. */
  heard(type) {
    return this.sockets.flatMap(socket => socket.heard).filter(message => message.type === type);
  }

  /** Leaves for good: without a user id the client does not come back, as it does by itself after `disconnect`. */
  leave() {
    this.client.userId = null;
    this.client.disconnect();
  }
}
