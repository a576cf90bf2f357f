// Checks messages against src/protocol.ts: fields that are not there, and fields that must be.
import { readTypes } from "../../scripts/wire.mjs";

const types = readTypes();
const SERVER = types.messages("ServerMessages");
const CLIENT = types.messages("ClientMessages");

function problems(value, fields, path) {
  const missing = [...fields].filter(([name, { optional }]) => !optional && value[name] === undefined).map(([name]) => `${path}.${name} is missing`);
  return missing.concat(Object.entries(value).flatMap(([name, inner]) => {
    const field = fields.get(name);
    if (!field) {
      return [`${path}.${name} is not in src/protocol.ts`];
    }

    const parts = Array.isArray(inner) ? inner : [inner];
    return field.fields ? parts.filter((part) => part && typeof part === "object").flatMap((part) => problems(part, field.fields, `${path}.${name}`)) : [];
  }));
}

function check(messages, { type, id, ...fields }) {
  return messages.has(type) ? problems(fields, messages.get(type), type) : [`${type} is not in src/protocol.ts`];
}

/** What is wrong with a message of the server; empty when all is well. */
export const wrongFromServer = (message) => check(SERVER, message);

/** What is wrong with a message of the client. */
export const wrongFromClient = (message) => check(CLIENT, message);
