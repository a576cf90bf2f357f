// Commands and code out of a page of text, run in an empty folder as a reader would.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './server.mjs';
import { until } from './wait.mjs';

/** The blocks of a page that have a name, by that name. */
export function blocksOf(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  return new Map([...text.matchAll(/^```\w+ (\S+)\n([^]*?)^```$/gm)].map(([, name, code]) => [name, code]));
}

export class Reader {
  #blocks;
  #changes;
  #env;
  #running = [];

  /**
   * @param {Map<string, string>} blocks
   * @param {Record<string, string>} changes what stands in the text, and what to use instead: ports that are free here
   * @param {Record<string, string>} env `NUGET_PACKAGES` is a folder below the reader's: a package that is made anew must not come out of a cache
   */
  constructor(blocks, changes = {}, env = {}) {
    this.#blocks = blocks;
    this.#changes = changes;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'presence-reader-'));
    this.#env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', ...env, PRESENCE: root };
    if (env.NUGET_PACKAGES) {
      this.#env.NUGET_PACKAGES = path.join(this.folder, env.NUGET_PACKAGES);
    }
  }

  text(name) {
    let text = this.#blocks.get(name);
    if (text === undefined) {
      throw new Error(`The page has no block ${name}`);
    }

    for (const [from, to] of Object.entries(this.#changes)) {
      text = text.replaceAll(from, to);
    }

    return text;
  }

  /** Saves a block under its name, which is that of a file. */
  save(name) {
    fs.writeFileSync(path.join(this.folder, name), this.text(name));
  }

  /** Starts a command; what it prints is in `output`. */
  start(name, change = text => text) {
    const child = spawn('bash', ['-e', '-c', change(this.text(name))], { cwd: this.folder, env: this.#env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child.output = '';
    child.stdout.on('data', text => { child.output += text; });
    child.stderr.on('data', text => { child.output += text; });
    this.#running.push(child);
    return child;
  }

  /** Runs a command to its end. */
  async run(name, change) {
    const child = this.start(name, change);
    const [code] = await once(child, 'exit');
    if (code !== 0) {
      throw new Error(`${name} ended with ${code}:\n${child.output.slice(-4_000)}`);
    }

    return child.output;
  }

  /** Waits until a command has printed this. */
  async prints(child, pattern, withinMs = 120_000) {
    await until(`it prints ${pattern}`, () => child.output.slice(-2_000), output => pattern.test(output) || child.exitCode !== null, withinMs);
    if (!pattern.test(child.output)) {
      throw new Error(`It ended with ${child.exitCode}:\n${child.output.slice(-4_000)}`);
    }
  }

  /** Ends whatever still runs. */
  async leave() {
    for (const child of this.#running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      const ended = once(child, 'exit');
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    }

    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
