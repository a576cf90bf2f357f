import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { openProfile } from './support/browser.mjs';
import { serveBeside } from './support/origin.mjs';
import { clientSource, missing, pageSource } from './support/seed.mjs';
import { Server } from './support/server.mjs';
import { until } from './support/wait.mjs';

const graceMs = 1_000;

describe('The seed\'s page', { skip: missing }, () => {
  let server;
  let site;
  let browser;
  let names = 0;
  const contexts = [];

  before(async () => {
    server = await Server.start({ GracePeriod: '1s' });
    site = await serveBeside(server, new Map([
      ['/', ['text/html; charset=utf-8', pageSource()]],
      ['/presence-client.js', ['text/javascript; charset=utf-8', clientSource()]],
    ]));
    browser = await openProfile();
  });
  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) {
      await context.close();
    }
  });

  /** A person in a window of its own. */
  async function enter(userId, context) {
    const page = await context.newPage();
    await page.goto(site.url);
    await page.fill('#user-id', userId);
    await page.click('#connect-btn');
    await page.waitForSelector('#status-panel:not(.hidden)');
    return page;
  }

  async function newContext() {
    const context = await browser.browser().newContext();
    contexts.push(context);
    return context;
  }

  const shownOf = (page, userId) => page.locator('#user-list li', { hasText: userId })
    .evaluateAll(rows => rows.map(row => row.querySelector('.status-indicator').className.replace(/^.*status-/, '')).join());
  const sees = (page, userId, status) => until(`the page shows ${userId} ${status}`, () => shownOf(page, userId), seen => seen === status);

  async function pair() {
    const [ann, bob] = [`ann-${++names}`, `bob-${names}`];
    const herContext = await newContext();
    const hers = await enter(ann, herContext);
    const his = await enter(bob, await newContext());
    await his.fill('#subscribe-ids', ann);
    await his.click('#subscribe-btn');
    await hers.fill('#subscribe-ids', bob);
    await hers.click('#subscribe-btn');
    await sees(his, ann, 'online');
    await sees(hers, bob, 'online');
    return { ann, hers, his, herContext };
  }

  it('Connect_TwoPeople_SeeEachOther', async () => {
    const { hers } = await pair();
    assert.equal((await hers.textContent('#connection-status')).trim(), 'Connected');
  });

  it('StatusSelect_EveryStatus_IsSeenByTheOther', async () => {
    const { ann, hers, his } = await pair();
    for (const status of ['away', 'online', 'busy']) {
      await hers.selectOption('#status-select', status);
      await sees(his, ann, status);
    }
  });

  it('SecondTab_StatusOfTheFirst_IsInStep', async () => {
    const { ann, hers, herContext } = await pair();
    const second = await enter(ann, herContext);
    await hers.selectOption('#status-select', 'busy');
    await sees(second, ann, 'busy');
    await second.selectOption('#status-select', 'online');
    await sees(hers, ann, 'online');
  });

  it('Tabs_OneClosedThenAll_OfflineOnlyAfterTheLastAndItsGrace', async () => {
    const { ann, hers, his, herContext } = await pair();
    const second = await enter(ann, herContext);
    await his.evaluate(() => {
      window.seen = [];
      const list = document.getElementById('user-list');
      new MutationObserver(() => window.seen.push(list.textContent.includes('Last seen') ? 'offline' : 'present')).observe(list, { childList: true });
    });

    await hers.close();
    await second.selectOption('#status-select', 'busy');
    await sees(his, ann, 'busy');
    assert.ok(!(await his.evaluate(() => window.seen)).includes('offline'), 'one tab is still open');

    const closedAt = performance.now();
    await second.close();
    await sees(his, ann, 'offline');
    const goneMs = performance.now() - closedAt;
    assert.ok(goneMs > graceMs * 0.8, `offline after ${goneMs} ms: a closed tab has its grace period`);
  });
});
