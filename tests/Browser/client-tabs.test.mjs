import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from './support/wait.mjs';
import { Visitors } from './support/visitors.mjs';

const graceMs = 10_000;
const outageMs = 8_000;
const lateMs = 5_000; // what a machine full of browsers may be late: half the grace period

const passes = (ms, from = Date.now()) => until(`${ms} ms have passed`, () => Date.now() - from, passed => passed >= ms, ms + 5_000);

describe('The JavaScript client in Chromium: tabs and their lines', { concurrency: true }, () => {
  const visitors = new Visitors();

  before(() => visitors.start({ GracePeriod: `${graceMs}ms`, HeartbeatInterval: '1s', HeartbeatTimeout: '20s' }));
  after(() => visitors.end());

  /** Ends Ann's tab, waits until Bob sees her offline, and checks how long that took and when she is said to have been there last. */
  async function isGoneAfterGrace(bob, annName, end) {
    const from = Date.now();
    await end();
    const to = Date.now();
    const { lastSeen } = await bob.sees(annName, 'offline', graceMs + lateMs);
    const tookMs = await bob.firstAt(annName, 'offline') - from;
    assert.ok(tookMs >= graceMs - 300 && tookMs <= graceMs + lateMs, `offline after ${tookMs} ms`);
    const seen = Date.parse(lastSeen);
    assert.ok(seen > from - 2_000 && seen < to + 2_000, `last seen ${lastSeen}, lost from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`);
  }

  it('TwoTabs_ChangeInOne_IsSeenByTheOtherTabAndTheOtherPerson', async () => {
    const { ann: [first, second], bob } = await visitors.pair({ tabs: 2 });
    await first.set('dnd');
    await Promise.all([second.sees(first.user, 'dnd'), bob.sees(first.user, 'dnd')]);
    await second.set('online');
    await Promise.all([first.sees(first.user, 'online'), bob.sees(first.user, 'online')]);
    assert.deepEqual(await bob.story(first.user), ['dnd', 'online']);
    assert.deepEqual([await first.devices(), await second.devices()], [2, 2]);
  });

  it('OneOfTwoTabs_Crashed_IsNoticedByNobody_TheLastOneAfterTheGracePeriod', async () => {
    const { ann: [first, second], bob } = await visitors.pair({ tabs: 2 });
    await until('two devices', () => second.devices(), seen => seen === 2);
    await crash(first);
    await until('one device', () => second.devices(), seen => seen === 1, graceMs + lateMs);
    assert.deepEqual(await bob.story(first.user), []);

    await isGoneAfterGrace(bob, first.user, () => crash(second));
    assert.deepEqual(await bob.story(first.user), ['offline']);
  });

  it('Tab_ClosedByTheBrowser_IsGoneAfterTheGracePeriod', async () => {
    const { ann: [tab], bob } = await visitors.pair();
    await isGoneAfterGrace(bob, tab.user, () => tab.page.close());
  });

  it('Tab_LeavesOnPurpose_IsGoneAtOnce', async () => {
    const { ann: [tab], bob } = await visitors.pair();
    const leftAt = Date.now();
    await tab.page.evaluate(() => window.presence.disconnect());
    await bob.sees(tab.user, 'offline', graceMs);
    assert.ok(await bob.firstAt(tab.user, 'offline') - leftAt < lateMs, 'no grace for leaving on purpose');
  });

  it('Tab_LoadedAgain_IsTheSameDeviceAndNobodySeesIt', async () => {
    const { ann: [tab], bob } = await visitors.pair();
    const device = await tab.page.evaluate(() => window.presence.debug().deviceId);
    const lostAt = Date.now();
    await tab.page.reload();
    await tab.enter();
    assert.equal(await tab.page.evaluate(() => window.presence.debug().deviceId), device);

    await passes(graceMs + 500, lostAt);
    await tab.set('busy');
    await bob.sees(tab.user, 'busy');
    assert.deepEqual(await bob.story(tab.user), ['busy']);
  });

  it('Network_CutFor8Seconds_IsSeenByNobody_AndNothingIsMissed', async () => {
    const { ann: [ann], bob, profile } = await visitors.pair();
    const cutAt = Date.now();
    await profile.setOffline(true);

    // The browser says that it is done before its network is: an update may still come through.
    await ann.page.waitForFunction(() => fetch(location.href, { cache: 'no-store' }).then(() => false, () => true));
    await bob.set('busy');
    await passes(outageMs, cutAt);
    assert.equal((await ann.get(bob.user)).status, 'online', 'the line is not cut');
    await profile.setOffline(false);

    // Where the last heartbeat was answered just before the cut, the next one shows it: one pulse and one probe later.
    await ann.sees(bob.user, 'busy', 15_000);
    assert.deepEqual((await ann.story(bob.user)).filter(shown => !shown.endsWith('(stale)')), ['busy']);
    await passes(graceMs + 1_000, cutAt + outageMs);
    await ann.set('dnd');
    await bob.sees(ann.user, 'dnd');
    assert.deepEqual(await bob.story(ann.user), ['dnd']);
  });

  it('HostileIds_AreIdsLikeAnyOther', async () => {
    const ids = ['__proto__', 'constructor', 'toString', '<img src=x onerror="window.hacked=1">', '"><script>window.hacked=1</script>', '../../etc', 'a\u202eb', '*', 'null'];
    const watcher = await visitors.open(await visitors.newProfile(), visitors.newName('watcher'), ids);
    for (const id of ids) {
      await watcher.sees(id, 'offline');
    }

    const tabs = await Promise.all(ids.map(async id => visitors.open(await visitors.newProfile(), id, [])));
    await Promise.all(tabs.map(tab => tab.page.evaluate(room => window.presence.room(room).join({ name: room }), '__proto__')));
    for (const tab of tabs) {
      await watcher.sees(tab.user, 'online');
      await tab.set('dnd');
      await watcher.sees(tab.user, 'dnd');
    }

    const members = await watcher.members('__proto__', ids.length);
    assert.deepEqual(members.sort(), [...ids].sort());
    assert.deepEqual(await watcher.page.evaluate(() => [window.hacked, {}.status, Object.prototype.userId]), [undefined, undefined, undefined]);
    assert.equal(await watcher.page.locator('img, ul script').count(), 0);
    assert.deepEqual(watcher.problems, []);
  });
});

/** The end of a page without a word: the browser has to close its socket. */
async function crash(tab) {
  const tools = await tab.tools();
  const crashed = new Promise(resolve => { tab.page.once('crash', resolve); });
  tools.send('Page.crash').catch(() => {}); // never answered
  await crashed;
}
