// Starts Redis, silos and gateways as child processes and stops them again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { freePort, Server } from './server.mjs';
import { until } from './wait.mjs';

const answers = port => new Promise(resolve => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

export class Cluster {
  #redis;
  silos = [];
  gateways = [];

  /** @param {Record<string, string>} settings of all silos and gateways */
  static async start(settings = {}, silos = 2, gateways = 2) {
    const cluster = new Cluster();
    try {
      const redis = await cluster.#startRedis();
      const all = { ...settings, Cluster__Redis: `127.0.0.1:${redis}` };
      cluster.silos = await startAll(silos, async index => {
        const port = await freePort();
        const own = { ...all, Cluster__SiloName: `silo${index}`, Cluster__SiloPort: port, Cluster__GatewayPort: await freePort() };
        return Object.assign(await Server.start(own, 'silo'), { address: `127.0.0.1:${port}` });
      });
      cluster.gateways = await startAll(gateways, () => Server.start(all, 'gateway'));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #startRedis() {
    const port = await freePort();
    this.#redis = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    await until('Redis answers', () => answers(port));
    return port;
  }

  async stop() {
    await Promise.all([...this.gateways, ...this.silos].map(server => server.stop('SIGKILL')));
    if (this.#redis?.exitCode === null) {
      const ended = once(this.#redis, 'exit');
      this.#redis.kill();
      await ended;
    }
  }
}

function startAll(count, start) {
  return Promise.all(Array.from({ length: count }, (_, index) => start(index + 1)));
}
