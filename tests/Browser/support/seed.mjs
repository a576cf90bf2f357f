// The published client that must work unchanged. Its text stays outside of this repository and is cut out when the tests run.

import fs from 'node:fs';
import path from 'node:path';
import { root } from './server.mjs';

const directory = path.resolve(root, process.env.PRESENCE_SEEDS ?? '../shared/seeds');

function readSeed() {
  const name = fs.existsSync(directory) ? fs.readdirSync(directory).find(file => file.startsWith('000_')) : undefined;
  return name && fs.readFileSync(path.join(directory, name), 'utf8');
}

/** The code block that begins with this line. */
function cut(text, firstLine) {
  const start = text.indexOf(`\n${firstLine}\n`) + 1;
  const end = text.indexOf('\n```', start);
  if (start === 0 || end < 0) {
    throw new Error(`No code block that begins with ${firstLine}`);
  }

  return text.slice(start, end + 1);
}

const text = readSeed();

/** Why the tests of the seed cannot run, or false. */
export const missing = text === undefined && `no text 000_* in ${directory}: set PRESENCE_SEEDS to run this`;
export const clientSource = () => cut(text, '// public/presence-client.js');
export const pageSource = () => cut(text, '<!-- public/index.html -->');
