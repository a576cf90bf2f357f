// A server that a test plays by hand, or lets answer by itself, on sockets that exist only in memory.
import assert from "node:assert/strict";
import { createPresence } from "@presence/client";
import { Clock, settle } from "./clock.mjs";
import { wrongFromClient, wrongFromServer } from "./frames.mjs";

class FakeSocket {
  sent = [];
  closedWith = null;

  constructor(server, url, protocols) {
    Object.assign(this, { server, url, protocols });
    server.sockets.push(this);
  }

  send(text) {
    const message = JSON.parse(text);
    wrongFromClient(message).forEach((problem) => this.server.wrong.add(problem));
    this.sent.push(message);
    this.server.received(this, message);
  }

  close(code) {
    this.closedWith = code ?? 1005;
  }

  open() {
    this.onopen?.({});
  }

  say(message) {
    wrongFromServer(message).forEach((problem) => this.server.wrong.add(problem));
    this.sayText(JSON.stringify(message));
  }

  /** Raw text, for what is no message of the protocol. */
  sayText(data) {
    this.onmessage?.({ data });
  }

  drop(code = 1006, reason = "") {
    this.onclose?.({ code, reason });
  }

  /** The messages of one type. */
  of(type) {
    return this.sent.filter((message) => message.type === type);
  }

  last(type) {
    return this.of(type).at(-1);
  }
}

const iso = (ms) => new Date(ms).toISOString();

export class FakeServer {
  clock = new Clock();
  sockets = [];
  people = new Map();
  rooms = new Map();
  lobby = new Map();
  /** Types that get no answer. */
  mute = new Set();
  /** Errors by type, each used once. */
  errors = new Map();
  tokens = 0;
  /** What either side said against src/protocol.ts. */
  wrong = new Set();
  #clients = [];

  constructor() {
    this.clock.install();
  }

  get socket() {
    return this.sockets.at(-1);
  }

  end() {
    this.#clients.forEach((client) => client.disconnect());
    this.clock.uninstall();
  }

  /** What a client takes for `WebSocket`. */
  get Socket() {
    const server = this;
    return class Socket extends FakeSocket {
      constructor(url, protocols) {
        super(server, url, protocols);
      }
    };
  }

  /** A client on this server, connected unless the test wants to do that. */
  async client(options = {}, { accept = true } = {}) {
    const presence = createPresence({
      url: "ws://presence.test/ws",
      user: "me",
      getToken: () => `token-${++this.tokens}`,
      WebSocket: this.Socket,
      ...options,
    });
    this.#clients.push(presence);
    if (accept) {
      await this.accept();
    }

    return presence;
  }

  /** Lets the newest socket in. */
  async accept() {
    await settle();
    this.socket.open();
    await settle();
  }

  say(message) {
    this.socket.say(message);
  }

  /** The next attempt to connect comes, and succeeds. */
  async comeBack(ms = 31_000) {
    const before = this.sockets.length;
    while (this.sockets.length === before && ms > 0) {
      await this.clock.pass(100);
      ms -= 100;
    }

    await this.accept();
  }

  presence(userId, status = "online", version = 1) {
    return { userId, status, lastSeen: iso(this.clock.now), version };
  }

  member(userId, status = "online", metadata = undefined) {
    return { userId, status, joinedAt: iso(this.clock.now), ...(metadata && { metadata }) };
  }

  received(socket, message) {
    const { id, type } = message;
    const error = this.errors.get(type)?.shift();
    const reply = error ? { type: "error", retryable: false, ...error } : this.#answer(message);
    if (reply && !this.mute.has(type)) {
      queueMicrotask(() => socket.say(id === undefined ? reply : { ...reply, id }));
    }
  }

  fail(type, ...errors) {
    this.errors.set(type, errors);
  }

  #answer(message) {
    const { type, roomId, userIds } = message;
    switch (type) {
      case "authenticate":
        return this.#welcome(message);
      case "subscribe":
        return { type: "presence_list", presences: this.#list(userIds, message.known ?? {}) };
      case "get_presence":
        return { type: "presence_list", presences: this.#list(userIds, {}) };
      case "join":
      case "watch_room":
      case "get_room":
        return { type: "room_state", roomId, version: 1, count: 0, members: [], ...this.rooms.get(roomId) };
      case "subscribe_lobby":
        return { type: "lobby_state", online: this.lobby.size, ...(message.mode === "users" && { users: [...this.lobby.values()] }) };
      default:
        return REPLIES[type] ? { type: REPLIES[type], ...(roomId && { roomId }), ...this.#echo(message) } : { type: "ok" };
    }
  }

  #echo({ type, status, userIds }) {
    const extra = {
      set_status: { status, shown: status },
      unsubscribe: { userIds },
      heartbeat: { timestamp: iso(this.clock.now) },
      refresh_token: { expiresAt: null },
      set_contacts: { count: userIds?.length },
      block: { count: userIds?.length },
    };
    return extra[type];
  }

  #list(userIds, known) {
    return userIds
      .map((id) => this.people.get(id) ?? { userId: id, status: "offline", lastSeen: null, version: 0 })
      .filter((presence) => presence.version !== known[presence.userId]);
  }

  #welcome({ userId, device }) {
    const devices = [{ id: device.id, type: device.type, status: "online", connectedAt: iso(this.clock.now) }];
    return {
      type: "authenticated",
      userId,
      presence: { ...this.presence(userId), connectionCount: 1, devices, ...this.people.get(userId) },
      connectionId: `connection-${this.sockets.length}`,
      deviceId: device.id,
      heartbeatInterval: 20_000,
      heartbeatTimeout: 45_000,
      serverTime: iso(this.clock.now),
    };
  }
}

const REPLIES = {
  set_status: "status_updated",
  heartbeat: "heartbeat_ack",
  unsubscribe: "unsubscribed",
  refresh_token: "token_refreshed",
  leave: "left",
  unwatch_room: "unwatched",
  update_member: "member_updated",
  unsubscribe_lobby: "lobby_unsubscribed",
  set_custom_status: "custom_status_updated",
  set_activity: "activity_updated",
  set_metadata: "metadata_updated",
  set_contacts: "contacts_updated",
  block: "blocked_updated",
};

/** Runs a test with a server of its own. */
export const withServer = (run) => async () => {
  const server = new FakeServer();
  try {
    await run(server, server.clock);
  } finally {
    server.end();
  }

  assert.deepEqual([...server.wrong], []);
};
