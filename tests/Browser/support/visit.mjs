// The page in a browser, and what the tests look at in it.

import assert from 'node:assert/strict';
import { openProfile } from './browser.mjs';
import { Server } from './server.mjs';
import { until } from './wait.mjs';

const rowOf = (view, userId) => view.locator('#people > li').evaluateAll((rows, id) => {
  const row = rows.find(({ dataset }) => dataset.user === id);
  return row && { status: row.dataset.status, stale: 'stale' in row.dataset, text: row.innerText, devices: row.querySelector('.devices').textContent };
}, userId);

/** Waits until a window shows somebody with this status. */
export const sees = (view, userId, status, withinMs) =>
  until(`the page shows ${userId} ${status}`, () => rowOf(view, userId), seen => seen?.status === status && !seen.stale, withinMs);

/** Waits until what a window shows of somebody fits. */
export const shows = (view, userId, what, fits, withinMs) =>
  until(`the page shows of ${userId} ${what}`, () => rowOf(view, userId), seen => seen !== undefined && fits(seen), withinMs);

export const ownId = view => view.locator('#own > li').getAttribute('data-user');

/** Waits until a window shows its own person with this status. */
export const isOwn = (view, status) =>
  until(`the own status is ${status}`, () => view.locator('#own > li').getAttribute('data-status'), seen => seen === status);

export const set = (view, status) => view.click(`#statuses [data-status=${status}]`);

/** Waits until a part of a window has a text that fits. */
export const reads = (view, selector, fits, withinMs) =>
  until(`${selector} reads ${fits}`, () => view.textContent(selector), seen => (fits instanceof RegExp ? fits.test(seen) : seen === fits), withinMs);

/** Notes the status the window shows of somebody, and every other one from now on. */
export const record = (view, userId) => view.evaluate(id => {
  const row = [...document.querySelectorAll('#people > li')].find(({ dataset }) => dataset.user === id);
  window.seen = [row.dataset.status];
  new MutationObserver(() => row.dataset.status !== window.seen.at(-1) && window.seen.push(row.dataset.status))
    .observe(row, { attributeFilter: ['data-status'] });
}, userId);

/** What was noted since `record`. */
export const recorded = view => view.evaluate(() => window.seen);

const framesOf = (page, view) => page.frames().filter(frame => frame.url().includes(`view=${view}`));

export const embedded = page => until('the second guest’s page', () => framesOf(page, 'guest')[0]);

/** The frame's window that is of this person's further tabs. */
export const tabs = page => framesOf(page, 'tab');

/** Kills the second guest, or another tab, by the button above it. */
export const kill = (page, title) => page.getByRole('button', { name: `Kill this tab: ${title}` }).click();

/** Waits until both guests of a window see each other. */
export async function meet(page) {
  const other = await embedded(page);
  await isOwn(page, 'online');
  await other.waitForSelector('#own > li');
  const [me, second] = [await ownId(page), await ownId(other)];
  await sees(page, second, 'online');
  await sees(other, me, 'online');
  return { other, me, second, title: await page.locator('#second h2').textContent() };
}

let rooms = 0;

/** A server, a browser, and any number of windows that must report no error. */
export class Visit {
  #problems = [];

  async start(settings, server) {
    this.server = server ?? await Server.start(settings);
    this.browser = await openProfile({ viewport: { width: 1280, height: 900 } });
  }

  /** By default in a room that nobody else is in. */
  async open(address = `/?room=test-${++rooms}`, origin = this.server.origin) {
    const page = await this.browser.newPage();
    page.on('pageerror', error => this.#problems.push(error.message));
    page.on('console', message => message.type() === 'error' && this.#problems.push(message.text()));
    await page.goto(origin + address);
    return page;
  }

  /** What windows complained of so far; forgotten then. */
  problems() {
    return this.#problems.splice(0);
  }

  async closeWindows() {
    for (const page of this.browser.pages().slice(1)) {
      await page.close();
    }

    assert.deepEqual(this.problems(), []);
  }

  async end() {
    await this.browser?.close();
    await this.server?.stop();
  }
}
