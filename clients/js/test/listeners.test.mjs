import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "./support/clock.mjs";
import { withServer } from "./support/server.mjs";

test("listeners: one that throws is reported as uncaught, and does not keep the news from the others", withServer(async (server) => {
  const presence = await server.client();
  const { queueMicrotask } = globalThis;
  const uncaught = [];
  globalThis.queueMicrotask = (run) => queueMicrotask(() => {
    try {
      run();
    } catch (error) {
      uncaught.push(error.message);
    }
  });
  const seen = [];
  const stop = presence.on("state", () => {
    throw new Error("mine");
  });
  presence.on("state", (state) => seen.push(state.name));
  presence.disconnect();
  await settle();
  stop();
  globalThis.queueMicrotask = queueMicrotask;

  assert.deepEqual(seen, ["closed"]);
  assert.deepEqual(uncaught, ["mine"]);
}));

test("listeners: who begins to listen while an event is told hears the next one", withServer(async (server) => {
  const presence = await server.client();
  const late = [];
  presence.on("state", () => presence.on("state", ({ name }) => late.push(name)));
  server.socket.drop();
  assert.deepEqual(late, []);
  presence.disconnect();
  assert.deepEqual(late, ["closed"]);
}));
