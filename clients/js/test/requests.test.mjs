import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { withServer } from "./support/server.mjs";

test("request: every message of the protocol, answered by id", withServer(async (server) => {
  const presence = await server.client();
  const [one, two] = [presence.request("set_contacts", { userIds: ["ada"] }), presence.request("block", { userIds: ["bob"] })];
  await Promise.all([one, two]);

  const ids = [server.socket.last("set_contacts").id, server.socket.last("block").id];
  assert.equal(new Set(ids).size, 2);
}));

test("request without a connection: sent when there is one, after the rooms are joined again", withServer(async (server) => {
  const presence = await server.client();
  presence.room("lobby").join();
  await settle();
  server.socket.drop();
  const set = presence.setStatus("dnd");
  await server.comeBack();
  await set;

  assert.deepEqual(server.socket.sent.map(({ type }) => type), ["authenticate", "join", "set_status"]);
}));

test("request without an answer: a timeout after 10 s", withServer(async (server, clock) => {
  const presence = await server.client();
  server.mute.add("get_presence");
  const lost = assert.rejects(presence.query(["ada"]), { code: "timeout", retryable: true });
  await clock.pass(10_000);
  await lost;
}));

test("request on a connection that ends: closed, since nobody knows whether it took effect", withServer(async (server) => {
  const presence = await server.client();
  server.mute.add("set_status");
  const lost = assert.rejects(presence.setStatus("dnd"), { code: "closed", retryable: true });
  await settle();
  server.socket.drop();
  await lost;
  await server.comeBack();
  assert.equal(server.socket.of("set_status").length, 0, "not sent twice");
}));

test("final close: what still waits ends", withServer(async (server) => {
  const presence = await server.client({}, { accept: false });
  const lost = assert.rejects(presence.setStatus("dnd"), { code: "closed" });
  presence.disconnect();
  await lost;
}));

test("token: fresh for every connection, and refreshed before it expires", withServer(async (server) => {
  const asked = [];
  await server.client({ getToken: (request) => `t${asked.push(request.refresh)}` });
  server.say({ type: "token_expiring", expiresAt: "2026-01-01T12:00:30Z" });
  await settle();
  assert.equal(server.socket.last("refresh_token").token, "t2");
  assert.deepEqual(asked, [false, true]);
}));

test("token: after 4040 comes back with another one, asked for as such", withServer(async (server) => {
  const asked = [];
  const presence = await server.client({ getToken: async ({ refresh }) => `t${asked.push(refresh)}` });
  server.socket.drop(4040);
  await server.comeBack();
  assert.equal(presence.state.name, "connected");
  assert.equal(server.socket.sent[0].token, "t2");

  server.socket.drop();
  await server.comeBack();
  assert.deepEqual(asked, [false, true, false]);
}));

test("token: one that cannot be had is an event, and asked for again", withServer(async (server) => {
  let isDown = true;
  const errors = [];
  const presence = await server.client(
    {
      autoConnect: false,
      getToken: () => {
        if (isDown) {
          throw new Error("the token service is down");
        }

        return "good";
      },
    },
    { accept: false },
  );
  presence.on("error", ({ code, message }) => errors.push([code, message]));
  presence.connect();
  await settle();
  assert.deepEqual(errors, [["token", "Error: the token service is down"]]);
  assert.equal(presence.state.name, "reconnecting");

  isDown = false;
  await server.comeBack();
  assert.equal(presence.state.name, "connected");
}));

test("token: one that never comes is given up, and asked for again", withServer(async (server, clock) => {
  let asked = 0;
  const presence = await server.client({ getToken: () => (++asked === 1 ? new Promise(() => {}) : "good") }, { accept: false });
  await clock.pass(20_000);
  assert.equal(presence.state.name, "reconnecting");
  await server.comeBack();
  assert.equal(presence.state.name, "connected");
}));

test("token: a refresh that fails is an event, and the connection goes on", withServer(async (server) => {
  let asked = 0;
  const errors = [];
  const presence = await server.client({ getToken: () => (++asked > 1 ? Promise.reject(new Error("down")) : "good") });
  presence.on("error", ({ code }) => errors.push(code));
  server.say({ type: "token_expiring", expiresAt: "2026-01-01T12:00:30Z" });
  await settle();

  assert.deepEqual(errors, ["token"]);
  assert.equal(presence.state.name, "connected");
}));

test("complaint: frames arrive and listeners do not fire: what is unknown or undelivered is counted for the support ticket", withServer(async (server) => {
  const presence = await server.client();
  const errors = [];
  presence.on("error", ({ code }) => errors.push(code));
  for (const type of ["confetti", "confetti", "__proto__"]) {
    server.socket.sayText(JSON.stringify({ type, amount: 3 }));
  }

  server.say({ type: "room_update", roomId: "nobody asked", version: 1, count: 0 });
  server.say({ type: "ok", id: 999 });
  server.say({ type: "reconnect", after: 10 });
  server.say({ type: "heartbeat_ack", timestamp: "2026-01-01T12:00:00Z" });
  for (const text of ["no json", "null", "[]", "7", "{}", '{"type":7}']) {
    server.socket.sayText(text);
  }

  server.say({ type: "error", code: "internal", message: "Internal error 1", retryable: true });
  const { unknown, undelivered, malformed, received, lastError, state, connectionId, deviceId, pending } = presence.debug();
  assert.deepEqual([...unknown], [["confetti", 2], ["__proto__", 1]]);
  assert.deepEqual({ undelivered, malformed, received, pending }, { undelivered: 2, malformed: 6, received: 9, pending: 0 });
  assert.deepEqual([lastError.code, state.name, connectionId, deviceId.length], ["internal", "connected", "connection-1", 24]);
  assert.deepEqual(errors, ["internal"]);
}));

test("the server's clock: times are told by it", withServer(async (server, clock) => {
  const presence = await server.client({}, { accept: false });
  await settle();
  server.mute.add("authenticate");
  server.socket.open();
  server.say({ ...welcome(server), serverTime: new Date(clock.now + 90_000).toISOString() });
  assert.equal(presence.now() - clock.now, 90_000);
}));

const welcome = (server) => ({
  type: "authenticated",
  userId: "me",
  presence: server.presence("me"),
  connectionId: "c",
  deviceId: "d",
  heartbeatInterval: 20_000,
  heartbeatTimeout: 45_000,
});

test("lobby: everybody who is online, followed", withServer(async (server) => {
  const presence = await server.client();
  server.lobby.set("ada", server.presence("ada"));
  const seen = [];
  const stop = presence.lobby.subscribe(({ online, users, stale }) => seen.push([online, users.map(({ userId }) => userId).join(), stale]));
  await settle();
  server.say({ type: "lobby_update", online: 2, joined: [server.presence("__proto__")] });
  server.say({ type: "lobby_update", online: 1, left: ["ada"] });
  server.socket.drop();
  await server.comeBack();
  stop();
  await settle();

  assert.deepEqual(seen, [[1, "ada", false], [2, "ada,__proto__", false], [1, "__proto__", false], [1, "__proto__", true], [1, "ada", false]]);
  assert.equal(server.socket.of("unsubscribe_lobby").length, 1);
}));

test("lobby: only the count, unless somebody wants the list", withServer(async (server) => {
  const presence = await server.client();
  presence.lobby.subscribe(() => {}, "count");
  await settle();
  const stop = presence.lobby.subscribe(() => {});
  await settle();
  stop();
  await settle();

  assert.deepEqual(server.socket.of("subscribe_lobby").map(({ mode }) => mode), ["count", "users", "count"]);
}));
