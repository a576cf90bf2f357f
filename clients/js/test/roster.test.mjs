import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { settle } from "./support/clock.mjs";
import { ids, joined, update } from "./support/lobby.mjs";
import { withServer } from "./support/server.mjs";

test("versions: a gap asks for the room once, and updates that come meanwhile are not lost", withServer(async (server) => {
  server.rooms.set("lobby", { version: 1, count: 0, members: [] });
  const { room } = await joined(server);
  server.rooms.set("lobby", { version: 4, count: 1, members: [server.member("ada")] });
  server.say(update("lobby", 3, 2, { joined: [server.member("bob")] }));
  server.say(update("lobby", 5, 2, { joined: [server.member("cy")] }));
  assert.equal(room.view.stale, true);
  await settle();

  assert.equal(server.socket.of("get_room").length, 1);
  assert.deepEqual([ids(room), room.view.stale, room.view.count], [["ada", "cy"], false, 2]);
}));

test("versions: an old update changes nothing", withServer(async (server) => {
  server.rooms.set("lobby", { version: 5, count: 1, members: [server.member("ada")] });
  const { room } = await joined(server);
  server.say(update("lobby", 5, 0, { left: ["ada"] }));

  assert.deepEqual(ids(room), ["ada"]);
  assert.equal(server.socket.of("get_room").length, 0);
}));

test("versions: updates before the snapshot wait for it", withServer(async (server) => {
  server.mute.add("join");
  const { room } = await joined(server);
  server.say(update("lobby", 4, 2, { joined: [server.member("bob")] }));
  server.say(update("lobby", 3, 1, { left: ["ada"] }));
  server.say({ type: "room_state", roomId: "lobby", version: 3, count: 1, members: [server.member("me")] });

  assert.deepEqual(ids(room), ["me", "bob"]);
}));

test("versions: a gap that stays does not ask for ever", withServer(async (server) => {
  server.rooms.set("lobby", { version: 1, count: 0, members: [] });
  const { room } = await joined(server);
  server.say(update("lobby", 900, 2, { joined: [server.member("bob")] }));
  for (let i = 0; i < 20; i++) {
    await settle();
  }

  assert.equal(server.socket.of("get_room").length, 2);
  assert.equal(room.view.stale, false);
}));

test("property: whatever order the updates come in, the roster ends as the server's", async () => {
  const change = fc.record({ id: fc.constantFrom("a", "b", "c", "__proto__"), isThere: fc.boolean() });
  await fc.assert(fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), fc.nat(12), async (changes, order, lost) => {
    await withServer(async (server) => {
      const roster = new Map();
      server.rooms.set("lobby", { version: 1, count: 0, members: [] });
      const { room } = await joined(server);
      const updates = changes.map(({ id, isThere }, i) => {
        isThere ? roster.set(id, server.member(id, i % 2 ? "busy" : "online")) : roster.delete(id);
        const part = isThere ? { [i % 2 ? "updated" : "joined"]: [roster.get(id)] } : { left: [id] };
        return update("lobby", i + 2, roster.size, part);
      });
      server.rooms.set("lobby", { version: changes.length + 1, count: roster.size, members: [...roster.values()] });
      const shuffled = updates.map((message, i) => [order[i], message]).sort((x, y) => x[0] - y[0]).map(([, message]) => message);
      shuffled.filter((_, i) => i !== lost).forEach((message) => server.say(message));
      await settle();
      // The next change shows any gap that is left.
      const last = update("lobby", changes.length + 2, roster.size + 1, { joined: [server.member("z")] });
      roster.set("z", last.joined[0]);
      server.rooms.set("lobby", { version: changes.length + 2, count: roster.size, members: [...roster.values()] });
      server.say(last);
      await settle();
      await settle();

      assert.deepEqual(new Map(room.view.members.map((member) => [member.userId, member.status])), new Map([...roster].map(([id, { status }]) => [id, status])));
      assert.equal(room.view.count, roster.size);
    })();
  }), { numRuns: 60 });
});

test("a large room: counts and a sample, and the full list again when it has shrunk", withServer(async (server) => {
  server.rooms.set("lobby", { version: 1000, count: 5000, truncated: true, members: [server.member("ada")] });
  const { room } = await joined(server);
  assert.deepEqual([room.view.truncated, room.view.count, ids(room)], [true, 5000, ["ada"]]);
  server.say(update("lobby", 1400, 5200, { truncated: true }));
  assert.deepEqual([room.view.count, ids(room)], [5200, ["ada"]]);
  server.rooms.set("lobby", { version: 1500, count: 1, members: [server.member("bob")] });
  server.say(update("lobby", 1500, 1, { left: ["ada"] }));
  await settle();

  assert.deepEqual([room.view.truncated, room.view.count, ids(room)], [false, 1, ["bob"]]);
}));
