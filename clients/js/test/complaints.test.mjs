// docs/complaints.md: every test that it names is there, and every test that calls itself a complaint is named.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const root = new URL("../../../", import.meta.url);
const read = (path) => (existsSync(new URL(path, root)) ? readFileSync(new URL(path, root), "utf8") : "");
const rows = read("docs/complaints.md").split("\n").filter((line) => /^\| [A-Z]/.test(line)).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
const named = rows.map(([complaint, , , tests]) => [complaint, tests.split("<br>").map((text) => text.match(/^`([^`]+)`: (.+)$/)?.slice(1) ?? [text, ""])]);

const isThere = ([path, name]) => name && [`test("${name}`, `it('${name}'`, ` ${name}(`].some((text) => read(path).includes(text));

test("complaints: each has a test, and each test that is named exists", () => {
  assert.ok(named.length >= 14, "the table is no longer understood");
  for (const [complaint, tests] of named) {
    assert.deepEqual(tests.filter((one) => !isThere(one)), [], complaint);
  }

  assert.equal(isThere(["clients/js/test/rooms.test.mjs", "complaint: nobody ever made this one"]), false);
});

test("complaints: each test that calls itself one is named", () => {
  const all = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs")).flatMap((file) =>
    [...read(`clients/js/test/${file}`).matchAll(/^test\("(complaint: [^"]+)"/gm)].map((match) => [`clients/js/test/${file}`, match[1]]));
  assert.ok(all.length > 15, "the tests are no longer understood");
  const names = named.flatMap(([, tests]) => tests);
  assert.deepEqual(all.filter(([path, name]) => !names.some(([at, start]) => at === path && name.startsWith(start))), []);
});
