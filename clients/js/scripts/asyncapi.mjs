// Makes docs/asyncapi.yaml of the types in src/ and of the codes in docs/errors.md: npm run asyncapi. A test compares it with the server's sources.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { messages, objects } from "./schema.mjs";
import { readTypes } from "./wire.mjs";

const file = new URL("../../../docs/asyncapi.yaml", import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const channel = { $ref: "#/channels/socket" };
const message = (type) => ({ $ref: `#/channels/socket/messages/${type}` });

/** What answers a message, and comes unasked too. */
const UNASKED_REPLIES = ["error", "authenticated", "room_state", "left", "unwatched", "lobby_state", "lobby_unsubscribed"];

/** The rows of a table of docs/errors.md: code and meaning. */
export function codes(heading) {
  const [, section] = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8").split(`## ${heading}\n`);
  const rows = section.split("\n## ")[0].split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim())).map(([code, meaning, , deed]) => [code.replaceAll("`", ""), `${meaning} ${deed}`]);
}

function operations(client, server, replies) {
  const asked = [...client.keys()].map((type) => {
    const answers = [replies.get(type).text.slice(1, -1), "error"];
    const { summary } = client.get(type);
    return [type, { action: "receive", summary, channel, messages: [message(type)], reply: { channel, messages: answers.map(message) } }];
  });
  const answers = new Set([...replies.values()].map(({ text }) => text.slice(1, -1)));
  const unasked = [...server.keys()].filter((type) => !answers.has(type) || UNASKED_REPLIES.includes(type));
  return { ...Object.fromEntries(asked), tell: { action: "send", summary: "What comes unasked.", channel, messages: unasked.filter((type) => type !== "ok").map(message) } };
}

/** The document. */
export function describe() {
  const [client, server] = [messages("ClientMessages"), messages("ServerMessages")];
  const all = [...client, ...server];
  const errors = codes("Error codes");
  const schemas = {
    RequestId: { description: "Given by the client; the answer carries the same.", anyOf: [{ type: "integer" }, { type: "string", maxLength: 64 }] },
    ...Object.fromEntries(objects()),
  };
  schemas.ErrorCode = { ...schemas.ErrorCode, "x-meanings": Object.fromEntries(errors) };
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Presence",
      version,
      description: "One JSON object for each text message. Receivers ignore a type and a field that they do not know. In words: protocol.md.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: { local: { host: "localhost:8080", protocol: "ws", description: "As `dotnet run --project src/Standalone` starts it." } },
    channels: {
      socket: {
        address: "/ws",
        description: "The WebSocket, with the subprotocol presence.v1.json. Close codes below 4500: come back; from 4500 on: stop.",
        messages: Object.fromEntries(all.map(([type]) => [type, { $ref: `#/components/messages/${type}` }])),
        bindings: { ws: { method: "GET" } },
        "x-close-codes": Object.fromEntries(codes("Close codes")),
      },
    },
    operations: operations(client, server, readTypes().fields("Replies")),
    components: { messages: Object.fromEntries(all.map(([name, { summary, payload }]) => [name, { name, summary, payload }])), schemas },
  };
}

/** The document as text. */
export const text = () =>
  `# Made of clients/js/src/messages.ts, model.ts and docs/errors.md by: npm run asyncapi (in clients/js).\n${stringify(describe(), { aliasDuplicateObjects: false, lineWidth: 140 })}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(file, text());
}
