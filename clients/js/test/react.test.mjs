import assert from "node:assert/strict";
import test from "node:test";
import { h, withReact } from "./support/dom.mjs";

const { StrictMode, useState } = await import("react");
const { renderToString } = await import("react-dom/server");
const react = await import("@presence/client/react");
const { PresenceDot, useConnectionState, useJoin, useMyStatus, usePresence, usePresenceMany, useRoom, useTyping } = react;

const sent = (server, pattern) => server.socket.sent.map(({ type }) => type).filter((type) => pattern.test(type));
const roomTypes = (server) => sent(server, /^(join|leave|watch_room|unwatch_room)$/);
const status = (id) => function Status() {
  return `${id}:${usePresence(id)?.status ?? "?"} `;
};

test("usePresence: nothing, then the snapshot, then each change", withReact(async ({ server, render, doing, text }) => {
  server.mute.add("subscribe");
  await render(h(status("ada")));
  assert.equal(text(), "ada:? ");
  await doing(() => server.say({ type: "presence_list", id: 1, presences: [server.presence("ada", "busy", 1)] }));
  assert.equal(text(), "ada:busy ");
  await doing(() => server.say({ type: "presence_update", presence: server.presence("ada", "dnd", 2) }));
  assert.equal(text(), "ada:dnd ");
}));

test("usePresence: another id, no id, unmount: watched is who is shown", withReact(async ({ server, render, doing, text }) => {
  const Show = ({ id }) => usePresence(id)?.status ?? "nobody";
  server.people.set("ada", server.presence("ada", "busy", 1)).set("bob", server.presence("bob", "dnd", 1));
  await render(h(Show, { id: "ada" }));
  await render(h(Show, { id: "bob" }));
  assert.equal(text(), "dnd");
  await render(h(Show, { id: null }));
  assert.equal(text(), "nobody");
  await doing(() => server.clock.pass(2_000));
  assert.deepEqual(server.socket.of("unsubscribe").flatMap(({ userIds }) => userIds), ["ada", "bob"]);
}));

test("a hundred dots of one page are one subscription", withReact(async ({ server, render }) => {
  await render(...Array.from({ length: 100 }, (_, i) => h(status(`user-${i % 50}`), { key: i })));
  assert.deepEqual(server.socket.of("subscribe").map(({ userIds }) => userIds.length), [50]);
}));

test("usePresenceMany: a map that changes only when somebody does, though the ids are a new array each time", withReact(async ({ server, render, doing, text }) => {
  const maps = new Set();
  let again;
  function Many() {
    const [count, setCount] = useState(0);
    again = () => setCount(count + 1);
    const people = usePresenceMany(["ada", "__proto__"]);
    maps.add(people);
    return [...people].map(([id, presence]) => `${id}:${presence.status}`).join(" ");
  }

  server.people.set("ada", server.presence("ada", "busy", 1)).set("__proto__", server.presence("__proto__", "dnd", 1));
  await render(h(Many));
  assert.equal(text(), "ada:busy __proto__:dnd");
  const before = maps.size;
  await doing(() => again());
  assert.equal(maps.size, before);
  assert.equal(server.socket.of("subscribe").length, 1);
  await doing(() => server.say({ type: "presence_update", presence: server.presence("ada", "online", 2) }));
  assert.equal(text(), "ada:online __proto__:dnd");
}));

test("useMyStatus: shows and sets one's own", withReact(async ({ server, render, doing, text }) => {
  let mine;
  const Mine = () => (mine = useMyStatus()).presence?.status ?? "?";
  await render(h(Mine));
  assert.equal(text(), "online");
  await doing(() => mine.setStatus("dnd"));
  assert.equal(server.socket.last("set_status").status, "dnd");
  await doing(() => server.say({ type: "presence_update", presence: server.presence("me", "dnd", 2) }));
  assert.equal(text(), "dnd");
}));

test("useConnectionState: every state", withReact(async ({ server, render, doing, text }) => {
  const State = () => useConnectionState().name;
  await render(h(State));
  assert.equal(text(), "connected");
  await doing(() => server.socket.drop());
  assert.equal(text(), "reconnecting");
  await doing(() => server.comeBack());
  assert.equal(text(), "connected");
}));

const Who = ({ room = "lobby" }) => `${useRoom(room).members.map(({ userId }) => userId).join()} `;
const Here = ({ room = "lobby", meta, autoJoin }) => (useJoin(room, meta, { autoJoin }).joined ? "in " : "out ");

test("complaint: the hook mixes who is here and I am here: each is a hook of its own", withReact(async ({ server, render, text }) => {
  server.rooms.set("lobby", { version: 1, count: 1, members: [server.member("bob")] });
  await render(h(Who));
  assert.equal(text(), "bob ");
  assert.deepEqual(roomTypes(server), ["watch_room"]);
}));

test("useJoin: mount joins, unmount leaves, and it does not watch", withReact(async ({ server, render, text }) => {
  await render(h(Here, { meta: { name: "Ada" } }));
  assert.equal(text(), "in ");
  assert.deepEqual(server.socket.last("join").metadata, { name: "Ada" });
  await render();
  assert.deepEqual(roomTypes(server), ["join", "leave"]);
}));

test("complaint: unmount while still joining leaves the member there: it leaves", withReact(async ({ server, render }) => {
  server.mute.add("join");
  await render(h(Here));
  await render();
  assert.deepEqual(roomTypes(server), ["join", "leave"]);
}));

test("complaint: the presence hook breaks when the room id changes: it leaves the one and joins the other", withReact(async ({ server, render, text }) => {
  server.rooms.set("b", { version: 1, count: 1, members: [server.member("bob")] });
  await render(h(Here, { room: "a" }), h(Who, { room: "a" }));
  await render(h(Here, { room: "b" }), h(Who, { room: "b" }));

  assert.equal(text(), "in bob ");
  const rooms = server.socket.sent.filter(({ type }) => /^(join|leave)$/.test(type)).map(({ type, roomId }) => `${type} ${roomId}`);
  assert.deepEqual(rooms.toSorted(), ["join a", "join b", "leave a"]);
}));

test("StrictMode: one join, no leave, one subscription", withReact(async ({ server, render, text }) => {
  server.rooms.set("lobby", { version: 1, count: 1, members: [server.member("me")] });
  await render(h(StrictMode, null, h(Here), h(Who), h(status("ada"))));
  assert.equal(text(), "in me ada:offline ");
  assert.deepEqual(roomTypes(server), ["join"]);
  assert.equal(server.socket.of("subscribe").length, 1);
  await render();
  assert.deepEqual(roomTypes(server), ["join", "leave"]);
}));

test("complaint: one of two components with the hook unmounts and the user leaves: only the last one does", withReact(async ({ server, render, text }) => {
  await render(h(Here, { key: 1 }), h(Here, { key: 2 }));
  assert.equal(text(), "in in ");
  await render(h(Here, { key: 2 }));
  assert.equal(text(), "in ");
  assert.deepEqual(roomTypes(server), ["join"]);
  await render();
  assert.deepEqual(roomTypes(server), ["join", "leave"]);
}));

test("complaint: auto-enter fights an explicit leave: leave wins until join", withReact(async ({ server, render, doing, text }) => {
  let joining;
  const Both = ({ name }) => ((joining = useJoin("lobby", { name })).joined ? "in" : "out");
  await render(h(Both, { name: "Ada" }));
  await doing(() => joining.leave());
  assert.equal(text(), "out");
  await render(h(Both, { name: "Ada L." }));
  assert.equal(text(), "out");
  assert.deepEqual(roomTypes(server), ["join", "leave"]);

  await doing(() => joining.join());
  assert.equal(text(), "in");
  assert.deepEqual(server.socket.last("join").metadata, { name: "Ada L." });
}));

test("an explicit leave is about one room: another id is joined", withReact(async ({ server, render, doing, text }) => {
  let joining;
  const Both = ({ room }) => ((joining = useJoin(room)).joined ? "in" : "out");
  await render(h(Both, { room: "a" }));
  await doing(() => joining.leave());
  await render(h(Both, { room: "b" }));
  assert.equal(text(), "in");
  assert.deepEqual(roomTypes(server), ["join", "leave", "join"]);
}));

test("autoJoin false: not in before join is called", withReact(async ({ server, render }) => {
  await render(h(Here, { autoJoin: false }));
  assert.deepEqual(roomTypes(server), []);
  await render(h(Here, { autoJoin: true }));
  assert.deepEqual(roomTypes(server), ["join"]);
}));

test("useJoin: other metadata are an update, never a leave and a join", withReact(async ({ server, render }) => {
  await render(h(Here, { meta: { name: "Ada" } }));
  await render(h(Here, { meta: { name: "Ada" } }));
  await render(h(Here, { meta: { name: "Ada L." } }));
  assert.deepEqual(server.socket.of("update_member").map(({ metadata }) => metadata), [{ name: "Ada L." }]);
  assert.deepEqual(roomTypes(server), ["join"]);
}));

test("useTyping: who types, and telling it", withReact(async ({ server, render, doing, text }) => {
  let typing;
  function Chat() {
    useJoin("lobby");
    typing = useTyping("lobby");
    return typing.users.join();
  }

  await render(h(Chat));
  await doing(() => server.say({ type: "typing", roomId: "lobby", userId: "bob", typing: true }));
  assert.equal(text(), "bob");
  await doing(() => typing.type());
  await doing(() => typing.stop());
  assert.deepEqual(sent(server, /typing/), ["typing_start", "typing_stop"]);
}));

test("PresenceDot: a shape, a colour and words for each status, and for a lost connection", withReact(async ({ server, render, doing, container }) => {
  const shapes = new Set();
  const dot = () => container.querySelector("svg");
  await render(h(PresenceDot, { userId: "ada", name: "Ada" }));
  for (const [i, word] of ["online", "idle", "away", "busy", "dnd", "offline"].entries()) {
    await doing(() => server.say({ type: "presence_update", presence: server.presence("ada", word, i + 1) }));
    assert.equal(dot().getAttribute("aria-label"), `Ada: ${word === "dnd" ? "do not disturb" : word}`);
    assert.equal(dot().getAttribute("role"), "img");
    shapes.add(dot().lastElementChild.outerHTML.replace(/fill="#\w+"|stroke="#\w+"/, ""));
  }

  assert.equal(shapes.size, 6, "not told apart by colour only");
  await doing(() => server.socket.drop());
  assert.equal(dot().getAttribute("aria-label"), "Ada: offline (connection lost)");
}));

test("PresenceDot: markup in a name is text", withReact(async ({ render, container }) => {
  await render(h(PresenceDot, { userId: "<b>", name: "<img src=x onerror=alert(1)>" }));
  assert.equal(container.querySelectorAll("img, b").length, 0);
}));

test("without a provider: an error that says so; on a server: nobody is known", withReact(async ({ presence }) => {
  assert.throws(() => renderToString(h(Who)), /PresenceProvider/);
  assert.equal(renderToString(h(react.PresenceProvider, { client: presence }, h(status("ada")), h(Who), h(Here))), "ada:? <!-- --> <!-- -->out ");
}));
