import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { onPage } from "./support/page.mjs";
import { withServer } from "./support/server.mjs";

test("heartbeat: every 20 s as the server says, with the round trip measured", withServer(async (server, clock) => {
  const presence = await server.client();
  await clock.pass(61_000);

  assert.equal(server.socket.of("heartbeat").length, 3);
  assert.equal(presence.debug().roundTripMs, 0);
}));

test("complaint: a member stays after loss of network: a dead line is noticed within 28 s, without a close", withServer(async (server, clock) => {
  const presence = await server.client();
  server.mute.add("heartbeat");
  await clock.pass(27_900);
  assert.equal(presence.state.name, "connected");

  await clock.pass(100);
  assert.equal(presence.state.name, "reconnecting");
  assert.equal(server.socket.closedWith, 3000, "not 1000: this is no leaving on purpose");
}));

test("heartbeat: any frame proves that the line lives", withServer(async (server, clock) => {
  const presence = await server.client();
  server.mute.add("heartbeat");
  await clock.pass(22_000);
  server.say({ type: "presence_update", presence: server.presence("me", "online", 2) });

  await clock.pass(10_000);
  assert.equal(presence.state.name, "connected");
}));

test("complaint: a background tab loses the connection because timers are throttled to one a minute", withServer(async (server, clock) => {
  const presence = await server.client();
  for (let minute = 0; minute < 30; minute++) {
    await clock.sleep(60_000);
  }

  assert.equal(server.sockets.length, 1);
  assert.equal(presence.state.name, "connected");
}));

test("a throttled tab notices a dead line too", withServer(async (server, clock) => {
  const presence = await server.client();
  server.mute.add("heartbeat");
  for (let minute = 0; minute < 3; minute++) {
    await clock.sleep(60_000);
  }

  assert.equal(presence.state.name, "reconnecting");
}));

test("return from sleep: the missed time is seen at the first tick, and a dead line 8 s later", withServer(async (server, clock) => {
  const presence = await server.client();
  server.mute.add("heartbeat");
  await clock.sleep(3_600_000);
  assert.equal(server.socket.of("heartbeat").length, 1, "a probe at once");

  await clock.pass(8_000);
  assert.equal(presence.state.name, "reconnecting");
}));

test("a short sleep between two heartbeats is noticed too", withServer(async (server, clock) => {
  await server.client();
  await clock.sleep(15_000);
  assert.equal(server.socket.of("heartbeat").length, 1);
}));

test("return from sleep: a line that lives is kept", withServer(async (server, clock) => {
  const presence = await server.client();
  await clock.sleep(3_600_000);
  await clock.pass(60_000);

  assert.equal(server.sockets.length, 1);
  assert.equal(presence.state.name, "connected");
}));

test("return from sleep in the middle of a probe: asks once more before it gives up", withServer(async (server, clock) => {
  const presence = await server.client();
  server.mute.add("heartbeat");
  await clock.pass(20_000);
  assert.equal(server.socket.of("heartbeat").length, 1);
  await clock.sleep(3_600_000);
  assert.equal(presence.state.name, "connected");
  assert.equal(server.socket.of("heartbeat").length, 2);

  server.say({ type: "heartbeat_ack", timestamp: "2026-01-01T13:00:00Z" });
  await clock.pass(5_000);
  assert.equal(presence.state.name, "connected");
}));

for (const event of ["online", "offline", "pageshow", "resume"]) {
  test(`${event}: looks at once whether the line lives`, withServer((server) => onPage(async (page) => {
    await server.client();
    page.fire(event);
    await settle();
    assert.equal(server.socket.of("heartbeat").length, 1);
  })));
}

test("visible again: looks at once whether the line lives", withServer((server) => onPage(async (page) => {
  await server.client();
  page.turn("hidden");
  await settle();
  assert.equal(server.socket.of("heartbeat").length, 0);

  page.turn("visible");
  await settle();
  assert.equal(server.socket.of("heartbeat").length, 1);
})));
