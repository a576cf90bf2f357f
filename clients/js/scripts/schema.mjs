// JSON Schemas of what src/model.ts and src/messages.ts declare.
import ts from "typescript";
import { declarations } from "./wire.mjs";

const named = new Map(declarations.filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)).map((node) => [node.name.text, node]));

/** The comment over a declaration or a member, as a description. */
function comment(node) {
  const text = node.jsDoc?.at(-1)?.comment;
  return text ? { description: text.replace(/\s*\n\s*/g, " ") } : {};
}

const KEYWORDS = new Map([
  [ts.SyntaxKind.StringKeyword, { type: "string" }],
  [ts.SyntaxKind.BooleanKeyword, { type: "boolean" }],
  [ts.SyntaxKind.NumberKeyword, { type: "integer" }],
  [ts.SyntaxKind.ObjectKeyword, { type: "object" }],
  [ts.SyntaxKind.UnknownKeyword, {}],
]);

function schemaOf(type) {
  if (KEYWORDS.has(type.kind)) {
    return KEYWORDS.get(type.kind);
  }

  if (ts.isArrayTypeNode(type)) {
    return { type: "array", items: schemaOf(type.elementType) };
  }

  if (ts.isParenthesizedTypeNode(type)) {
    return schemaOf(type.type);
  }

  if (ts.isLiteralTypeNode(type)) {
    return type.literal.kind === ts.SyntaxKind.NullKeyword ? { type: "null" } : { const: type.literal.text };
  }

  if (ts.isUnionTypeNode(type)) {
    return unionOf(type.types.map(schemaOf));
  }

  if (ts.isTypeReferenceNode(type)) {
    return type.typeName.text === "Record" ? { type: "object", additionalProperties: schemaOf(type.typeArguments[1]) } : reference(type.typeName.text);
  }

  throw new Error(`No schema for ${type.getText()}`);
}

/** Words are one enum; whatever else is in a union stands beside it. */
function unionOf(parts) {
  const words = parts.filter((part) => part.const).map((part) => part.const);
  const others = parts.filter((part) => !part.const);
  const all = words.length > 0 ? [{ type: "string", enum: words }, ...others] : others;
  return all.length === 1 ? all[0] : { anyOf: all };
}

const reference = (name) => ({ $ref: `#/components/schemas/${name}` });

/** The members of an object type, whatever it is made of. */
function membersOf(type) {
  if (ts.isTypeLiteralNode(type)) {
    return type.members.map((member) => ({ member, isOptional: !!member.questionToken }));
  }

  if (ts.isIntersectionTypeNode(type)) {
    return type.types.flatMap(membersOf);
  }

  if (ts.isTypeReferenceNode(type)) {
    const isPartial = type.typeName.text === "Partial";
    const { members } = named.get((isPartial ? type.typeArguments[0] : type).typeName.text);
    return members.map((member) => ({ member, isOptional: isPartial || !!member.questionToken }));
  }

  return [];
}

/** @param members of `membersOf` @param extra properties that stand before them */
function objectOf(members, extra = {}, required = []) {
  const index = members.find(({ member }) => ts.isIndexSignatureDeclaration(member));
  const fields = members.filter(({ member }) => member.name);
  const properties = Object.fromEntries(fields.map(({ member }) => {
    const schema = schemaOf(member.type);
    return [member.name.text, schema.$ref && member.jsDoc ? { allOf: [schema], ...comment(member) } : { ...schema, ...comment(member) }];
  }));
  const needed = [...required, ...fields.filter(({ isOptional }) => !isOptional).map(({ member }) => member.name.text)];
  return {
    type: "object",
    properties: { ...extra, ...properties },
    ...(needed.length > 0 && { required: needed }),
    ...(index && { additionalProperties: schemaOf(index.member.type) }),
  };
}

function declared(node) {
  if (ts.isInterfaceDeclaration(node)) {
    return objectOf(node.members.map((member) => ({ member, isOptional: !!member.questionToken })));
  }

  return node.name.text === "Time" ? { type: "string", format: "date-time" } : schemaOf(node.type);
}

/** The objects of the protocol, by name. */
export function objects() {
  const names = [...named].filter(([, node]) => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) && node.getSourceFile().fileName === "model.ts");
  return new Map(names.map(([name, node]) => [name, { ...declared(node), ...comment(node) }]));
}

/** The messages of `ClientMessages` or `ServerMessages`, by type: `{ summary, payload }`. */
export function messages(name) {
  return new Map(named.get(name).members.map((member) => {
    const type = member.name.text;
    const payload = objectOf(membersOf(member.type), { type: { const: type }, id: reference("RequestId") }, ["type"]);
    return [type, { summary: comment(member).description, payload }];
  }));
}
