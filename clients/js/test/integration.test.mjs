// Against the real server. It is built once by: dotnet publish src/Standalone -c Release -o artifacts/standalone
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { asyncapi, wrongFromClient } from "./support/frames.mjs";
import { Clients, Line, Standalone, until } from "./support/standalone.mjs";

const GRACE_MS = 3_000;
const newName = (name) => `${name}-${randomUUID()}`;
let server;

before(async () => {
  server = await Standalone.start({ GracePeriod: "3s" });
});
after(() => server.end());

const withClients = (run) => async () => {
  const clients = new Clients();
  try {
    await run((user, options) => clients.add(server.port, user, options), clients);
  } finally {
    clients.end();
  }

  assert.deepEqual([...clients.wrong], []);
};

/** Everything that one watcher is shown of one user. */
async function follow(watcher, user) {
  const seen = [];
  watcher.watch(user, ({ status, stale }) => seen.push(stale ? `${status} (stale)` : status));
  await until("the first word", () => seen.length > 0);
  return seen;
}

const isConnected = (presence) => () => presence.state.name === "connected";
const shows = (watcher, user, status) => until(`${user} is ${status}`, () => watcher.get(user)?.status === status && !watcher.get(user).stale);

test("two people see each other, and each change, in order", withClients(async (client) => {
  const [ada, bob] = [newName("ada"), newName("bob")];
  const watcher = client(bob);
  const seen = await follow(watcher, ada);
  const presence = client(ada);
  await shows(watcher, ada, "online");
  for (const status of ["idle", "busy", "dnd", "invisible", "online"]) {
    const { status: asked } = await presence.setStatus(status);
    assert.equal(asked, status);
    await shows(watcher, ada, status === "invisible" ? "offline" : status);
  }

  await presence.setStatus("invisible");
  await shows(presence, ada, "invisible");
  await shows(watcher, ada, "offline");
  assert.deepEqual(seen, ["offline", "online", "idle", "busy", "dnd", "offline", "online", "offline"]);
  assert.equal((await watcher.query([ada, bob])).length, 2);
}));

test("complaint: closing one of two tabs marks the user offline: only the last one does, and at once", withClients(async (client) => {
  const [ada, bob] = [newName("ada"), newName("bob")];
  const watcher = client(bob);
  const [one, two] = [client(ada), client(ada)];
  await until("two devices", () => one.me?.devices?.length === 2);
  const seen = await follow(watcher, ada);
  one.disconnect();
  await until("one device", () => two.me.devices.length === 1);
  assert.deepEqual(seen, ["online"]);

  const left = Date.now();
  two.disconnect();
  await shows(watcher, ada, "offline");
  assert.ok(Date.now() - left < GRACE_MS, "no grace for leaving on purpose");
}));

test("complaint: no event when a user who is there opens another tab: her own tabs are told, and others see nothing change", withClients(async (client) => {
  const [ada, bob] = [newName("ada"), newName("bob")];
  const first = client(ada);
  const seenByBob = await follow(client(bob), ada);
  await until("ada is seen", () => seenByBob.at(-1) === "online");
  const counts = [];
  first.on("presence", ({ devices }) => counts.push(devices.length));
  const second = client(ada);
  await until("two devices", () => counts.at(-1) === 2);
  second.disconnect();
  await until("one device", () => counts.at(-1) === 1);

  await first.setStatus("busy");
  await until("bob sees busy", () => seenByBob.at(-1) === "busy");
  assert.deepEqual(counts.filter((count, i) => count !== counts[i - 1]), [2, 1]);
  assert.deepEqual(seenByBob.slice(seenByBob.indexOf("online")), ["online", "busy"]);
}));

/** Something good to say for each type, in an order that makes sense. */
const SAMPLES = {
  set_status: { status: "busy" }, heartbeat: { active: true }, get_presence: { userIds: ["bob"], explain: false }, subscribe: { userIds: ["bob"], known: { bob: 3 } },
  unsubscribe: { userIds: ["bob"] }, refresh_token: { token: "any" }, join: { roomId: "r", metadata: { name: "Ada" } }, typing_start: { roomId: "r" },
  typing_stop: { roomId: "r" }, update_member: { roomId: "r", metadata: {} }, get_room: { roomId: "r" }, leave: { roomId: "r" }, watch_room: { roomId: "r", mode: "count" },
  unwatch_room: { roomId: "r" }, subscribe_lobby: { mode: "users" }, unsubscribe_lobby: {}, set_custom_status: { text: "at lunch", emoji: "x" },
  set_activity: { activity: { type: "viewing", page: 7 }, expiresIn: null }, set_metadata: { metadata: { a: [1] } }, set_visibility: { hidden: false },
  set_privacy: { showLastSeen: "contacts" }, get_privacy: {}, set_contacts: { userIds: ["bob"] }, add_contacts: { userIds: ["cy"] }, remove_contacts: { userIds: ["cy"] },
  block: { userIds: ["eve"] }, unblock: { userIds: ["eve"] },
};

test("every message of the protocol: answered by what docs/asyncapi.yaml says, in the form it says", withClients(async (client) => {
  const presence = client(newName("ada"));
  const answers = new Map();
  presence.on("message", (message) => answers.set(message.id, message.type));
  const asked = Object.entries(asyncapi.operations).filter(([, { action }]) => action === "receive").map(([type]) => type);
  assert.deepEqual(Object.keys(SAMPLES).sort(), asked.filter((type) => type !== "authenticate").sort());
  for (const [type, fields] of Object.entries(SAMPLES)) {
    assert.deepEqual(wrongFromClient({ type, id: 1, ...fields }), []);
    const before = new Set(answers.keys());
    await presence.request(type, fields);
    const given = [...answers].filter(([id]) => id !== undefined && !before.has(id)).map(([, answer]) => answer);
    assert.deepEqual(given, [asyncapi.operations[type].reply.messages[0].$ref.split("/").at(-1)], type);
  }
}));

test("a line that is cut and comes back within grace is seen by nobody", withClients(async (client, clients) => {
  const [ada, bob] = [newName("ada"), newName("bob")];
  const line = await Line.to(server.port);
  try {
    const presence = clients.add(line.port, ada);
    const watcher = client(bob);
    await until("ada is connected", isConnected(presence));
    const [seenByBob, seenByAda] = [await follow(watcher, ada), await follow(presence, bob)];
    line.cut();
    await until("ada is reconnecting", () => presence.state.name === "reconnecting");
    await watcher.setStatus("busy");
    line.mend();
    await until("ada is connected again", isConnected(presence));
    await shows(presence, bob, "busy");
    assert.deepEqual(seenByAda, ["online", "online (stale)", "busy"]);

    await until("grace has passed", () => Date.now() > Date.parse(presence.me.connectedAt) + 2 * GRACE_MS);
    await watcher.setStatus("online");
    await shows(presence, bob, "online");
    assert.deepEqual(seenByBob, ["online"]);
  } finally {
    line.end();
  }
}));

test("complaint: a member stays after loss of network: gone after the grace period, with the last sign of life", withClients(async (client, clients) => {
  const [ada, bob] = [newName("ada"), newName("bob")];
  const line = await Line.to(server.port);
  const presence = clients.add(line.port, ada);
  const watcher = client(bob);
  await until("ada is connected", isConnected(presence));
  await follow(watcher, ada);
  const cut = Date.now();
  line.end();
  await shows(watcher, ada, "offline");

  const after = Date.now() - cut;
  assert.ok(after > GRACE_MS - 500 && after < GRACE_MS + 5_000, `${after} ms`);
  assert.ok(Math.abs(Date.parse(watcher.get(ada).lastSeen) - cut) < 2_500);
}));

test("the same device a second time: the first one stops for good (4509), and nobody sees it", withClients(async (client) => {
  const [ada, bob] = [newName("ada"), newName("bob")];
  const device = { id: randomUUID() };
  const first = client(ada, { device });
  await until("the first is connected", isConnected(first));
  const seen = await follow(client(bob), ada);
  const second = client(ada, { device });
  await until("the first has stopped", () => first.state.name === "closed");
  assert.equal(first.state.closeCode, 4509);

  await until("the second is connected", isConnected(second));
  assert.deepEqual(seen, ["online"]);
}));

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`${signal} and a start again: everybody is back, nobody was offline, what was chosen still holds`, withClients(async (_, clients) => {
    const settings = { DataFile: join(mkdtempSync(join(tmpdir(), "presence-")), "presence.db") };
    let restarted = await Standalone.start(settings);
    try {
      const [ada, bob] = [newName("ada"), newName("bob")];
      const [presence, watcher] = [clients.add(restarted.port, ada), clients.add(restarted.port, bob)];
      await presence.setStatus("dnd");
      const seen = await follow(watcher, ada);
      const codes = [];
      presence.on("state", ({ name, closeCode }) => name === "reconnecting" && codes.push(closeCode));
      await restarted.end(signal);
      await until("ada has heard of it", () => codes.length > 0);
      assert.equal(codes[0], signal === "SIGTERM" ? 1012 : 1006);

      restarted = await Standalone.start(settings, restarted.port);
      await until("both are back", () => isConnected(presence)() && isConnected(watcher)(), 40_000);
      await shows(watcher, ada, "dnd");
      assert.deepEqual(new Set(seen), new Set(["dnd", "dnd (stale)"]));
    } finally {
      await restarted.end();
    }
  }));
}

const SECRET = "q3Vh8xJ2mN0pLz7RbT5cWy4KfD1gSa9E";

function token(sub, seconds, claims = {}) {
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Date.now() / 1000;
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ iss: "https://id.example", aud: "presence", sub, iat: now, exp: now + seconds, ...claims })}`;
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
}

test("tokens: refreshed before they expire, fetched anew after 4040, final when refused, and whom they do not allow keeps nobody else away", async () => {
  const auth = { "Auth:Mode": "Jwt", "Auth:Issuer": "https://id.example", "Auth:Audience": "presence", "Auth:SharedSecret": SECRET, "Auth:ClockSkew": "1s" };
  const jwt = await Standalone.start({ GracePeriod: "1s", ...auth });
  const clients = new Clients();
  try {
    const types = [];
    const refreshed = clients.add(jwt.port, "ada", { getToken: ({ refresh }) => token("ada", refresh ? 600 : 20) });
    refreshed.on("message", ({ type }) => types.push(type));
    await until("a refreshed token", () => types.includes("token_refreshed"));

    const codes = [];
    let asked = 0;
    const expired = clients.add(jwt.port, "bob", {
      getToken: () => (++asked === 2 ? Promise.reject(new Error("the token service is down")) : token("bob", asked === 1 ? 2 : 600)),
    });
    expired.on("state", ({ name, closeCode }) => name === "reconnecting" && codes.push(closeCode));
    await until("back after 4040", () => codes.includes(4040) && isConnected(expired)());

    const errors = [];
    const limited = clients.add(jwt.port, "cy", { getToken: () => token("cy", 600, { watch: ["ada", "bob"] }) });
    limited.on("error", ({ code, userIds }) => errors.push([code, userIds]));
    limited.watch(["ada", "eve", "bob"]);
    await until("who is allowed is seen", () => limited.get("ada")?.status === "online" && limited.get("bob"));
    assert.deepEqual(errors, [["forbidden", ["eve"]]]);

    const refused = clients.add(jwt.port, "eve", { getToken: () => "forged" });
    await until("stopped", () => refused.state.name === "closed");
    assert.equal(refused.state.closeCode, 4501);
    assert.equal(refused.debug().lastError.code, "unauthenticated");
    assert.equal(refreshed.state.name, "connected");
  } finally {
    clients.end();
    await jwt.end();
  }
});
