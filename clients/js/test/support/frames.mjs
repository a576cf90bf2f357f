// Checks messages against docs/asyncapi.yaml, and for fields that it does not name.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";

/** The document. */
export const asyncapi = parse(readFileSync(new URL("../../../../docs/asyncapi.yaml", import.meta.url), "utf8"));

/** Receivers ignore what they do not know; here it is a mistake. */
function closed(schema) {
  if (schema === null || typeof schema !== "object") {
    return schema;
  }

  const parts = Array.isArray(schema) ? schema.map(closed) : Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return parts.type === "object" && parts.properties && parts.additionalProperties === undefined ? { ...parts, additionalProperties: false } : parts;
}

const { components, operations } = asyncapi;
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
ajv.addSchema(closed({ components }), "asyncapi");

const CLIENT = new Set(Object.values(operations).filter(({ action }) => action === "receive").flatMap(({ messages }) => messages.map(({ $ref }) => $ref.split("/").at(-1))));
const SERVER = new Set(Object.keys(components.messages).filter((type) => !CLIENT.has(type)));

function check(types, message) {
  const { type } = message;
  if (!types.has(type)) {
    return [`${type} is not in docs/asyncapi.yaml`];
  }

  const validate = ajv.getSchema(`asyncapi#/components/messages/${type}/payload`);
  validate(message);
  return (validate.errors ?? []).map(({ instancePath, message: why, params }) => `${type}${instancePath} ${why} ${JSON.stringify(params)}`);
}

/** What is wrong with a message of the server; empty when all is well. */
export const wrongFromServer = (message) => check(SERVER, message);

/** What is wrong with a message of the client. */
export const wrongFromClient = (message) => check(CLIENT, message);
