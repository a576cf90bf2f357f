import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BareBrowser } from './support/bare.mjs';
import { Visitors } from './support/visitors.mjs';
import { until } from './support/wait.mjs';

const hiddenMs = 1_000;
const timeoutMs = 3_000;
const graceMs = 2_000;
const lateMs = 5_000;

describe('The JavaScript client in Chromium: whether somebody looks, and whether the machine is awake', () => {
  const visitors = new Visitors();
  let hers;

  before(async () => {
    const settings = { HiddenDelay: `${hiddenMs}ms`, HeartbeatInterval: '1s', HeartbeatTimeout: `${timeoutMs}ms`, GracePeriod: `${graceMs}ms` };
    await visitors.start(settings);
    hers = await BareBrowser.start();
  });
  after(async () => {
    await Promise.all([hers?.close(), visitors.end()]);
  });

  /** Ann in a browser of her own, and Bob. */
  async function meet() {
    const { ann: [ann], bob } = await visitors.pair({ profile: hers });
    return { ann, bob };
  }

  const isHidden = (tab, hidden) => until(`the tab is ${hidden ? 'hidden' : 'visible'}`, () => tab.page.evaluate(() => document.hidden), seen => seen === hidden);

  it('Tab_BehindAnother_IsAwayAfterTheDelay_AndOnlineAgainInFront', async () => {
    const { ann, bob } = await meet();
    const hiddenAt = Date.now();
    await hers.newPage();
    await isHidden(ann, true);
    await bob.sees(ann.user, 'away', hiddenMs + lateMs);
    const tookMs = await bob.firstAt(ann.user, 'away') - hiddenAt;
    assert.ok(tookMs >= hiddenMs - 100, `away after ${tookMs} ms`);

    await ann.page.bringToFront();
    await bob.sees(ann.user, 'online');
    assert.deepEqual(await bob.story(ann.user), ['away', 'online']);
  });

  it('Tab_BehindAnotherForAMoment_IsSeenByNobody', async () => {
    const { ann, bob } = await meet();
    await hers.newPage();
    await isHidden(ann, true);
    await ann.page.bringToFront();
    await isHidden(ann, false);
    const shownAt = Date.now();
    await until('the delay would be over', () => Date.now() - shownAt, passed => passed > hiddenMs + 500);
    await ann.set('busy');
    await bob.sees(ann.user, 'busy');
    assert.deepEqual(await bob.story(ann.user), ['busy']);
  });

  it('OneOfTwoTabs_Hidden_IsSeenByHerAndNobodyElse', async () => {
    const { ann, bob } = await meet();
    const second = await visitors.open(hers, ann.user, []); // in front of the first
    await until('the tab behind is away', () => second.page.evaluate(() => window.presence.me.devices.map(({ status }) => status).sort().join()), seen => seen === 'away,online');
    await second.set('busy');
    await bob.sees(ann.user, 'busy');
    assert.deepEqual(await bob.story(ann.user), ['busy']);
  });

  it('Tab_BehindAnotherAndFrozen_IsAwayAndNeverOffline_AndKnowsEverythingWhenItThaws', async () => {
    const { ann, bob } = await meet();
    await ann.page.evaluate(() => { window.ticks = 0; setInterval(() => window.ticks++, 100); });
    await hers.newPage();
    await isHidden(ann, true);
    await bob.sees(ann.user, 'away', hiddenMs + lateMs);
    await ann.page.send('Page.setWebLifecycleState', { state: 'frozen' });
    const before = await ann.page.evaluate(() => window.ticks);
    const frozenAt = Date.now();
    await bob.set('busy');
    await bob.set('dnd');
    await until('a lost one would be offline', () => Date.now() - frozenAt, passed => passed > timeoutMs + graceMs + 1_500);
    assert.ok(await ann.page.evaluate(() => window.ticks) - before < 10, 'the page did not stand still');

    await ann.page.send('Page.setWebLifecycleState', { state: 'active' });
    await ann.page.bringToFront();
    await ann.sees(bob.user, 'dnd');
    await bob.sees(ann.user, 'online');
    assert.deepEqual(await bob.story(ann.user), ['away', 'online']);
  });

  it('Machine_Asleep_IsGoneAfterTheBound_AndBackWithEverythingWhenItWakes', async () => {
    const { ann, bob } = await meet();
    const processes = await hers.processes();
    const asleepAt = Date.now();
    processes.forEach(id => process.kill(id, 'SIGSTOP'));
    try {
      await bob.sees(ann.user, 'offline', timeoutMs + graceMs + 1_000 + lateMs);
      const tookMs = await bob.firstAt(ann.user, 'offline') - asleepAt;
      assert.ok(tookMs >= timeoutMs + graceMs - 1_500, `offline after ${tookMs} ms`);
      assert.ok(Math.abs(Date.parse((await bob.get(ann.user)).lastSeen) - asleepAt) < 2_000);
      await bob.set('dnd');
    } finally {
      processes.forEach(id => process.kill(id, 'SIGCONT'));
    }

    await bob.sees(ann.user, 'online', 15_000);
    await ann.sees(bob.user, 'dnd');
    assert.deepEqual(await ann.story(bob.user), ['online (stale)', 'dnd']);
    assert.deepEqual(await bob.story(ann.user), ['offline', 'online']);
  });
});
