import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { withServer } from "./support/server.mjs";

const sent = (server) => server.socket.sent.map(({ type }) => type).filter((type) => type.startsWith("typing"));
const typing = (userId, isTyping, roomId = "lobby") => ({ type: "typing", roomId, userId, typing: isTyping });

async function joined(server) {
  const presence = await server.client();
  const room = presence.room("lobby");
  room.join();
  await settle();
  return room;
}

test("typing: many keys are few messages, and 3 s after the last key it is over", withServer(async (server, clock) => {
  const room = await joined(server);
  for (let i = 0; i < 50; i++) {
    room.type();
    await clock.pass(100);
  }

  assert.deepEqual(sent(server), ["typing_start", "typing_start", "typing_start"]);
  await clock.pass(2_900);
  assert.deepEqual(sent(server).at(-1), "typing_stop");
}));

test("typing: is over with the message, once, and begins again with the next key", withServer(async (server, clock) => {
  const room = await joined(server);
  room.type();
  room.stopTyping();
  room.stopTyping();
  room.type();
  await clock.pass(10_000);

  assert.deepEqual(sent(server), ["typing_start", "typing_stop", "typing_start", "typing_stop"]);
}));

test("typing: not in a room that we are not in, where the server forbids it", withServer(async (server) => {
  const presence = await server.client();
  const room = presence.room("lobby");
  room.subscribe(() => {});
  await settle();
  room.type();

  assert.deepEqual(sent(server), []);
}));

test("typing of others: who types, each once; ends by the server's word or when they leave", withServer(async (server) => {
  const room = await joined(server);
  const seen = [];
  room.onTyping((users) => seen.push(users.join()));
  server.say(typing("bob", true));
  server.say(typing("bob", true));
  server.say(typing("ada", true));
  server.say(typing("bob", false));
  server.say({ type: "room_update", roomId: "lobby", version: 2, count: 0, left: ["ada"] });

  assert.deepEqual(seen, ["bob", "bob,ada", "ada", ""]);
}));

test("typing ends with the connection and with leaving", withServer(async (server) => {
  const room = await joined(server);
  server.say(typing("bob", true));
  server.socket.drop();
  assert.deepEqual(room.typing, []);

  await server.comeBack();
  server.say(typing("bob", true));
  room.leave();
  await settle();
  assert.deepEqual(room.typing, []);
}));
