// Bundles the pages: node build.mjs <output>, run where the packages are installed.

import { appendFileSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const tools = process.cwd();
const output = path.resolve(process.argv[2]);
const here = import.meta.dirname;
const { build } = createRequire(path.join(tools, 'package.json'))('esbuild');

/** What is imported while the page runs stays a file of its own. */
const later = {
  name: 'later',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\// }, ({ kind, path: name }) => (kind === 'dynamic-import' ? { path: name, external: true } : undefined)),
};

mkdirSync(output, { recursive: true });
await build({
  entryPoints: ['demo.js', 'ops.js', 'code.js', 'style.css', 'demo.css', 'ops.css'].map(name => path.join(here, name)),
  outdir: output,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'inline',
  nodePaths: [path.join(tools, 'node_modules')],
  external: ['*.svg'],
  plugins: [later],
  logLevel: 'warning',
});
appendFileSync(path.join(output, 'ops.css'), readFileSync(path.join(tools, 'node_modules/uplot/dist/uPlot.min.css')));
for (const name of ['index.html', 'ops.html', 'favicon.svg']) {
  copyFileSync(path.join(here, name), path.join(output, name));
}
