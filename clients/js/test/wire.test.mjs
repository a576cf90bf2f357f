import assert from "node:assert/strict";
import test from "node:test";
import { readDocument, readServer, readTypes } from "../scripts/wire.mjs";

const types = readTypes();
const server = readServer();
const document = readDocument();
const client = types.messages("ClientMessages");
const fromServer = types.messages("ServerMessages");

function names(fields) {
  return [...fields].flatMap(([name, field]) => [name, ...(field.fields ? names(field.fields) : [])]);
}

const allNames = (messages) => new Set([...messages.values()].flatMap(names));
const missing = (some, all) => [...some].filter((name) => !all.has(name));

test("wire: every message that the server sends is known, with all its fields", () => {
  assert.ok(server.sends.size >= 12 && server.writes.size >= 25, "the sources are no longer understood");
  assert.deepEqual(missing(server.sends, fromServer), []);
  assert.deepEqual(missing(server.writes, new Set([...allNames(fromServer), "type", "id"])), []);
});

test("wire: every message that the server takes is known", () => {
  assert.ok(server.accepts.size >= 7, "the sources are no longer understood");
  assert.deepEqual(missing(server.accepts, client), []);
});

test("wire: what the types name, the server names too", () => {
  const all = new Set([...client.keys(), ...fromServer.keys(), ...allNames(client), ...allNames(fromServer)]);
  assert.deepEqual([...all].filter((name) => !server.has(name)), []);
});

test("wire: statuses, kinds of devices and error codes are the server's", () => {
  const both = new Set([...types.unions.get("Status"), ...types.unions.get("SettableStatus")]);
  assert.deepEqual([...both].sort(), [...server.statuses].sort());
  assert.deepEqual(types.unions.get("DeviceType").toSorted(), [...server.devices].sort());
  assert.deepEqual(types.unions.get("ErrorCode").toSorted(), [...server.errors].sort());
});

test("wire: docs/protocol.md describes the same messages, fields and replies", () => {
  const replies = types.fields("Replies");
  const described = [...document].filter(([type]) => client.has(type) || fromServer.has(type));
  assert.ok(described.length >= 13, "the tables are no longer understood");
  for (const [type, { names: words }] of described) {
    const fields = client.get(type) ?? fromServer.get(type);
    const required = [...fields].filter(([, { optional }]) => !optional).map(([name]) => name);
    assert.deepEqual(missing(required, new Set(words)), [], `${type}: fields that the page does not have`);
    if (client.has(type) && server.has(type)) {
      const reply = replies.get(type).text.slice(1, -1);
      assert.ok(reply === "ok" || words.includes(reply), `${type}: the page does not say ${reply}`);
    }
  }
});
