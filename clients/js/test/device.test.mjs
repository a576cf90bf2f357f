import assert from "node:assert/strict";
import test from "node:test";
import { onPage } from "./support/page.mjs";
import { withServer } from "./support/server.mjs";

class Storage extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => void this.set(key, value);
  removeItem = (key) => void this.delete(key);
}

async function withStorage(storage, run) {
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get: () => storage() });
  try {
    await run();
  } finally {
    delete globalThis.sessionStorage;
  }
}

const idOf = (server) => server.socket.sent[0].device.id;

test("device: a page that is loaded again keeps its id, so that nobody sees it leave", withServer((server) => onPage(async (page) => {
  const storage = new Storage();
  await withStorage(() => storage, async () => {
    await server.client();
    const before = idOf(server);
    page.fire("pagehide");
    await server.client();
    assert.equal(idOf(server), before);
    await server.client(); // a duplicate of the second page
    assert.notEqual(idOf(server), before);
  });
})));

test("device: a duplicated tab has an id of its own, or the two would replace each other", withServer((server) => onPage(async () => {
  const storage = new Storage();
  await withStorage(() => storage, async () => {
    await server.client();
    const before = idOf(server);
    await server.client(); // with a copy of the storage of a page that is still there
    assert.notEqual(idOf(server), before);
  });
})));

test("device: a page that comes back from the browser's cache takes its id along", withServer((server) => onPage(async (page) => {
  const storage = new Storage();
  await withStorage(() => storage, async () => {
    await server.client();
    page.fire("pagehide");
    page.fire("pageshow");
    assert.equal(storage.size, 0);
  });
})));

test("device: without a storage, every page is a new device", withServer((server) => onPage(async () => {
  const denied = () => {
    throw new DOMException("denied", "SecurityError");
  };
  await withStorage(denied, async () => {
    await server.client();
    const before = idOf(server);
    await server.client();
    assert.notEqual(idOf(server), before);
  });
})));

test("device: what the application says counts", withServer(async (server) => {
  await server.client({ device: { id: "kiosk", type: "desktop", name: "Hall" } });
  assert.deepEqual(server.socket.sent[0].device, { id: "kiosk", type: "desktop", name: "Hall" });
}));
