// What the types of this package, the server's sources and its page docs/protocol.md call things. test/wire.test.mjs compares them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

/** What src/model.ts and src/messages.ts declare. */
export const declarations = ["model", "messages"].flatMap((name) => [
  ...ts.createSourceFile(`${name}.ts`, read(`../src/${name}.ts`), ts.ScriptTarget.Latest, true).statements,
]);

/** Their interfaces: `{ name: { field: { optional, type } } }`, and their unions of names. */
export function readTypes() {
  const interfaces = new Map();
  const unions = new Map();
  for (const node of declarations) {
    if (ts.isInterfaceDeclaration(node)) {
      interfaces.set(node.name.text, node.members);
    } else if (ts.isTypeAliasDeclaration(node) && ts.isUnionTypeNode(node.type)) {
      unions.set(node.name.text, node.type.types.filter(ts.isLiteralTypeNode).map((type) => type.literal.text));
    }
  }

  return { messages: (name) => messages(interfaces, name), fields: (name) => fieldsOf(interfaces.get(name), interfaces), unions };
}

function messages(interfaces, name) {
  return new Map(interfaces.get(name).map((member) => [member.name.text, fieldsOfType(member.type, interfaces)]));
}

function fieldsOf(members, interfaces) {
  const named = members.filter((member) => member.name);
  return new Map(named.map(({ name, questionToken, type }) => [name.text, { optional: !!questionToken, fields: nested(type, interfaces), text: type.getText() }]));
}

function fieldsOfType(type, interfaces) {
  if (ts.isIntersectionTypeNode(type)) {
    return new Map(type.types.flatMap((part) => [...fieldsOfType(part, interfaces)]));
  }

  if (ts.isTypeLiteralNode(type)) {
    return fieldsOf(type.members, interfaces);
  }

  if (ts.isTypeReferenceNode(type) && type.typeName.text === "Partial") {
    return new Map([...fieldsOfType(type.typeArguments[0], interfaces)].map(([name, field]) => [name, { ...field, optional: true }]));
  }

  return ts.isTypeReferenceNode(type) ? fieldsOf(interfaces.get(type.typeName.text) ?? [], interfaces) : new Map();
}

/** The fields of an object, or of the objects in an array; null for what is no object of ours. */
function nested(type, interfaces) {
  const inner = ts.isArrayTypeNode(type) ? type.elementType : type;
  const isOpen = ts.isTypeReferenceNode(inner) && interfaces.get(inner.typeName.text)?.some(ts.isIndexSignatureDeclaration);
  return ts.isTypeReferenceNode(inner) && interfaces.has(inner.typeName.text) && !isOpen ? fieldsOfType(inner, interfaces) : null;
}

const gateway = new URL("../../../src/Gateway/", import.meta.url);

/** Whether this package lies in its repository, beside the server. */
export const hasServer = existsSync(gateway);

/** What the server's sources name: messages in and out, fields written, statuses, kinds of devices, error codes. */
export function readServer() {
  // WarmUp.cs plays a client.
  const files = readdirSync(gateway, { recursive: true }).filter((name) => name.endsWith(".cs") && !/(^|\/)(obj|bin)\/|WarmUp/.test(name));
  const text = files.map((name) => readFileSync(new URL(name, gateway), "utf8")).join("\n");
  const all = (pattern) => new Set([...text.matchAll(pattern)].map((match) => match[1]));
  const part = (name, pattern) => new Set([...readFileSync(new URL(`Protocol/${name}`, gateway), "utf8").matchAll(pattern)].map((match) => match[1]));
  return {
    /** Whether a name is anywhere in the sources, alone or as the name of a field. */
    has: (name) => new RegExp(`[".]${name}\\\\?"|"type":"${name}"`).test(text),
    accepts: all(/\b[tT]ype, "([a-z_]+)"u8/g),
    sends: new Set([
      ...all(/\b(?:Start|Reply)\((?:[^()?]+ \? "[a-z_]+"u8 : )?"([a-z_]+)"u8/g),
      ...all(/\bStart\([^()?]+ \? "([a-z_]+)"u8/g),
      ...all(/\{\\?"type\\?":\\?"([a-z_]+)/g),
    ]),
    writes: all(/(?:\\"|"|,|\{)"?([a-z][A-Za-z]*)\\?":/g),
    statuses: part("StatusNames.cs", /\(PresenceStatus\.\w+, \[\.\. "(\w+)"u8\]/g),
    devices: part("StatusNames.cs", /\(DeviceType\.\w+, \[\.\. "(\w+)"u8\]/g),
    errors: part("ErrorCodes.cs", /= "(\w+)";/g),
    closes: part("CloseCodes.cs", /= (\d+);/g),
  };
}

/** The tables of docs/protocol.md: `type`, the names in the row, and what it says of the fields. */
export function readDocument() {
  const rows = read("../../../docs/protocol.md").split("\n").filter((line) => line.startsWith("| `"));
  return new Map(rows.flatMap((row) => {
    const [types, ...cells] = row.split(/(?<!\\)\|/).slice(1, -1);
    const names = [...cells.join(" ").matchAll(/`(\w+)`/g)].map((match) => match[1]);
    return [...types.matchAll(/`([a-z_]+)`/g)].map((match) => [match[1], { names, fields: cells[0] }]);
  }));
}
