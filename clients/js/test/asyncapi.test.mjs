import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";
import { Ajv } from "ajv";
import { codes, text } from "../scripts/asyncapi.mjs";
import { readDocument, readServer, readTypes } from "../scripts/wire.mjs";
import { asyncapi, wrongFromClient, wrongFromServer } from "./support/frames.mjs";

const server = readServer();
const typesOf = (action) => Object.values(asyncapi.operations).filter((operation) => operation.action === action);
const nameOf = ({ $ref }) => $ref.split("/").at(-1);
const asked = new Map(typesOf("receive").map(({ messages: [message], reply }) => [nameOf(message), reply.messages.map(nameOf)]));
const told = Object.keys(asyncapi.components.messages).filter((type) => !asked.has(type));
const payload = (type) => asyncapi.components.messages[type].payload;
const sorted = (names) => [...names].sort();

test("asyncapi: is what the types and the codes make of it; after a change of either: npm run asyncapi", () => {
  assert.equal(readFileSync(new URL("../../../docs/asyncapi.yaml", import.meta.url), "utf8"), text());
});

test("asyncapi: is valid by the schema of AsyncAPI 3", () => {
  const schema = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0-without-$id.json");
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(schema);
  assert.ok(validate(asyncapi), ajv.errorsText(validate.errors));
  assert.ok(!validate({ ...asyncapi, channels: { socket: { adress: "/ws" } } }), "the schema finds nothing");
});

test("asyncapi: every reference leads somewhere", () => {
  const references = [...JSON.stringify(asyncapi).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]);
  assert.ok(references.length > 200);
  assert.deepEqual(references.filter((path) => path.split("/").reduce((at, part) => at?.[part], asyncapi) === undefined), []);
});

test("asyncapi: the messages are those that the server's sources take and send", () => {
  assert.deepEqual(sorted(server.accepts), sorted(asked.keys()));
  assert.deepEqual(sorted(server.sends), sorted(told));
});

test("asyncapi: whatever comes is an answer or comes unasked", () => {
  const unasked = asyncapi.operations.tell.messages.map(nameOf);
  assert.deepEqual(sorted(new Set([...unasked, ...[...asked.values()].flat()])), sorted(told));
});

test("asyncapi: every field is named by the server's sources", () => {
  const fields = (schema) => Object.entries(schema?.properties ?? {}).flatMap(([name, inner]) => [name, ...fields(inner)]);
  const all = [...Object.values(asyncapi.components.messages).map((message) => message.payload), ...Object.values(asyncapi.components.schemas)].flatMap(fields);
  assert.ok(new Set(all).size > 50);
  assert.deepEqual(sorted(new Set(all)).filter((name) => !server.has(name)), []);
});

test("asyncapi: error codes and close codes are the server's", () => {
  assert.deepEqual(sorted(asyncapi.components.schemas.ErrorCode.enum), sorted(server.errors));
  assert.deepEqual(sorted(Object.keys(asyncapi.channels.socket["x-close-codes"])), sorted(server.closes));
  assert.deepEqual(codes("Close codes").map(([code]) => code).sort(), sorted(server.closes));
});

test("asyncapi: what docs/protocol.md calls optional is, and nothing else", () => {
  const document = readDocument();
  for (const [type, fields] of readTypes().messages("ClientMessages")) {
    const cell = document.get(type).fields;
    const [required, optional = ""] = cell.split(/\boptional\b(.*)/);
    for (const name of fields.keys()) {
      const isRequired = payload(type).required.includes(name);
      assert.ok((isRequired ? required : optional).includes(`\`${name}\``), `${type}.${name} is ${isRequired ? "required" : "optional"}; the page says: ${cell}`);
    }
  }
});

test("asyncapi: the examples of docs/protocol.md are such messages", () => {
  const lines = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8").split("\n").filter((line) => line.startsWith('{"type":'));
  const messages = lines.map((line) => JSON.parse(line));
  assert.ok(messages.length > 12);
  assert.deepEqual(messages.flatMap((message) => (asked.has(message.type) ? wrongFromClient(message) : wrongFromServer(message))), []);
});

test("asyncapi: what the scenarios of tests/Conformance await of the server are such messages", () => {
  const folder = new URL("../../../tests/Conformance/Scenarios/", import.meta.url);
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".txt"));
  const lines = files.flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/^\S+ <\S* (\{"type":.*\})$/gm)].map((match) => [name, match[1]]));
  assert.ok(lines.length > 200, "the scenarios are no longer understood");
  const asSent = (text) => JSON.parse(text.replaceAll('"<time>"', '"2026-01-01T12:00:00.000Z"').replace(/"<[^">]*\bv\d+>"|"<number>"/g, "1"));
  assert.deepEqual(lines.flatMap(([name, text]) => wrongFromServer(asSent(text)).map((problem) => `${name}: ${problem}`)), []);
});

test("asyncapi: the check of frames finds what is wrong", () => {
  const presence = { userId: "a", status: "online", lastSeen: null, version: 1 };
  assert.deepEqual(wrongFromServer({ type: "presence_update", presence }), []);
  const wrong = [
    { type: "presence_update", presence: { ...presence, mood: 1 } },
    { type: "presence_update", presence: { ...presence, status: "asleep" } },
    { type: "presence_update", presence: { ...presence, lastSeen: "yesterday" } },
    { type: "presence_list", presences: [{ userId: "a", status: "online", version: 1 }] },
    { type: "error", code: "no_such_code", message: "", retryable: false },
    { type: "confetti" },
  ];
  for (const message of wrong) {
    assert.notDeepEqual(wrongFromServer(message), [], JSON.stringify(message));
  }

  assert.deepEqual(wrongFromClient({ type: "joint", roomId: "a" }), ["joint is not in docs/asyncapi.yaml"]);
  assert.notDeepEqual(wrongFromClient({ type: "subscribe", userIds: "ada" }), []);
});
