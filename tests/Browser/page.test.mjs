import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openProfile } from './support/browser.mjs';
import { Server } from './support/server.mjs';
import { Visit, embedded, isOwn, meet, ownId, record, recorded, sees, set } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const graceMs = 2_000;

describe('The first page', () => {
  const visit = new Visit();
  let page;

  before(() => visit.start({ GracePeriod: `${graceMs / 1000}s` }));
  after(() => visit.end());
  beforeEach(async () => { page = await visit.open(); });
  afterEach(() => visit.closeWindows());

  it('Open_OneTab_SecondPersonIsThereWithin3Seconds', async () => {
    await until('a second person online', () => page.locator('#people > li').evaluateAll(rows => rows.map(row => row.dataset.status)),
      seen => seen.length === 1 && seen[0] === 'online', 3_000);
    assert.equal(await page.textContent('#connection'), 'Connected');
  });

  it('Response_OfThePage_ForbidsEverythingFromElsewhere', async () => {
    const response = await fetch(visit.server.origin);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/);
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'self'/);
    assert.match(response.headers.get('content-type'), /^text\/html/);
  });

  for (const [status, shown] of [['idle', 'idle'], ['away', 'away'], ['busy', 'busy'], ['dnd', 'dnd'], ['invisible', 'offline']]) {
    it(`SetStatus_${status}_IsSeenAs_${shown}_ByTheOther`, async () => {
      const { other, me } = await meet(page);
      await set(page, status);
      await sees(other, me, shown);
      await isOwn(page, status);
      assert.equal(await page.getAttribute(`#statuses [data-status=${status}]`, 'aria-pressed'), 'true');

      await set(page, 'online');
      await sees(other, me, 'online');
      const samples = await until('both delays', () => page.locator('#delays tr td:last-child').allTextContents(), seen => seen.every(count => count === '2'));
      assert.equal(samples.length, 2);
    });
  }

  it('AnotherTab_OpenedAndKilled_DevicesAreCountedAndNobodySeesIt', async () => {
    const { other, me } = await meet(page);
    await record(other, me);
    await page.click('#another');
    await until('two tabs', () => page.textContent('#devices'), seen => seen === '2 browser tabs');
    await page.click('text=Your tab 2 >> xpath=.. >> text=Kill this tab');
    await until('one tab', () => page.textContent('#devices'), seen => seen === '1 browser tab');
    assert.match(await page.textContent('#stopwatch'), /Your tab 2 was seen as gone after/);

    await set(page, 'busy');
    await sees(other, me, 'busy');
    assert.deepEqual(await recorded(other), ['online', 'busy']);
  });

  it('SecondGuest_Killed_IsGoneAfterTheGracePeriod', async () => {
    const { second } = await meet(page);
    await page.click('#frames >> text=Kill this tab');
    await sees(page, second, 'offline', graceMs + 5_000);
    const text = await page.textContent('#stopwatch');
    const seconds = Number(/seen as gone after ([\d.]+) s/.exec(text)?.[1]);
    assert.ok(seconds * 1000 >= graceMs - 200 && seconds * 1000 < graceMs + 2_000, text);
    assert.match(await page.textContent('#people'), /seen just now/);
  });

  it('SecondGuest_BackWithinGrace_DoesNotFlicker', async () => {
    const { second } = await meet(page);
    await record(page, second);
    await page.click('#frames >> text=Kill this tab');
    await page.click('#frames >> text=Bring it back');
    const back = await embedded(page);
    await until('it is connected', () => back.textContent('#connection'), seen => seen === 'Connected');

    await set(back, 'busy');
    await sees(page, second, 'busy');
    assert.deepEqual(await recorded(page), ['online', 'busy']);
  });

  it('Line_CutAndReconnected_StatesAreStaleMeanwhileAndNobodySeesIt', async () => {
    const { other, me } = await meet(page);
    await record(other, me);
    await page.click('#cut');
    await until('people are marked stale', () => page.textContent('#people'), seen => seen.includes('Last known: Online'));
    await page.click('#cut');
    await until('people are fresh', () => page.textContent('#people'), seen => !seen.includes('Last known'));
    await set(page, 'busy');
    await sees(other, me, 'busy');
    assert.deepEqual(await recorded(other), ['online', 'busy']);
  });

  it('Line_Cut_IsSeenAsGoneAfterTheGracePeriod', async () => {
    const { other, me } = await meet(page);
    await page.click('#cut');
    await sees(other, me, 'offline', graceMs + 5_000);
    await until('the stopwatch', () => page.textContent('#stopwatch'), seen => /seen as gone after [\d.]+ s/.test(seen));
  });

  it('Leave_OnPurpose_IsSeenAtOnce', async () => {
    const { other, me } = await meet(page);
    const at = performance.now();
    await page.click('#leave');
    await sees(other, me, 'offline');
    assert.ok(performance.now() - at < graceMs, 'leaving has no grace period');
  });

  it('Link_OpenedInAnotherWindow_BothSeeEachOther', async () => {
    const { me } = await meet(page);
    const guest = await visit.open(`/?guest=visitor-1&watch=${encodeURIComponent(me)}`);
    await sees(guest, me, 'online');
    await sees(page, 'visitor-1', 'online');
  });

  it('Reload_SameTab_IsTheSameGuestAndNobodySeesIt', async () => {
    const { me } = await meet(page);
    const watcher = await visit.open(`/?guest=watcher-1&watch=${encodeURIComponent(me)}`);
    await sees(watcher, me, 'online');
    await record(watcher, me);
    await page.reload();
    await isOwn(page, 'online');
    assert.equal(await ownId(page), me);
    await set(page, 'busy');
    await sees(watcher, me, 'busy');
    assert.deepEqual(await recorded(watcher), ['online', 'busy']);
  });
});

describe('The first page and a server that goes away', () => {
  it('Restart_OfTheServer_PageComesBackByItself', async () => {
    const server = await Server.start();
    const browser = await openProfile();
    try {
      const page = await browser.newPage();
      await page.goto(server.origin);
      await until('the page is connected', () => page.textContent('#connection'), seen => seen === 'Connected');
      await until('a second person', () => page.textContent('#people'), seen => seen.includes('Online'));
      await server.stop('SIGKILL');
      await until('the page says so', () => page.textContent('#connection'), seen => /^(Disconnected|Connecting)/.test(seen));
      await until('people are marked stale', () => page.textContent('#people'), seen => seen.includes('Last known: Online'));
      await server.run();
      await until('the page is connected again', () => page.textContent('#connection'), seen => seen === 'Connected', 40_000);
      await until('people are fresh', () => page.textContent('#people'), seen => seen.includes('Online') && !seen.includes('Last known'), 40_000);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});
