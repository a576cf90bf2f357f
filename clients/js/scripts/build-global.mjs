// One file for pages without a bundler. Two minifiers in a row: each finds what the other leaves.
import { writeFileSync } from "node:fs";
import { build } from "esbuild";
import { minify } from "terser";

const { outputFiles } = await build({
  entryPoints: ["src/global.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  mangleProps: /^_/,
  write: false,
});
const { code } = await minify(outputFiles[0].text, {
  compress: { passes: 3, unsafe_arrows: true, keep_fargs: false },
  toplevel: true,
  ecma: 2020,
});
writeFileSync("dist/presence.global.js", code);
