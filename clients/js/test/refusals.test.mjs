import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { withServer } from "./support/server.mjs";

const FORBIDDEN = { code: "forbidden", message: "The token does not allow this" };
const crowd = Array.from({ length: 80 }, (_, i) => `user-${i}`);

test("watch: one of eighty who is forbidden keeps nobody else from being watched, and the error names it", withServer(async (server) => {
  const presence = await server.client();
  const errors = [];
  presence.on("error", ({ code, userIds }) => errors.push([code, userIds]));
  crowd.forEach((id) => server.people.set(id, server.presence(id, "busy", 3)));
  server.fail("subscribe", { ...FORBIDDEN, refused: [17] });
  presence.watch(crowd);
  await settle();
  await settle();

  assert.deepEqual(errors, [["forbidden", ["user-17"]]]);
  assert.deepEqual(server.socket.of("subscribe").map(({ userIds }) => userIds.length), [80, 79]);
  assert.deepEqual(crowd.filter((id) => presence.get(id)?.status !== "busy"), ["user-17"]);
}));

test("watch: whoever was refused is not asked for again with others, but by the next connection, whose token may allow it", withServer(async (server) => {
  const presence = await server.client();
  server.fail("subscribe", { ...FORBIDDEN, refused: [0, 2] });
  presence.watch(["ada", "bob", "cy"]);
  await settle();
  presence.watch("dan");
  await settle();
  assert.deepEqual(server.socket.of("subscribe").map(({ userIds }) => userIds), [["ada", "bob", "cy"], ["bob"], ["dan"]]);

  server.socket.drop();
  await server.comeBack();
  assert.deepEqual(server.socket.of("subscribe").map(({ userIds }) => userIds), [["ada", "bob", "cy", "dan"]]);
}));

test("watch: an id that only this server calls too long is left out like one that is forbidden", withServer(async (server) => {
  const presence = await server.client();
  server.fail("subscribe", { code: "invalid_request", message: "userIds must hold 1 to 8 characters", refused: [1] });
  presence.watch(["ada", "somebody with a long name"]);
  await settle();

  assert.deepEqual(server.socket.last("subscribe").userIds, ["ada"]);
  assert.equal(presence.get("ada").status, "offline");
}));

test("watch: refused as a whole, or without saying whom, is not asked for again", withServer(async (server, clock) => {
  const presence = await server.client();
  server.fail("subscribe", { ...FORBIDDEN, refused: [0, 1] }, { code: "limit_exceeded", message: "MaxSubscriptionsPerConnection is 5000" }, { ...FORBIDDEN, refused: [] });
  presence.watch(["ada", "bob"]);
  await settle();
  presence.watch("cy");
  await settle();
  presence.watch("dan");
  await clock.pass(10_000);

  assert.deepEqual(server.socket.of("subscribe").map(({ userIds }) => userIds), [["ada", "bob"], ["cy"], ["dan"]]);
}));

test("query: the refusal names who is to blame", withServer(async (server) => {
  const presence = await server.client();
  server.fail("get_presence", { ...FORBIDDEN, refused: [1] });
  await assert.rejects(presence.query(["ada", "bob"]), { code: "forbidden", userIds: ["bob"] });
}));
