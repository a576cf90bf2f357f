import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openProfile } from './support/browser.mjs';
import { Server } from './support/server.mjs';
import { Visit, meet, ownId, reads, record, recorded, sees, set, shows } from './support/visit.mjs';

describe('The page and a network that is cut for 8 s', { concurrency: true }, () => {
  const short = new Visit();
  const long = new Visit();

  before(() => Promise.all([short.start({ GracePeriod: '2s' }), long.start({ GracePeriod: '20s' })]));
  after(() => Promise.all([short.end(), long.end()]));

  it('Cut_BeyondTheGracePeriod_IsSeenAsGoneAndComesBack', async () => {
    const page = await short.open();
    const { other, me, second } = await meet(page);
    await page.click('#cut');
    await reads(page, '#connection', 'Network cut');
    await shows(page, second, 'the last known', ({ stale, text }) => stale && text.includes('Last known: Online'));
    await sees(other, me, 'offline');
    await reads(page, '#watch-text', /^Your connection was seen as gone after 2\.\d s\.$/);
    await reads(page, 'h1', /^You are cut off\. .* saw you go\.$/);
    await sees(other, me, 'online', 15_000);
    await sees(page, second, 'online');
  });

  it('Cut_WithinTheGracePeriod_NobodyNotices', async () => {
    const page = await long.open();
    const { other, me, second } = await meet(page);
    const visitor = await long.open(page.url().replace(long.server.origin, ''));
    await sees(other, await ownId(visitor), 'online');
    await record(other, me);
    await page.click('#cut');
    await set(visitor, 'invisible'); // somebody else, who is of no account here
    await sees(other, await ownId(visitor), 'offline');
    await reads(page, 'h1', /^You are cut off\. .* has not noticed\.$/);
    await reads(page, '#watch-text', /^Your connection was back after \d+\.\d s\. Nobody noticed\.$/, 15_000);
    await sees(page, second, 'online');
    await set(page, 'busy');
    await sees(other, me, 'busy');
    assert.deepEqual(await recorded(other), ['online', 'busy']);
  });
});

describe('The page and a server that goes away', () => {
  it('Restart_OfTheServer_PageComesBackByItself', async () => {
    const server = await Server.start();
    const browser = await openProfile();
    try {
      const page = await browser.newPage();
      await page.goto(server.origin);
      const { second } = await meet(page);
      await server.stop('SIGKILL');
      await reads(page, '#connection', /^Reconnecting/);
      await shows(page, second, 'the last known', ({ stale }) => stale);
      await server.run();
      await reads(page, '#connection', 'Connected', 40_000);
      await sees(page, second, 'online', 40_000);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});
