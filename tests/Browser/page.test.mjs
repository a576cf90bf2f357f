import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { readCode } from './support/code.mjs';
import { Visit, embedded, isOwn, kill, meet, ownId, reads, record, recorded, sees, set, shows, tabs } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const graceMs = 2_000;

describe('The page', () => {
  const visit = new Visit();
  let page;

  before(() => visit.start({ GracePeriod: `${graceMs / 1000}s` }));
  after(() => visit.end());
  beforeEach(async () => { page = await visit.open(); });
  afterEach(() => visit.closeWindows());

  it('Open_WithoutAForm_SecondGuestIsThereWithin2Seconds', async () => {
    const times = [];
    do {
      const at = performance.now();
      const opened = await visit.open();
      await until('a second guest online', () => opened.locator('#people > [data-status=online]').count(), Boolean);
      times.push(performance.now() - at);
    } while (times.at(-1) >= 2_000 && times.length < 3); // other work on the machine must not decide
    assert.ok(times.at(-1) < 2_000, `ms until the second guest was there: ${times}`);
  });

  for (const [status, shown, sentence] of [
    ['idle', 'idle', /^You are idle\. .* can see it\.$/], ['busy', 'busy', /^You are busy\. .* can see it\.$/],
    ['dnd', 'dnd', /^You are not to be disturbed\. .* can see it\.$/], ['invisible', 'offline', /^You are invisible\. .* cannot tell\.$/],
  ]) {
    it(`SetStatus_${status}_IsSeenAs_${shown}_ByTheOther`, async () => {
      const { other, me } = await meet(page);
      await set(page, status);
      await sees(other, me, shown);
      await isOwn(page, status);
      await reads(page, 'h1', sentence);
      assert.equal(await page.getAttribute(`#statuses [data-status=${status}]`, 'aria-pressed'), 'true');

      await set(page, 'online');
      await sees(other, me, 'online');
      await reads(page, 'h1', /^You are here\. So is /);
    });
  }

  it('Type_IsSeenByTheOtherAndEnds', async () => {
    const { other, me } = await meet(page);
    await page.click('#type');
    await shows(other, me, 'typing', ({ text }) => text.includes('typing'));
    await shows(other, me, 'no typing', ({ text }) => !text.includes('typing'));
  });

  it('ThreeMoreTabs_OneKilled_DevicesAreCountedAndNobodySeesItGo', async () => {
    const { other, me } = await meet(page);
    await record(other, me);
    await page.click('#more-tabs');
    await shows(other, me, 'four tabs', ({ devices }) => devices.includes('×4'));
    for (const tab of tabs(page)) {
      await isOwn(tab, 'online');
    }

    await kill(page, 'Your tab 3');
    await shows(other, me, 'three tabs', ({ devices }) => devices.includes('×3'));
    await reads(page, '#watch-text', /^Your tab 3 was seen as gone after [\d.]+ s\.$/);
    await set(page, 'busy');
    await sees(other, me, 'busy');
    await Promise.all(tabs(page).map(tab => isOwn(tab, 'busy')));
    assert.deepEqual(await recorded(other), ['online', 'busy']);
  });

  it('Idle_OnOneOfSeveralTabs_BestTabShowsAndThePageSaysSo', async () => {
    const { other, me } = await meet(page);
    await page.click('#more-tabs');
    await shows(other, me, 'four tabs', ({ devices }) => devices.includes('×4'));
    await set(page, 'idle');
    await reads(page, '#problem', 'This tab is idle. Another one of yours shows you as online.');
    await sees(other, me, 'online');
  });

  it('SecondGuest_Killed_IsGoneAfterTheGracePeriod', async () => {
    const { second, title } = await meet(page);
    await kill(page, title);
    await sees(page, second, 'offline', graceMs + 5_000);
    await reads(page, 'h1', /is gone\.$/);
    const text = await page.textContent('#watch-text');
    const seconds = Number(/was seen as gone after ([\d.]+) s/.exec(text)?.[1]);
    assert.ok(seconds * 1000 >= graceMs - 200 && seconds * 1000 < graceMs + 2_000, text);
    await shows(page, second, 'when it was seen', seen => seen.text.includes('seen just now'));
    await reads(page, '#log li:first-child', /is offline$/);
  });

  it('SecondGuest_BackWithinGrace_DoesNotFlicker', async () => {
    const { second, title } = await meet(page);
    await record(page, second);
    await kill(page, title);
    await page.getByRole('button', { name: `Bring it back: ${title}` }).click();
    const back = await embedded(page);
    await reads(back, '#connection', 'Connected');
    await reads(page, '#watch-text', /was back after [\d.]+ s\. Nobody noticed\.$/);

    await set(back, 'busy');
    await sees(page, second, 'busy');
    assert.deepEqual(await recorded(page), ['online', 'busy']);
  });

  it('Delays_ToTheOtherScreen_AreMeasured', async () => {
    const { other, me } = await meet(page);
    await set(page, 'busy');
    await sees(other, me, 'busy');
    await until('samples', () => page.textContent('#samples'), count => Number(count) >= 2);
    for (const id of ['#p50', '#p95']) {
      assert.match(await page.textContent(id), /^[\d.]+$/);
    }
  });

  it('Strip_SaysWhatTheServerDoes', async () => {
    await meet(page);
    await until('people', () => page.textContent('#strip [data-part=users]'), count => Number(count) >= 2);
    assert.match(await page.textContent('#strip'), /sockets.*messages\/s in.*updates\/s out.*silos: 1, with all users/s);
    assert.ok(await page.isHidden('#kill-silo'), 'the only silo is not to be killed');
  });

  it('Links_ForSomebodyAndForAPhone_BringAGuestAndADevice', async () => {
    const { other, me } = await meet(page);
    await page.click('#share-open');
    const link = id => page.inputValue(id);
    const [forOther, forOwn] = [await link('#share-other'), await link('#share-own')];
    await page.click('#share-close');
    const visitor = await visit.open(forOther, '');
    await sees(page, await ownId(visitor), 'online');
    await sees(visitor, me, 'online');

    const phone = await visit.open(forOwn, '');
    await isOwn(phone, 'online');
    assert.equal(await ownId(phone), me);
    await shows(other, me, 'two devices', ({ devices }) => devices.includes('×2'));
  });

  it('AddAPhone_ShowsACodeOfTheLink_WhichBringsAThirdGuest', async () => {
    const { me } = await meet(page);
    await page.click('#phone-open');
    await page.waitForSelector('#phone-code svg');
    const link = await page.inputValue('#phone-link');
    assert.equal(readCode(await page.getAttribute('#phone-code svg', 'viewBox'), await page.getAttribute('#phone-code path', 'd')), link);
    await page.click('#phone-close');

    const visitor = await visit.open(link, '');
    const third = await ownId(visitor);
    assert.notEqual(third, me);
    await sees(page, third, 'online');
    await sees(visitor, me, 'online');
  });

  it('Reload_SameTab_IsTheSameGuestAndNobodySeesIt', async () => {
    const { me } = await meet(page);
    const watcher = await visit.open(page.url().replace(visit.server.origin, ''));
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
