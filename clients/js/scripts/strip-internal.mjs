import ts from "typescript";

function isInternal(node) {
  return (ts.isClassElement(node) || ts.isTypeElement(node)) && node.name?.getText().startsWith("_");
}

/** Where each internal member stands, with its comment. */
function internals(node, source) {
  return isInternal(node) ? [[node.getFullStart(), node.end]] : node.getChildren(source).flatMap((child) => internals(child, source));
}

/** The types of a built file without the members that start with `_`: they are for the package itself and have another name in its code. */
export function stripInternal(text) {
  const source = ts.createSourceFile("types.d.ts", text, ts.ScriptTarget.Latest, true);
  return internals(source, source).reverse().reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text);
}
