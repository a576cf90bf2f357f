// The real server as a process, and a line to it that can be cut.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { createPresence } from "@presence/client";
import { WebSocket } from "ws";
import { wrongFromServer } from "./frames.mjs";

const dll = process.env.PRESENCE_DLL ?? fileURLToPath(new URL("../../../../artifacts/standalone/Presence.Standalone.dll", import.meta.url));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a condition holds; says what it was when it never does. */
export async function until(what, holds, ms = 15_000) {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) {
      throw new Error(`waited ${ms} ms for: ${what}`);
    }

    await pause(20);
  }
}

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

export class Standalone {
  #process;

  static async start(settings = {}, port = undefined) {
    const server = new Standalone();
    server.port = port ?? (await freePort());
    await server.#launch(settings, await freePort());
    return server;
  }

  async #launch(settings, management) {
    if (!existsSync(dll)) {
      throw new Error(`no server at ${dll}: dotnet publish src/Standalone -c Release -o artifacts/standalone, or set PRESENCE_DLL`);
    }

    const env = { ...process.env, ASPNETCORE_ENVIRONMENT: "Development", Presence__DataFile: "", Presence__ManagementUrl: `http://127.0.0.1:${management}` };
    for (const [key, value] of Object.entries(settings)) {
      env[`Presence__${key.replaceAll(":", "__")}`] = value;
    }

    this.#process = spawn("dotnet", [dll, "--urls", `http://127.0.0.1:${this.port}`], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    this.#process.stdout.on("data", (text) => (output += text));
    this.#process.stderr.on("data", (text) => (output += text));
    const isReady = async () => {
      if (this.#process.exitCode !== null) {
        throw new Error(`the server ended:\n${output}`);
      }

      return (await fetch(`http://127.0.0.1:${management}/health/ready`).catch(() => null))?.status === 200;
    };
    await until("the server is ready", isReady, 60_000);
  }

  /** Ends it: SIGTERM as an operator, SIGKILL as a power cut. */
  async end(signal = "SIGKILL") {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill(signal);
      await ended;
    }
  }
}

/** A line between clients and server that can be cut as a network is: without a close frame. */
export class Line {
  #sockets = new Set();
  #server;
  #isDown = false;

  static async to(port) {
    const line = new Line();
    line.#server = net.createServer((near) => {
      if (line.#isDown) {
        return near.resetAndDestroy();
      }

      const far = net.connect(port, "127.0.0.1");
      for (const [socket, other] of [[near, far], [far, near]]) {
        line.#sockets.add(socket);
        socket.pipe(other);
        socket.on("error", () => other.destroy());
        socket.on("close", () => line.#sockets.delete(socket));
      }
    });
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    line.port = line.#server.address().port;
    return line;
  }

  /** Until it is mended. */
  cut() {
    this.#isDown = true;
    this.#sockets.forEach((socket) => socket.resetAndDestroy());
  }

  mend() {
    this.#isDown = false;
  }

  end() {
    this.#server.close();
    this.cut();
  }
}

/** Clients of one test: what the server says to them is checked against the types, and they are gone at its end. */
export class Clients {
  #all = [];
  wrong = new Set();

  add(port, user, options = {}) {
    const presence = createPresence({ url: `ws://127.0.0.1:${port}/ws`, user, getToken: () => "token", WebSocket, ...options });
    presence.on("message", (message) => wrongFromServer(message).forEach((problem) => this.wrong.add(problem)));
    this.#all.push(presence);
    return presence;
  }

  end() {
    this.#all.forEach((presence) => presence.disconnect());
  }
}
