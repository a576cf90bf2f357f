// Chromium driven by its own protocol alone. Playwright keeps every page it drives visible and focused; here tabs hide each other, as a person's do.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { until } from './wait.mjs';

const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--remote-debugging-port=0'];

export class BareBrowser {
  #child;
  #socket;
  #directory;
  #waiting = new Map();
  #lastId = 0;

  static async start() {
    const browser = new BareBrowser();
    browser.#directory = fs.mkdtempSync(path.join(os.tmpdir(), 'presence-profile-'));
    browser.#child = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', [...args, `--user-data-dir=${browser.#directory}`, 'about:blank'], { stdio: 'ignore', detached: true });
    const file = path.join(browser.#directory, 'DevToolsActivePort');
    await until('the browser listens', () => fs.existsSync(file) && fs.readFileSync(file, 'utf8').split('\n').length > 1, Boolean, 30_000);
    const [port, address] = fs.readFileSync(file, 'utf8').split('\n');
    browser.#socket = new WebSocket(`ws://127.0.0.1:${port}${address}`);
    browser.#socket.on('message', text => browser.#take(JSON.parse(text)));
    await once(browser.#socket, 'open');
    return browser;
  }

  /** Says something to the browser, or to one of its tabs. */
  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, method }));
  }

  /** A new tab, in front of the others. */
  async newPage() {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    return new BarePage(this, targetId, sessionId);
  }

  /** Every process of the browser. */
  async processes() {
    return (await this.send('SystemInfo.getProcessInfo')).processInfo.map(({ id }) => id);
  }

  async close() {
    const ended = once(this.#child, 'exit');
    process.kill(-this.#child.pid, 'SIGKILL'); // its group: what it started would go on writing into the directory
    await ended;
    fs.rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #take({ id, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    error ? waiting?.reject(new Error(`${waiting.method}: ${error.message}`)) : waiting?.resolve(result);
  }
}

/** A tab, with as much of Playwright's page as the tests need. */
class BarePage {
  #browser;
  #targetId;
  #sessionId;

  constructor(browser, targetId, sessionId) {
    this.#browser = browser;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  async goto(url) {
    await this.send('Page.navigate', { url });
    await until('the page is loaded', () => this.evaluate(() => document.readyState + location.href), seen => seen === `complete${new URL(url).href}`);
  }

  async evaluate(run, parameter) {
    const expression = `(${run})(${JSON.stringify(parameter)})`;
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }

    return result.value;
  }

  /** Says something to this tab in the browser's own protocol. */
  send(method, parameters) {
    return this.#browser.send(method, parameters, this.#sessionId);
  }

  bringToFront() {
    return this.#browser.send('Target.activateTarget', { targetId: this.#targetId });
  }
}
