// Builds dist/: each entry for `import` and for `require` with its types, and one file for pages without a bundler.
// Names that start with `_` are used across files but not outside the package: shortened in the code, taken out of the types.
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { minify } from "terser";
import { stripInternal } from "./strip-internal.mjs";

const common = { bundle: true, target: "es2022", mangleProps: /^_/ };

/** Twice: what is required needs types in a folder that says so. */
function buildTypes() {
  execFileSync("tsc", ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", ".", "--outDir", "dist/types"], { stdio: "inherit" });
  for (const file of readdirSync("dist/types", { recursive: true }).filter((name) => name.endsWith(".d.ts"))) {
    writeFileSync(`dist/types/${file}`, stripInternal(readFileSync(`dist/types/${file}`, "utf8")));
  }

  cpSync("dist/types", "dist/types-cjs", { recursive: true });
  writeFileSync("dist/types-cjs/package.json", '{ "type": "commonjs" }\n');
}

async function buildCode(format, extension) {
  const entryPoints = { index: "src/index.ts", react: "react/index.ts" };
  await build({ ...common, entryPoints, external: ["react", "@presence/client"], format, outdir: "dist", outExtension: { ".js": extension } });
}

/** Two minifiers in a row: each finds what the other leaves. */
async function buildGlobal() {
  const { outputFiles } = await build({ ...common, entryPoints: ["src/global.ts"], minify: true, format: "iife", write: false });
  const compress = { passes: 3, unsafe_arrows: true, keep_fargs: false };
  const { code } = await minify(outputFiles[0].text, { compress, toplevel: true, ecma: 2020 });
  writeFileSync("dist/presence.global.js", code);
}

rmSync("dist", { recursive: true, force: true });
buildTypes();
await buildCode("esm", ".js");
await buildCode("cjs", ".cjs");
await buildGlobal();
