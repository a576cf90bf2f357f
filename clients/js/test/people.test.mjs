import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { withServer } from "./support/server.mjs";

const status = (presence, id) => presence.get(id)?.status;

test("watch: a snapshot, then updates, to the listener and to everybody who listens", withServer(async (server) => {
  const presence = await server.client();
  server.people.set("ada", server.presence("ada", "busy", 4));
  const seen = [];
  const all = [];
  presence.on("presence", ({ userId, version }) => all.push([userId, version]));
  presence.watch("ada", (ada) => seen.push([ada.status, ada.version, ada.stale]));
  await settle();
  server.say({ type: "presence_update", presence: server.presence("ada", "online", 5) });

  assert.deepEqual(seen, [["busy", 4, false], ["online", 5, false]]);
  assert.deepEqual(all, [["ada", 4], ["ada", 5]]);
}));

test("update: one that is not newer changes nothing", withServer(async (server) => {
  const presence = await server.client();
  server.people.set("ada", server.presence("ada", "busy", 4));
  presence.watch("ada");
  await settle();
  for (const version of [1, 3, 4]) {
    server.say({ type: "presence_update", presence: server.presence("ada", "away", version) });
  }

  assert.equal(status(presence, "ada"), "busy");
}));

test("snapshot and update in any order: an update that overtakes the snapshot wins", withServer(async (server) => {
  const presence = await server.client();
  server.people.set("ada", server.presence("ada", "offline", 4));
  presence.watch("ada");
  await Promise.resolve();
  server.say({ type: "presence_update", presence: server.presence("ada", "online", 5) });
  await settle();

  assert.equal(status(presence, "ada"), "online");
}));

test("snapshot: is the truth of its moment, also with a lower version (hidden, or a server that began anew)", withServer(async (server) => {
  const presence = await server.client();
  server.people.set("ada", server.presence("ada", "busy", 7));
  presence.watch("ada");
  await settle();
  server.people.set("ada", { ...server.presence("ada", "offline", 0), lastSeen: null });
  server.socket.drop();
  await server.comeBack();

  assert.deepEqual([status(presence, "ada"), presence.get("ada").version], ["offline", 0]);
}));

test("presence_batch: the same as so many updates", withServer(async (server) => {
  const presence = await server.client();
  presence.watch(["ada", "bob"]);
  await settle();
  server.say({ type: "presence_batch", presences: [server.presence("ada", "busy", 2), server.presence("bob", "dnd", 3)] });

  assert.deepEqual([status(presence, "ada"), status(presence, "bob")], ["busy", "dnd"]);
}));

test("reconnect: subscribes again with the versions it knows, and takes what differs", withServer(async (server) => {
  const presence = await server.client();
  server.people.set("ada", server.presence("ada", "busy", 4)).set("bob", server.presence("bob", "online", 9));
  presence.watch(["ada", "bob", "nobody"]);
  await settle();
  server.socket.drop();
  server.people.set("bob", server.presence("bob", "offline", 10));
  await server.comeBack();

  assert.deepEqual(server.socket.last("subscribe").known, { ada: 4, bob: 9, nobody: 0 });
  assert.deepEqual(["ada", "bob", "nobody"].map((id) => [status(presence, id), presence.get(id).stale]), [
    ["busy", false],
    ["offline", false],
    ["offline", false],
  ]);
}));

test("blind: without a connection the last states stay, marked as stale, and are right again afterwards", withServer(async (server) => {
  const presence = await server.client();
  server.people.set("ada", server.presence("ada", "busy", 4));
  const seen = [];
  presence.watch("ada", (ada) => seen.push([ada.status, ada.stale]));
  await settle();
  server.socket.drop();
  assert.deepEqual(seen.at(-1), ["busy", true]);
  assert.equal(presence.me.stale, true);

  await server.comeBack();
  assert.deepEqual(seen, [["busy", false], ["busy", true], ["busy", false]]);
  assert.equal(presence.me.stale, false);
}));

test("blind: the server says stale and fresh, for some or for everybody", withServer(async (server) => {
  const presence = await server.client();
  presence.watch(["ada", "bob"]);
  await settle();
  const stale = () => ["ada", "bob"].map((id) => presence.get(id).stale);

  server.say({ type: "stale", userIds: ["ada"], since: "2026-01-01T12:00:00Z" });
  assert.deepEqual(stale(), [true, false]);
  server.say({ type: "stale", since: "2026-01-01T12:00:00Z" });
  assert.deepEqual(stale(), [true, true]);
  server.say({ type: "presence_update", presence: server.presence("ada", "online", 5) });
  assert.deepEqual(stale(), [false, true], "who is heard of is not out of sight");
  server.say({ type: "fresh" });
  assert.deepEqual(stale(), [false, false]);
}));

test("blind: who is watched while the server is blind is stale until it sees again", withServer(async (server) => {
  const presence = await server.client();
  server.say({ type: "stale", since: "2026-01-01T12:00:00Z" });
  presence.watch("ada");
  await settle();
  assert.equal(presence.get("ada").stale, true);

  server.say({ type: "fresh" });
  assert.equal(presence.get("ada").stale, false);
}));

test("watchers are counted: two of one user are one subscription, and the last one ends it", withServer(async (server, clock) => {
  const presence = await server.client();
  const first = presence.watch("ada");
  const second = presence.watch(["ada", "bob"]);
  await settle();
  assert.deepEqual(server.socket.of("subscribe").map(({ userIds }) => userIds), [["ada", "bob"]]);

  first();
  first();
  await clock.pass(2_000);
  assert.equal(server.socket.of("unsubscribe").length, 0, "ending twice is ending once");
  second();
  await clock.pass(2_000);
  assert.deepEqual(server.socket.last("unsubscribe").userIds, ["ada", "bob"]);
  assert.equal(presence.get("ada"), undefined);
}));

test("watch: a list that is mounted anew in a moment is not asked for again", withServer(async (server, clock) => {
  const presence = await server.client();
  presence.watch("ada")();
  presence.watch("ada");
  await clock.pass(5_000);

  assert.equal(server.socket.of("subscribe").length, 1);
  assert.equal(server.socket.of("unsubscribe").length, 0);
}));

test("watch: a thousand of the longest ids fit into messages below 64 KiB", withServer(async (server) => {
  const presence = await server.client();
  const ids = Array.from({ length: 1000 }, (_, i) => String(i).padStart(4, "0") + "\u4e16".repeat(124));
  presence.watch(ids);
  await settle();
  server.socket.drop();
  await server.comeBack();

  const asked = server.socket.of("subscribe");
  assert.equal(new Set(asked.flatMap(({ userIds }) => userIds)).size, 1000);
  assert.ok(asked.every((message) => Buffer.byteLength(JSON.stringify(message)) < 65_536));
}));

test("watch: a refusal is an event, and tried again only where that may help", withServer(async (server, clock) => {
  const presence = await server.client();
  const errors = [];
  presence.on("error", ({ code }) => errors.push(code));
  server.fail("subscribe",
    { code: "rate_limited", message: "Too many messages", retryable: true, retryAfter: 500 },
    { code: "forbidden", message: "The token does not allow this" });
  presence.watch("ada");
  await clock.pass(10_000);

  assert.deepEqual(errors, ["rate_limited", "forbidden"]);
  assert.equal(server.socket.of("subscribe").length, 2);
}));

test("oneself: seen without a subscription, invisible included", withServer(async (server) => {
  const presence = await server.client();
  server.say({ type: "presence_update", presence: server.presence("me", "invisible", 2) });
  presence.watch("me");
  await settle();

  assert.equal(presence.me.status, "invisible");
  assert.equal(server.socket.of("subscribe").length, 0);
}));

test("complaint: closing one of two tabs marks the user offline: devices are one user, seen by its own tabs as a list", withServer(async (server) => {
  const presence = await server.client();
  const device = (id) => ({ id, type: "web", status: "online", connectedAt: "2026-01-01T12:00:00.000Z" });
  const seen = [];
  presence.on("presence", ({ status, devices }) => seen.push([status, devices.length]));
  const own = { ...server.presence("me", "online", 2), connectedAt: null, connectionCount: 2 };
  server.say({ type: "presence_update", presence: { ...own, devices: [device("a"), device("b")] } });
  server.say({ type: "presence_update", presence: { ...own, version: 3, connectionCount: 1, devices: [device("a")] } });

  assert.deepEqual(seen, [["online", 2], ["online", 1]]);
}));

test("complaint: keys named __proto__ or constructor: hostile ids are ids like any other", withServer(async (server) => {
  const presence = await server.client();
  const ids = ["__proto__", "constructor", "toString", "hasOwnProperty", "<img src=x onerror=alert(1)>", "a b", "𝒳"];
  ids.forEach((id, i) => server.people.set(id, server.presence(id, "busy", i + 1)));
  presence.watch(ids);
  await settle();
  assert.deepEqual(ids.map((id) => [presence.get(id).userId, presence.get(id).version]), ids.map((id, i) => [id, i + 1]));

  server.socket.drop();
  await server.comeBack();
  assert.deepEqual(Object.entries(server.socket.last("subscribe").known), ids.map((id, i) => [id, i + 1]));
  assert.equal({}.polluted, undefined);
}));

test("ids: one that the server would refuse is refused before it spoils a message", withServer(async (server) => {
  const presence = await server.client();
  for (const id of ["", "  ", "a\u0000", "\n", "\ud800", "x".repeat(129)]) {
    assert.throws(() => presence.watch(["good", id]), { code: "invalid_request", retryable: false }, JSON.stringify(id));
    assert.throws(() => presence.room(id), { code: "invalid_request" });
  }

  await settle();
  assert.equal(server.socket.of("subscribe").length, 0);
}));

test("query: asks once, without following", withServer(async (server) => {
  const presence = await server.client();
  server.people.set("ada", server.presence("ada", "dnd", 3));

  assert.deepEqual((await presence.query(["ada"])).map(({ status }) => status), ["dnd"]);
  assert.equal(presence.get("ada"), undefined);
}));
