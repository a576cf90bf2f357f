// Starts a published program as a child process on free ports and stops it by its own process.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { until } from './wait.mjs';

export const root = path.resolve(import.meta.dirname, '../../..');
const dlls = {
  standalone: path.resolve(root, process.env.PRESENCE_DLL ?? 'artifacts/standalone/Presence.Standalone.dll'),
  silo: path.resolve(root, process.env.PRESENCE_SILO_DLL ?? 'artifacts/silo/Presence.Silo.dll'),
  gateway: path.resolve(root, process.env.PRESENCE_GATEWAY_DLL ?? 'artifacts/gateway/Presence.Gateway.dll'),
};
const runner = process.env.PRESENCE_RUNNER ?? 'dotnet';
const startMs = 60_000;
const stopMs = 30_000;

export async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export class Server {
  #settings;
  #program;
  #child = null;
  #output = '';

  constructor(settings, program) {
    this.#settings = settings;
    this.#program = program;
  }

  /**
   * @param {Record<string, string>} settings of the section `Presence`, for example `{ GracePeriod: '1s' }`
   * @param {'standalone' | 'silo' | 'gateway'} program
   */
  static async start(settings = {}, program = 'standalone') {
    const dll = dlls[program];
    if (!fs.existsSync(dll)) {
      throw new Error(`No ${program} at ${dll}: publish it there or set PRESENCE_DLL, PRESENCE_SILO_DLL, PRESENCE_GATEWAY_DLL.`);
    }

    const server = new Server(settings, program);
    server.port = await freePort();
    server.managementPort = await freePort();
    await server.run();
    return server;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  get url() {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** The exit code, or the signal that ended it; null while it runs. */
  get end() {
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  /** Starts it, for the first time or again on the same ports, and waits until it is ready. */
  async run() {
    const dll = dlls[this.#program];
    const settings = {
      DataFile: '', GracePeriod: '1s', DrainWindow: '1s', Auth__Mode: 'Development', ...this.#settings, ManagementUrl: `http://127.0.0.1:${this.managementPort}`,
    };
    const env = { ...process.env, ASPNETCORE_ENVIRONMENT: 'Development', DOTNET_ENVIRONMENT: 'Development' };
    for (const [key, value] of Object.entries(settings)) {
      env[`Presence__${key}`] = value;
    }

    const child = spawn(runner, this.#program === 'silo' ? [dll] : [dll, '--urls', this.origin], { cwd: path.dirname(dll), env, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = text => { this.#output = (this.#output + text).slice(-8_000); };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', error => keep(`cannot start: ${error.message}`));
    this.#child = child;
    try {
      await until('the server is ready', () => this.#readiness(child), seen => seen === 200 || seen === 'ended', startMs);
      if (child.exitCode !== null) {
        throw new Error(`The server ended with ${child.exitCode}`);
      }
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${error.message}\n--- its output:\n${this.#output}`);
    }
  }

  async #readiness(child) {
    if (child.exitCode !== null || child.pid === undefined) {
      return 'ended';
    }

    try {
      const response = await fetch(`http://127.0.0.1:${this.managementPort}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      return error.cause?.code ?? error.message;
    }
  }

  /** Ends it and returns its exit code, or the signal that ended it. */
  async stop(signal = 'SIGTERM') {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? child?.signalCode;
    }

    const ended = once(child, 'exit');
    const force = setTimeout(() => child.kill('SIGKILL'), stopMs);
    child.kill(signal);
    const [code, endedBy] = await ended;
    clearTimeout(force);
    return code ?? endedBy;
  }
}
