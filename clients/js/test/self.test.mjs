import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { onPage } from "./support/page.mjs";
import { withServer } from "./support/server.mjs";

const MINUTE = 60_000;
const statuses = (server) => server.socket.of("set_status").map(({ status, scope }) => [status, scope]);
const actives = (server) => server.socket.of("heartbeat").filter(({ active }) => active).length;

const onPageWith = (options, run) => withServer((server, clock) => onPage(async (page) => run(server, clock, page, await server.client(options))));

test("idle: after 5 min without input this device is idle, with the next input it is active at once", onPageWith({}, async (server, clock, page) => {
  await clock.pass(4 * MINUTE);
  page.fire("keydown");
  await clock.pass(5 * MINUTE - 6_000);
  assert.deepEqual(statuses(server), []);
  await clock.pass(12_000);
  assert.deepEqual(statuses(server), [["idle", "device"]]);

  const before = actives(server);
  page.fire("pointermove");
  await settle();
  assert.equal(actives(server), before + 1);
  assert.deepEqual(statuses(server).length, 1, "never set_status online: that would clear what the person chose");
}));

test("idle: the time is an option, and null turns it off", async () => {
  await onPageWith({ idleAfterMs: 30_000 }, async (server, clock) => {
    await clock.pass(40_000);
    assert.equal(statuses(server).length, 1);
  })();
  await onPageWith({ idleAfterMs: null }, async (server, clock) => {
    await clock.pass(60 * MINUTE);
    assert.equal(statuses(server).length, 0);
  })();
});

test("idle: a program without a page is never idle", withServer(async (server, clock) => {
  await server.client();
  await clock.pass(60 * MINUTE);
  assert.equal(statuses(server).length, 0);
}));

test("heartbeat: says active when there was an input since the last one, and only then", onPageWith({}, async (server, clock, page) => {
  await clock.pass(21_000);
  assert.equal(actives(server), 0);
  page.fire("wheel");
  await clock.pass(20_000);
  assert.equal(actives(server), 1);
  await clock.pass(20_000);
  assert.equal(actives(server), 1);
}));

for (const chosen of ["busy", "dnd", "invisible", "away"]) {
  test(`a chosen ${chosen} is never touched: idle and active are this device's own`, onPageWith({}, async (server, clock, page, presence) => {
    await presence.setStatus(chosen);
    await clock.pass(6 * MINUTE);
    page.fire("keydown");
    await clock.pass(MINUTE);

    const [first, ...automatic] = statuses(server);
    assert.deepEqual(first, [chosen, chosen === "away" ? "user" : undefined]);
    assert.deepEqual(automatic, [["idle", "device"]]);
  }));
}

for (const [status, options] of [["idle", {}], ["away", { scope: "device" }]]) {
  test(`a device that is ${status} by choice stays so while somebody types, until it is online by choice`, onPageWith({}, async (server, clock, page, presence) => {
    await presence.setStatus(status, options);
    for (let i = 0; i < 20; i++) {
      page.fire("keydown");
      await clock.pass(MINUTE);
    }

    assert.equal(actives(server), 0);
    assert.equal(statuses(server).length, 1);
    await presence.setStatus("online");
    page.fire("keydown");
    await clock.pass(MINUTE);
    assert.equal(actives(server), 1);
  }));
}

test("a device that is away by choice is not made idle besides", onPageWith({}, async (server, clock, page, presence) => {
  await presence.setStatus("away", { scope: "device" });
  await clock.pass(10 * MINUTE);
  assert.equal(statuses(server).length, 1);
}));

test("reconnect: an idle device says so again, since the grace period may be over", onPageWith({}, async (server, clock) => {
  await clock.pass(6 * MINUTE);
  server.socket.drop();
  await server.comeBack();
  assert.deepEqual(statuses(server), [["idle", "device"]]);
}));

test("reconnect: a device that was used meanwhile is not left idle", onPageWith({ device: { id: "tab" } }, async (server, clock, page) => {
  await clock.pass(6 * MINUTE);
  server.socket.drop();
  page.fire("keydown");
  server.people.set("me", { ...server.presence("me", "idle", 5), devices: [{ id: "tab", type: "web", status: "idle", connectedAt: "2026-01-01T12:00:00Z" }] });
  await server.comeBack();
  assert.equal(actives(server), 1);
}));

test("reconnect: what was chosen for this device is said again", onPageWith({}, async (server, clock, page, presence) => {
  await presence.setStatus("away", { scope: "device" });
  server.socket.drop();
  await server.comeBack();
  assert.deepEqual(statuses(server), [["away", "device"]]);
}));

test("visibility: hidden and shown are told, the delay is the server's", onPageWith({}, async (server, clock, page) => {
  page.turn("hidden");
  page.turn("visible");
  await settle();
  assert.deepEqual(server.socket.of("set_visibility").map(({ hidden }) => hidden), [true, false]);
}));

test("visibility: a tab that is hidden when it connects says so, also after a reconnect", onPageWith({}, async (server, clock, page) => {
  page.turn("hidden");
  await settle();
  server.socket.drop();
  await server.comeBack();
  assert.deepEqual(server.socket.of("set_visibility").map(({ hidden }) => hidden), [true]);
}));

test("visibility: not told against a choice for this device", onPageWith({}, async (server, clock, page, presence) => {
  await presence.setStatus("away", { scope: "device" });
  page.turn("hidden");
  page.turn("visible");
  await settle();
  assert.equal(server.socket.of("set_visibility").length, 0);
}));

test("visibility: a server that does not know it is not asked twice, since errors have a budget", onPageWith({}, async (server, clock, page) => {
  server.fail("set_visibility", { code: "unknown_type", message: "Unknown message type: set_visibility" });
  page.turn("hidden");
  await settle();
  page.turn("visible");
  page.turn("hidden");
  await settle();
  assert.equal(server.socket.of("set_visibility").length, 1);
}));

test("setStatus: the server's answer, an expiry as a date or a text, an error as an exception", withServer(async (server) => {
  const presence = await server.client();
  assert.deepEqual((({ status, shown }) => ({ status, shown }))(await presence.setStatus("dnd", { expiresAt: new Date(0) })), { status: "dnd", shown: "dnd" });
  assert.equal(server.socket.last("set_status").expiresAt, "1970-01-01T00:00:00.000Z");
  await presence.setStatus("away", { expiresAt: "2026-01-01T13:00:00Z" });
  assert.equal(server.socket.last("set_status").expiresAt, "2026-01-01T13:00:00.000Z");

  server.fail("set_status", { code: "rate_limited", message: "Too many status changes", retryable: true, retryAfter: 700 });
  await assert.rejects(presence.setStatus("online"), { name: "PresenceError", code: "rate_limited", retryable: true, retryAfter: 700 });
}));

test("what one says of oneself: text, activity, metadata", withServer(async (server) => {
  const presence = await server.client();
  await presence.setCustomStatus("at lunch", { emoji: "🍜", expiresAt: new Date(0) });
  await presence.setActivity({ type: "viewing", page: "/a" }, null);
  await presence.setMetadata({ name: "Ada" });
  const plain = (type) => (({ id, type: _, ...fields }) => fields)(server.socket.last(type));

  assert.deepEqual(plain("set_custom_status"), { text: "at lunch", emoji: "🍜", expiresAt: "1970-01-01T00:00:00.000Z" });
  assert.deepEqual(plain("set_activity"), { activity: { type: "viewing", page: "/a" }, expiresIn: null });
  server.socket.drop();
  await server.comeBack();
  assert.deepEqual(server.socket.sent[0].metadata, { name: "Ada" }, "metadata come along with the next connection");
}));

test("disconnect: the page is not listened to any more", onPageWith({}, async (server, clock, page, presence) => {
  presence.disconnect();
  page.turn("hidden");
  page.fire("online");
  await clock.pass(10 * MINUTE);
  assert.equal(server.sockets.length, 1);
  assert.equal(server.socket.of("set_visibility").length, 0);

  page.turn("visible");
  presence.connect();
  await server.accept();
  page.turn("hidden");
  await settle();
  assert.equal(server.socket.of("set_visibility").length, 1, "and once afterwards, not twice");
}));
