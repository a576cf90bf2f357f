// What people copy: the examples and the readme are run as they stand.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";
import * as client from "@presence/client";
import { build } from "esbuild";
import { settle } from "./support/clock.mjs";
import { h, withReact } from "./support/dom.mjs";
import { withServer } from "./support/server.mjs";

const root = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const block = (text, language) => text.match(new RegExp("```" + language + "\n([^]*?)```"))[1];

/** `createPresence` on a server that a test plays. */
const on = (server) => ({ ...client, createPresence: (options) => client.createPresence({ ...options, WebSocket: server.Socket }) });

function lobby(server) {
  server.rooms.set("lobby", { version: 1, count: 2, members: [server.member("ada"), server.member("<b>")] });
}

test("readme: one install and at most six lines to a member list, as they stand", withServer(async (server) => {
  lobby(server);
  const code = block(read("clients/js/README.md"), "js");
  const lines = code.split("\n").filter((line) => line.trim());
  assert.ok(lines.length <= 6, `${lines.length} lines`);

  const rendered = [];
  const body = code.replace(/^import .*$/m, "");
  const presence = new Function("createPresence", "render", `${body}; return presence;`)(on(server).createPresence, (members) => rendered.push(members.length));
  await server.accept();
  await settle();
  presence.disconnect();
  assert.deepEqual(rendered, [2, 2], "the list, and once more as stale");
}));

test("readme: the component in React, as it stands", withReact(async ({ server, render, container }) => {
  lobby(server);
  const file = new URL("clients/js/test/.cache/readme.mjs", root);
  const contents = `${block(read("clients/js/README.md"), "jsx")}\nexport { Members };`;
  await bundle({ stdin: { contents, loader: "jsx", resolveDir: new URL("clients/js", root).pathname } }, file);
  const { Members } = await import(file);
  await render(h(Members));
  assert.deepEqual([...container.querySelectorAll("p")].map((line) => line.lastChild.textContent), ["ada", "<b>"]);
}));

test("plain HTML: the page shows who is in the lobby, and markup stays text", withReact(async ({ server, container }) => {
  lobby(server);
  const page = read("examples/html/index.html");
  assert.match(page, /<script src="\.\.\/\.\.\/clients\/js\/dist\/presence\.global\.js">/);
  container.innerHTML = page.match(/<body>([^]*?)<script/)[1];
  const code = page.match(/<script type="module">([^]*?)<\/script>/)[1];
  const context = { Presence: on(server), document, URL, location: "http://localhost:3000/?user=ada" };
  vm.runInNewContext(code.replace("const presence", "globalThis.presence"), context);
  await server.accept();
  await settle();

  assert.deepEqual([...container.querySelectorAll("li")].map(({ textContent }) => textContent), ["ada: online", "<b>: online"]);
  assert.equal(container.querySelector("#state").textContent, "connected");
  context.presence.disconnect();
}));

test("React chat: builds, shows the members, and tells that one types", withReact(async ({ server, presence, render, doing, container }) => {
  server.rooms.set("general", { version: 1, count: 1, members: [server.member("bob", "online", { name: "Bob" })] });
  const source = new URL("examples/react/src/", root);
  const { outputFiles } = await build({ ...JSX, entryPoints: [new URL("main.jsx", source).pathname], bundle: true, packages: "external", format: "esm", write: false });
  assert.match(outputFiles[0].text, /createPresence/);

  const file = new URL("clients/js/test/.cache/chat.mjs", root);
  await bundle({ entryPoints: [new URL("Chat.jsx", source).pathname] }, file);
  const { Chat } = await import(file);
  await render(h(Chat, { room: "general", name: "Ada" }));
  assert.equal(container.querySelector("h2").textContent, "1 here");
  assert.match(container.querySelector("li").textContent, /Bob/);
  assert.equal(container.querySelector("input").disabled, false);

  await doing(() => server.say({ type: "typing", roomId: "general", userId: "bob", typing: true }));
  assert.match(container.querySelector("form").textContent, /bob typing/);
  presence.room("general").type();
  assert.equal(server.socket.of("typing_start").length, 1);
}));

const JSX = { jsx: "automatic", logLevel: "error" };

async function bundle(input, file) {
  mkdirSync(new URL(".", file), { recursive: true });
  await build({ ...JSX, ...input, bundle: true, packages: "external", format: "esm", outfile: file.pathname });
}
