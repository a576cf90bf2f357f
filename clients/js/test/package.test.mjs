import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";
import { gzipSync } from "node:zlib";
import * as esm from "@presence/client";
import { build } from "esbuild";

const root = new URL("..", import.meta.url);
const bin = (name) => new URL(`node_modules/.bin/${name}`, root).pathname;
const run = (name, ...args) => execFileSync(bin(name), args, { cwd: root, encoding: "utf8", env: { ...process.env, FORCE_COLOR: "0" } });
const read = (path) => readFileSync(new URL(path, root), "utf8");
const require = createRequire(import.meta.url);

test("size: the client, all of it, is at most 6 KB gzipped", () => {
  const size = gzipSync(read("dist/presence.global.js"), { level: 9 }).length;
  assert.ok(size <= 6 * 1024, `${size} bytes`);
});

test("size: React comes with none of it", async () => {
  const react = read("dist/react.js");
  assert.ok(gzipSync(react, { level: 9 }).length <= 3 * 1024);
  assert.doesNotMatch(react, /WebSocket|authenticate/);
});

test("side effects: an application that uses one helper gets only that", async () => {
  const entry = { contents: 'export { lastSeenText } from "@presence/client"', resolveDir: root.pathname };
  const { outputFiles } = await build({ stdin: entry, bundle: true, format: "esm", write: false });
  assert.doesNotMatch(outputFiles[0].text, /WebSocket/);
});

test("no runtime dependency; React is an optional peer", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta, sideEffects } = JSON.parse(read("package.json"));
  assert.equal(dependencies, undefined);
  assert.deepEqual(peerDependencies, { react: ">=18" });
  assert.deepEqual(peerDependenciesMeta, { react: { optional: true } });
  assert.equal(sideEffects, false);
});

test("entries: import, require and a script tag give the same names", () => {
  const names = Object.keys(esm).sort();
  assert.deepEqual(names, ["PresenceError", "createPresence", "lastSeenText"]);
  assert.deepEqual(Object.keys(require("@presence/client")).sort(), names);
  const page = vm.createContext({});
  vm.runInContext(read("dist/presence.global.js"), page);
  assert.deepEqual(Object.keys(page.Presence).sort(), names);
});

test("entries: React's are the same by import and by require", async () => {
  const names = Object.keys(await import("@presence/client/react")).sort();
  assert.deepEqual(Object.keys(require("@presence/client/react")).sort(), names);
  assert.ok(names.includes("useRoom"));
});

test("types: nothing internal is in them", () => {
  const files = readdirSync(new URL("dist/", root), { recursive: true }).filter((name) => name.endsWith(".d.ts"));
  assert.ok(files.length > 20);
  for (const file of files) {
    assert.doesNotMatch(read(`dist/${file}`), /^\s*(readonly |get |abstract |protected |private )*_\w+/m, file);
  }
});

test("publint finds nothing", () => {
  assert.match(run("publint", "--strict"), /All good!/);
});

test("are-the-types-wrong finds nothing", () => {
  const [{ filename, files }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--loglevel=error"], { cwd: root, encoding: "utf8" }));
  try {
    const report = run("attw", filename, "--profile", "node16", "--no-emoji", "--format", "ascii"); // throws when there is a problem
    assert.ok(report.match(/: OK/g).length >= 6, report);
    assert.deepEqual(files.map(({ path }) => path).filter((path) => !/^dist\/|^(package\.json|README\.md|LICENSE)$/.test(path)), []);
  } finally {
    rmSync(new URL(filename, root), { force: true });
  }
});

test("files have at most 250 lines", () => {
  for (const folder of ["src/", "react/", "test/", "test/support/", "scripts/"]) {
    for (const name of readdirSync(new URL(folder, root)).filter((file) => /\.m?[jt]sx?$/.test(file))) {
      const lines = read(folder + name).split("\n").length - 1;
      assert.ok(lines <= 250, `${folder}${name}: ${lines}`);
    }
  }
});
