// Against the real standalone program: a back end takes somebody out of a room.
import assert from "node:assert/strict";
import test from "node:test";
import { Clients, Standalone, until } from "./support/standalone.mjs";

test("taken out by a back end: out, told, and not back before the next join", async () => {
  const server = await Standalone.start();
  const clients = new Clients();
  try {
    const presence = clients.add(server.port, "ada");
    const membership = presence.room("lobby").join();
    const seen = [];
    membership.subscribe((members, { joined }) => seen.push(`${joined ? "in" : "out"} ${members.length}`));
    await until("ada is in", () => membership.room.view.joined && membership.room.view.members.length === 1);

    const path = `http://127.0.0.1:${server.port}/v1/rooms/lobby/members/ada`;
    assert.equal((await fetch(path, { method: "DELETE", headers: { authorization: "Bearer back-end" } })).status, 204);
    await until("ada is out", () => !membership.room.view.joined);
    assert.deepEqual([seen.at(-1), membership.active, presence.debug().unknown.size], ["out 0", false, 0]);

    presence.room("lobby").join();
    await until("ada is in again", () => membership.room.view.joined && membership.room.view.members.length === 1);
  } finally {
    clients.end();
    await server.end();
  }

  assert.deepEqual([...clients.wrong], []);
});
