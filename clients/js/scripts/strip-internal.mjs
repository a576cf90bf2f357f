// Takes what starts with `_` out of the built types: it is for the package itself and has another name in the built code.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

const dist = new URL("../dist/", import.meta.url);

function isInternal(node) {
  return (ts.isClassElement(node) || ts.isTypeElement(node)) && node.name?.getText().startsWith("_");
}

/** Where each internal member stands, with its comment. */
function internals(node, source) {
  return isInternal(node) ? [[node.getFullStart(), node.end]] : node.getChildren(source).flatMap((child) => internals(child, source));
}

for (const file of readdirSync(dist).filter((name) => /\.d\.c?ts$/.test(name))) {
  const text = readFileSync(new URL(file, dist), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const cuts = internals(source, source).reverse();
  writeFileSync(new URL(file, dist), cuts.reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text));
}
