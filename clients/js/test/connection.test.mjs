import assert from "node:assert/strict";
import test from "node:test";
import { createPresence } from "@presence/client";
import { settle } from "./support/clock.mjs";
import { onPage } from "./support/page.mjs";
import { withServer } from "./support/server.mjs";

test("connect: authenticates as user and device, offers the subprotocol, and shows itself", withServer(async (server) => {
  const presence = await server.client({ metadata: { name: "Ada" } });

  const { userId, token, device, features, metadata } = server.socket.sent[0];
  assert.deepEqual({ userId, token, features, metadata }, { userId: "me", token: "token-1", features: ["batch"], metadata: { name: "Ada" } });
  assert.match(device.id, /^[0-9a-f]{24}$/);
  assert.deepEqual(server.socket.protocols, ["presence.v1.json"]);
  assert.equal(presence.state.name, "connected");
  assert.equal(presence.me.status, "online");
}));

test("state: every step is an event, in order", withServer(async (server) => {
  const names = [];
  const presence = await server.client({ autoConnect: false }, { accept: false });
  presence.on("state", (state) => names.push(state.name));

  presence.connect();
  await server.accept();
  server.socket.drop();
  await server.comeBack();
  presence.disconnect();

  assert.deepEqual(names, ["connecting", "connected", "reconnecting", "reconnecting", "connected", "closed"]);
}));

test("options: a bad address, a bad user and a missing WebSocket are errors at once", () => {
  const options = { url: "ws://presence.test", user: "me", getToken: () => "t", autoConnect: false };
  assert.throws(() => createPresence({ ...options, WebSocket: class {}, url: "not an address" }), TypeError);
  assert.throws(() => createPresence({ ...options, WebSocket: class {}, user: "" }), { code: "invalid_request" });
  if (!globalThis.WebSocket) {
    assert.throws(() => createPresence(options), /WebSocket/);
  }
});

test("reconnect: the wait is a random part of a bound that doubles to 8 s, within the grace period, and is 30 s in the long run", withServer(async (server, clock) => {
  clock.random = 0.999999;
  const presence = await server.client();
  const waits = [];
  for (let i = 0; i < 12; i++) {
    server.socket.drop();
    waits.push(Math.round((presence.state.retryAt - clock.now) / 1000));
    await clock.pass(presence.state.retryAt - clock.now);
    await settle();
  }

  assert.deepEqual(waits, [1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 30, 30]);
}));

test("complaint: all clients reconnect together after a restart (full jitter from 0 to the bound)", withServer(async (server, clock) => {
  const presence = await server.client();
  for (const random of [0, 0.25, 0.75]) {
    clock.random = random;
    const life = server.sockets.length;
    server.socket.drop();
    assert.equal(presence.state.retryAt - clock.now, random * 1000 * 2 ** presence.state.attempt / 2);
    await server.comeBack();
    assert.equal(server.sockets.length, life + 1);
  }
}));

test("reconnect: connections that end at once do not make the wait small again", withServer(async (server, clock) => {
  clock.random = 0.999999;
  const presence = await server.client();
  const waits = [];
  for (let i = 0; i < 4; i++) {
    server.socket.drop();
    waits.push(Math.round((presence.state.retryAt - clock.now) / 1000));
    await server.comeBack();
  }

  assert.deepEqual(waits, [1, 2, 4, 8]);
}));

test("reconnect: after a connection that held, the wait begins small again", withServer(async (server, clock) => {
  clock.random = 0.999999;
  const presence = await server.client();
  for (let i = 0; i < 3; i++) {
    server.socket.drop();
    await server.comeBack();
  }

  await clock.pass(11_000);
  server.socket.drop();
  assert.equal(Math.round((presence.state.retryAt - clock.now) / 1000), 1);
}));

test("reconnect: never gives up below 4500, whatever the code", withServer(async (server) => {
  const presence = await server.client();
  for (const code of [1000, 1001, 1002, 1003, 1006, 1007, 1009, 1011, 1012, 1013, 4001, 4008, 4013, 4029, 4040, 4499]) {
    server.socket.drop(code);
    assert.equal(presence.state.name, "reconnecting", `after ${code}`);
    assert.equal(presence.state.closeCode, code);
    await server.comeBack();
    assert.equal(presence.state.name, "connected", `after ${code}`);
  }
}));

for (const code of [4500, 4501, 4503, 4509, 4510, 4999]) {
  test(`close ${code}: stops until the application connects again`, withServer(async (server, clock) => {
    const presence = await server.client();
    server.socket.drop(code, "why");

    await clock.pass(600_000);
    assert.equal(server.sockets.length, 1);
    assert.deepEqual([presence.state.name, presence.state.closeCode, presence.state.reason], ["closed", code, "why"]);

    presence.connect();
    await server.accept();
    assert.equal(presence.state.name, "connected");
  }));
}

test("disconnect: closes with 1000, the code of leaving on purpose, and stays away", withServer(async (server, clock) => {
  const presence = await server.client();
  presence.disconnect();
  server.socket.drop(1000);

  await clock.pass(600_000);
  assert.equal(server.socket.closedWith, 1000);
  assert.equal(server.sockets.length, 1);
  assert.equal(presence.state.name, "closed");
}));

test("disconnect while connecting: no connection comes of it", withServer(async (server, clock) => {
  let give;
  const presence = await server.client({ getToken: () => new Promise((resolve) => (give = resolve)) }, { accept: false });
  presence.disconnect();
  give("late");

  await clock.pass(60_000);
  assert.equal(server.sockets.length, 0);
  assert.equal(presence.state.name, "closed");
}));

test("drain: comes back when the server's hint says, not earlier and without more jitter", withServer(async (server, clock) => {
  const presence = await server.client();
  server.say({ type: "reconnect", after: 7340 });
  await clock.pass(40);
  server.socket.drop(1012);

  assert.equal(presence.state.retryAt - clock.now, 7300);
  await clock.pass(7299);
  assert.equal(server.sockets.length, 1);
  await clock.pass(1);
  assert.equal(server.sockets.length, 2);
}));

test("drain: an impatient user does not get in before the hint", withServer((server, clock) => onPage(async (page) => {
  await server.client();
  server.say({ type: "reconnect", after: 5000 });
  server.socket.drop(1012);

  page.fire("online");
  await settle();
  assert.equal(server.sockets.length, 1);
  await clock.pass(5000);
  assert.equal(server.sockets.length, 2);
})));

test("reconnect: the network is back, so is the client, without waiting for its timer", withServer((server, clock) => onPage(async (page) => {
  clock.random = 0.9;
  const presence = await server.client();
  server.socket.drop();
  page.fire("online");

  await server.accept();
  assert.equal(server.sockets.length, 2);
  assert.equal(presence.state.name, "connected");
})));

test("overload: the wait of an error holds for coming back", withServer(async (server, clock) => {
  const presence = await server.client();
  server.say({ type: "error", code: "rate_limited", message: "Too many messages", retryable: true, retryAfter: 9000 });
  server.socket.drop(4029);

  assert.equal(presence.state.retryAt - clock.now, 9500);
}));

test("authenticate refused for now: tries again after the wait that the server asks for", withServer(async (server, clock) => {
  server.fail("authenticate", { code: "unavailable", message: "Temporarily unavailable", retryable: true, retryAfter: 3000 });
  const presence = await server.client();
  assert.equal(presence.state.name, "reconnecting");
  assert.equal(presence.state.retryAt - clock.now, 3500);

  await server.comeBack();
  assert.equal(presence.state.name, "connected");
}));

test("a socket that never answers is given up after 20 s, and another is tried", withServer(async (server, clock) => {
  await server.client({}, { accept: false });
  await clock.pass(20_000);
  assert.equal(server.sockets[0].closedWith, 3000);
  await clock.pass(1000);
  assert.equal(server.sockets.length, 2);
}));

test("a late word of a connection that was given up changes nothing", withServer(async (server, clock) => {
  const presence = await server.client();
  const old = server.socket;
  const { onmessage, onclose } = old;
  old.drop();
  await server.comeBack();
  onmessage({ data: JSON.stringify({ type: "presence_update", presence: server.presence("me", "busy", 99) }) });
  onclose({ code: 4509, reason: "" });

  await clock.pass(10);
  assert.equal(presence.me.status, "online");
  assert.equal(presence.state.name, "connected");
}));
