// The first page in a browser, and what the tests look at in it.

import assert from 'node:assert/strict';
import { openProfile } from './browser.mjs';
import { Server } from './server.mjs';
import { until } from './wait.mjs';

const statusOf = (view, userId) => view.locator('#people > li')
  .evaluateAll((rows, id) => rows.find(row => row.dataset.user === id)?.dataset.status, userId);

/** Waits until a window shows somebody with this status. */
export const sees = (view, userId, status, withinMs) =>
  until(`the page shows ${userId} ${status}`, () => statusOf(view, userId), seen => seen === status, withinMs);

export const ownId = view => view.locator('#own > li').getAttribute('data-user');

/** Waits until a window shows its own person with this status. */
export const isOwn = (view, status) =>
  until(`the own status is ${status}`, () => view.locator('#own > li').getAttribute('data-status'), seen => seen === status);

export const set = (view, status) => view.click(`#statuses [data-status=${status}]`);

/** Notes the status the window shows of somebody, and every other one from now on. */
export const record = (view, userId) => view.evaluate(id => {
  const row = [...document.querySelectorAll('#people > li')].find(({ dataset }) => dataset.user === id);
  window.seen = [row.dataset.status];
  new MutationObserver(() => row.dataset.status !== window.seen.at(-1) && window.seen.push(row.dataset.status))
    .observe(row, { attributeFilter: ['data-status'] });
}, userId);

/** What was noted since `record`. */
export const recorded = view => view.evaluate(() => window.seen);

export const embedded = page =>
  until('the second guest\'s page', () => page.frames().find(frame => frame.url().includes('embedded')));

/** Waits until both guests of a window see each other. */
export async function meet(page) {
  const other = await embedded(page);
  await isOwn(page, 'online');
  await other.waitForSelector('#own > li');
  const [me, second] = [await ownId(page), await ownId(other)];
  await sees(page, second, 'online');
  await sees(other, me, 'online');
  return { other, me, second };
}

/** A server, a browser, and any number of windows that must report no error. */
export class Visit {
  #problems = [];

  async start(settings) {
    this.server = await Server.start(settings);
    this.browser = await openProfile({ viewport: { width: 1280, height: 900 } });
  }

  async open(address = '/') {
    const page = await this.browser.newPage();
    page.on('pageerror', error => this.#problems.push(error.message));
    page.on('console', message => message.type() === 'error' && this.#problems.push(message.text()));
    await page.goto(this.server.origin + address);
    return page;
  }

  async closeWindows() {
    for (const page of this.browser.pages().slice(1)) {
      await page.close();
    }

    assert.deepEqual(this.#problems.splice(0), []);
  }

  async end() {
    await this.browser?.close();
    await this.server?.stop();
  }
}
