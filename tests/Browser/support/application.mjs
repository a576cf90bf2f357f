// An application that uses the JavaScript client: its site, and its tabs in Chromium.

import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { root } from './server.mjs';
import { until } from './wait.mjs';

const bundle = path.resolve(root, 'clients/js/dist/presence.global.js');
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Application</title><script src="/presence.global.js"></script><ul></ul></html>`;

/** Runs in the page: a client, and a note of everything that it shows of others. */
function enter({ url, user, watched, options }) {
  window.seen = [];
  window.states = [];
  window.presence = window.Presence.createPresence({ url, user, getToken: () => 'any', idleAfterMs: null, ...options });
  const { presence } = window;
  presence.on('presence', ({ userId, status, stale }) => window.seen.push({ userId, shown: stale ? `${status} (stale)` : status, at: Date.now() }));
  presence.on('state', ({ name, closeCode }) => window.states.push({ name, closeCode, at: Date.now() }));
  presence.watch(watched);
}

/** Where the application's pages come from: an origin of its own, which the gateway must allow. */
export class Site {
  #server;

  static async open() {
    const site = new Site();
    const files = { '/': ['text/html; charset=utf-8', page], '/presence.global.js': ['text/javascript; charset=utf-8', fs.readFileSync(bundle)] };
    site.#server = http.createServer((request, response) => {
      const [type, text] = files[new URL(request.url, 'http://site').pathname] ?? ['text/plain', ''];
      response.writeHead(200, { 'content-type': type }).end(text);
    }).listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  /** Settings of a gateway that lets these pages in. */
  get settings() {
    return { AllowedOrigins__0: this.origin };
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** One tab of one user. */
export class Tab {
  /** What the page reports as uncaught. */
  problems = [];
  #entry;

  constructor(page, entry) {
    this.page = page;
    this.user = entry.user;
    this.#entry = entry;
    page.on?.('pageerror', error => this.problems.push(error.message));
  }

  /** @param {{ newPage(): Promise<any> }} context tabs of one context are tabs of one browser profile */
  static async open(context, site, url, user, watched = [], options = {}) {
    const tab = new Tab(await context.newPage(), { url: `${url}/ws`, user, watched, options });
    await tab.page.goto(site.origin);
    await tab.enter();
    return tab;
  }

  /** Connects, in a page that was just loaded. */
  async enter() {
    await this.page.evaluate(enter, this.#entry);
    await this.isConnected();
  }

  /** The protocol of the browser's own tools, for what no page can do. */
  tools() {
    return this.page.context().newCDPSession(this.page);
  }

  isConnected(withinMs) {
    return until(`${this.user} is connected`, () => this.page.evaluate(() => window.presence.state.name), name => name === 'connected', withinMs);
  }

  get(userId) {
    return this.page.evaluate(id => window.presence.get(id), userId);
  }

  /** Waits until this tab shows somebody with this status, and not as stale. */
  sees(userId, status, withinMs) {
    return until(`${this.user} sees ${userId} ${status}`, () => this.get(userId), seen => seen?.status === status && !seen.stale, withinMs);
  }

  /** What was shown so far is not part of the story. */
  forget() {
    return this.page.evaluate(() => { window.seen.length = 0; });
  }

  /** Everything that was shown of somebody, in order; what is said twice in a row, once. */
  async story(userId) {
    const seen = await this.page.evaluate(id => window.seen.filter(({ userId: of }) => of === id), userId);
    return seen.map(({ shown }) => shown).filter((shown, i, all) => shown !== all[i - 1]);
  }

  /** When this tab showed somebody so for the first time, in milliseconds since the epoch. */
  firstAt(userId, shown) {
    return this.page.evaluate(([id, wanted]) => window.seen.find(({ userId: of, shown: was }) => of === id && was === wanted)?.at, [userId, shown]);
  }

  set(status, options = {}) {
    return this.page.evaluate(([wanted, how]) => window.presence.setStatus(wanted, how), [status, options]);
  }

  /** Lists the members of a room on the page as an application would, and returns their names once there are so many. */
  async members(roomId, count) {
    await this.page.evaluate(id => window.presence.room(id).subscribe(members => {
      document.querySelector('ul').replaceChildren(...members.map(({ userId }) => Object.assign(document.createElement('li'), { textContent: userId })));
    }), roomId);
    return until(`${count} members`, () => this.page.locator('li').allTextContents(), names => names.length === count);
  }

  /** How many devices of its user this tab knows of. */
  devices() {
    return this.page.evaluate(() => window.presence.me?.devices?.length);
  }
}
