import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { ids, joined } from "./support/lobby.mjs";
import { withServer } from "./support/server.mjs";

test("taken out by the server: not in any more, nobody shown, and not back before the next join, also over a reconnect", withServer(async (server) => {
  server.rooms.set("lobby", { version: 3, count: 2, members: [server.member("bob"), server.member("me")] });
  const { room, membership } = await joined(server);
  const told = [];
  room.subscribe((members, { joined: isIn, error }) => told.push([members.length, isIn, error?.code]));
  server.say({ type: "typing", roomId: "lobby", userId: "bob", typing: true });
  server.say({ type: "left", roomId: "lobby" });

  assert.deepEqual(told, [[2, true, undefined], [0, false, "forbidden"]]);
  assert.deepEqual([room.view.count, room.view.stale, room.typing, membership.active], [0, true, [], false]);
  await settle();
  assert.deepEqual(server.socket.sent.map(({ type }) => type), ["authenticate", "join"]);

  server.socket.drop();
  await server.comeBack();
  assert.deepEqual([server.socket.of("join").length, room.view.joined, room.view.error], [0, false, null]);
  room.join({ name: "Ada" });
  await settle();
  assert.deepEqual([room.view.joined, ids(room), room.view.stale], [true, ["bob", "me"], false]);
}));

test("taken out, and joined again on the same connection: in again", withServer(async (server) => {
  const { room } = await joined(server);
  server.say({ type: "left", roomId: "lobby" });
  room.join();
  await settle();

  assert.deepEqual([server.socket.of("join").length, server.socket.of("leave").length, room.view.joined, room.view.error], [2, 0, true, null]);
}));

test("taken off the watch by the server: nobody shown, and watched again with the next connection", withServer(async (server) => {
  server.rooms.set("lobby", { version: 3, count: 1, members: [server.member("bob")] });
  const presence = await server.client();
  const room = presence.room("lobby");
  room.subscribe(() => {});
  await settle();
  server.say({ type: "unwatched", roomId: "lobby" });

  assert.deepEqual([ids(room), room.view.stale, room.view.error.code], [[], true, "forbidden"]);
  server.socket.drop();
  await server.comeBack();
  assert.deepEqual([ids(room), room.view.stale, room.view.error], [["bob"], false, null]);
}));

test("left of a room that the server has not let us into yet, or of one nobody knows: nothing", withServer(async (server) => {
  server.mute.add("join");
  const { room, membership } = await joined(server);
  server.say({ type: "left", roomId: "lobby" });
  server.say({ type: "left", roomId: "never heard of" });
  server.say({ type: "room_state", id: 1, roomId: "lobby", version: 1, count: 1, members: [server.member("me")] });

  assert.deepEqual([room.view.joined, membership.active], [true, true]);
}));
