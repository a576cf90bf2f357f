import { defineConfig } from "tsup";

const target = "es2022";

export default defineConfig([
  {
    entry: { index: "src/index.ts" },
    format: ["esm", "cjs"],
    dts: true,
    target,
    // Names that start with `_` are used across files but not outside the package: shortened here, and taken out of the types.
    esbuildOptions: (options) => {
      options.mangleProps = /^_/;
    },
  },
  { entry: { react: "react/index.ts" }, format: ["esm", "cjs"], dts: true, target, external: ["react", "@presence/client"] },
]);
