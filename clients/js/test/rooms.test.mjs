import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { ids, joined, update } from "./support/lobby.mjs";
import { withServer } from "./support/server.mjs";

test("complaint: sync needed a listener registered, or nothing arrives: joining always gives a snapshot", withServer(async (server) => {
  server.rooms.set("lobby", { version: 7, count: 2, members: [server.member("bob"), server.member("me")] });
  const { room } = await joined(server);

  assert.deepEqual(ids(room), ["bob", "me"]);
  assert.deepEqual([room.view.count, room.view.joined, room.view.stale], [2, true, false]);
  const seen = [];
  room.subscribe((members) => seen.push(members.length));
  assert.deepEqual(seen, [2], "who listens later gets the list at once");
}));

test("join: the sample of the readme", withServer(async (server) => {
  server.rooms.set("lobby", { version: 1, count: 1, members: [server.member("me")] });
  const presence = await server.client();
  const rendered = [];
  const room = presence.room("lobby").join({ name: "Ada" });
  room.subscribe((members) => rendered.push(members.length));
  await settle();
  server.say(update("lobby", 2, 2, { joined: [server.member("bob")] }));

  assert.deepEqual(server.socket.last("join").metadata, { name: "Ada" });
  assert.deepEqual(rendered, [1, 2]);
}));

test("complaint: a metadata update fires both leave and join: it is one update of one member", withServer(async (server) => {
  server.rooms.set("lobby", { version: 1, count: 1, members: [server.member("bob", "online", { mood: "fine" })] });
  const { room, membership } = await joined(server);
  const counts = [];
  room.subscribe((members, { count }) => counts.push([count, members.length]));
  server.say(update("lobby", 2, 1, { updated: [server.member("bob", "busy", { mood: "tired" })] }));
  assert.deepEqual(room.view.members[0].metadata, { mood: "tired" });
  assert.deepEqual(counts, [[1, 1], [1, 1]]);

  await membership.update({ name: "Ada L." });
  assert.deepEqual(server.socket.last("update_member").metadata, { name: "Ada L." });
  assert.equal(server.socket.of("leave").length + server.socket.of("join").length, 1);
}));

test("watching is not taking part", withServer(async (server, clock) => {
  const presence = await server.client();
  const stop = presence.room("lobby").subscribe(() => {});
  await settle();
  assert.deepEqual(server.socket.last("watch_room"), { type: "watch_room", id: 1, roomId: "lobby", mode: "members" });
  assert.equal(presence.room("lobby").view.joined, false);

  stop();
  await clock.pass(1);
  assert.equal(server.socket.of("unwatch_room").length, 1);
  assert.equal(server.socket.of("join").length, 0);
}));

test("watching, then joining, then only watching: never both, and a snapshot each time", withServer(async (server) => {
  const presence = await server.client();
  const room = presence.room("lobby");
  room.subscribe(() => {});
  await settle();
  const membership = room.join();
  await settle();
  membership.leave();
  await settle();

  const types = server.socket.sent.map(({ type }) => type).filter((type) => /join|leave|watch/.test(type));
  assert.deepEqual(types, ["watch_room", "unwatch_room", "join", "leave", "watch_room"]);
  assert.equal(room.view.stale, false);
}));

test("complaint: one of two components with the hook unmounts and the user leaves: shares are counted below the framework", withServer(async (server) => {
  const { room, membership } = await joined(server);
  const other = room.join({ name: "Ada" });
  membership.leave();
  membership.leave();
  await settle();
  assert.equal(server.socket.of("leave").length, 0);

  other.leave();
  await settle();
  assert.equal(server.socket.of("leave").length, 1);
  assert.equal(room.view.joined, false);
}));

test("complaint: unmount while still attaching leaves the member there until reload: leaving follows the join in flight", withServer(async (server) => {
  server.mute.add("join");
  const { room, membership } = await joined(server);
  membership.leave();
  await settle();
  server.say({ type: "room_state", id: 1, roomId: "lobby", version: 1, count: 1, members: [server.member("me")] });

  assert.equal(server.socket.of("leave").length, 1);
  assert.deepEqual([room.view.joined, ids(room)], [false, []]);
}));

test("join and leave within one turn: nobody hears of it", withServer(async (server) => {
  const presence = await server.client();
  presence.room("lobby").join().leave();
  await settle();

  assert.deepEqual(server.socket.sent.map(({ type }) => type), ["authenticate"]);
}));

test("leave and join again: not in before the server says so, and without the metadata of before", withServer(async (server) => {
  const { room } = await joined(server);
  room.leave();
  await settle();
  server.mute.add("join");
  room.join();
  await settle();
  assert.equal(room.view.joined, false);
  assert.equal(server.socket.last("join").metadata, undefined);

  server.say({ type: "room_state", roomId: "lobby", version: 3, count: 0, members: [] });
  assert.equal(room.view.joined, true);
}));

test("complaint: auto-enter fights an explicit leave: leave wins over every earlier join, also over a reconnect", withServer(async (server) => {
  const { room, membership } = await joined(server);
  room.join();
  room.leave();
  await settle();
  assert.equal(server.socket.of("leave").length, 1);
  assert.equal(membership.active, false);

  server.socket.drop();
  await server.comeBack();
  assert.equal(server.socket.of("join").length, 0);
  room.join();
  await settle();
  assert.equal(room.view.joined, true);
}));

test("reconnect: joins again with the same metadata, and shows the last list as stale until then", withServer(async (server) => {
  server.rooms.set("lobby", { version: 3, count: 1, members: [server.member("ada")] });
  const { room } = await joined(server);
  server.socket.drop();
  assert.deepEqual([ids(room), room.view.stale, room.view.joined], [["ada"], true, false]);

  server.rooms.set("lobby", { version: 1, count: 1, members: [server.member("bob")] });
  await server.comeBack();
  assert.deepEqual(server.socket.last("join").metadata, { name: "Ada" });
  assert.deepEqual([ids(room), room.view.stale, room.view.joined], [["bob"], false, true]);
}));

test("reconnect: updates of the lost connection do not build on the new one", withServer(async (server) => {
  const { room } = await joined(server);
  server.mute.add("get_room");
  server.say(update("lobby", 3, 9, { joined: [server.member("ghost")] }));
  server.socket.drop();
  server.rooms.set("lobby", { version: 2, count: 0, members: [] });
  await server.comeBack();

  assert.deepEqual(ids(room), []);
}));

test("join refused: the view says why, and another join or connection tries again", withServer(async (server) => {
  server.fail("join", { code: "forbidden", message: "The token does not allow this" });
  const { room } = await joined(server);
  assert.deepEqual([room.view.joined, room.view.error.code], [false, "forbidden"]);
  assert.equal(server.socket.of("join").length, 1);

  room.join();
  await settle();
  assert.deepEqual([room.view.joined, room.view.error], [true, null]);
}));

test("join refused for now: tried again after the wait that the server asks for", withServer(async (server, clock) => {
  server.fail("join", { code: "unavailable", message: "Temporarily unavailable", retryable: true, retryAfter: 1500 });
  const { room } = await joined(server);
  await clock.pass(1499);
  assert.equal(server.socket.of("join").length, 1);

  await clock.pass(1);
  assert.equal(room.view.joined, true);
}));

test("join with other metadata while in the room: an update", withServer(async (server) => {
  const { room } = await joined(server);
  room.join({ name: "Ada L." });
  room.join({ name: "Ada L." });
  await settle();

  assert.deepEqual(server.socket.of("update_member").map(({ metadata }) => metadata), [{ name: "Ada L." }]);
  assert.equal(server.socket.of("join").length, 1);
}));

test("listed: the consent to be seen goes along", withServer(async (server) => {
  const presence = await server.client();
  presence.room("lobby").join(undefined, { listed: true });
  await settle();

  assert.equal(server.socket.last("join").listed, true);
}));

test("one room, one object; rooms do not mix, hostile names included", withServer(async (server) => {
  const presence = await server.client();
  const names = ["__proto__", "constructor", "a", "A"];
  names.forEach((name, i) => server.rooms.set(name, { version: 1, count: i, members: [] }));
  names.forEach((name) => presence.room(name).join());
  await settle();

  assert.equal(presence.room("a"), presence.room("a"));
  assert.deepEqual(names.map((name) => presence.room(name).view.count), [0, 1, 2, 3]);
}));
