import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openProfile } from './support/browser.mjs';
import { Visitors } from './support/visitors.mjs';
import { until } from './support/wait.mjs';

const graceMs = 10_000;
const outageMs = 8_000;

const passes = (ms, from = Date.now()) => until(`${ms} ms have passed`, () => Date.now() - from, passed => passed >= ms, ms + 5_000);

describe('The JavaScript client in Chromium: the line', { concurrency: true }, () => {
  const visitors = new Visitors();

  before(() => visitors.start({ GracePeriod: `${graceMs}ms`, HeartbeatInterval: '2s', HeartbeatTimeout: '5s' }));
  after(() => visitors.end());

  it('Network_CutFor8Seconds_IsBackWithinGrace_AndNobodySeesIt', async () => {
    const { ann: [ann], bob, profile } = await visitors.pair();
    const cutAt = Date.now();
    await profile.setOffline(true);
    await until('she knows', () => ann.page.evaluate(() => window.presence.state.name), name => name === 'reconnecting');
    assert.equal((await ann.get(bob.user)).stale, true);
    await bob.set('busy');
    await passes(outageMs, cutAt);
    await profile.setOffline(false);
    const mendedAt = Date.now();

    await ann.sees(bob.user, 'busy', 2_000);
    assert.ok(Date.now() - mendedAt < 2_000);
    assert.deepEqual(await ann.story(bob.user), ['online (stale)', 'busy']);
    await passes(graceMs + 1_000, cutAt + outageMs);
    await ann.set('dnd');
    await bob.sees(ann.user, 'dnd');
    assert.deepEqual(await bob.story(ann.user), ['dnd']);
  });

  it('Page_FrozenLikeAPhonesTab_StaysThere_AndKnowsEverythingWhenItThaws', async () => {
    const { ann: [ann], bob } = await visitors.pair();
    const tools = await ann.tools();
    await tools.send('Page.setWebLifecycleState', { state: 'frozen' });
    const frozenAt = Date.now();
    for (const status of ['busy', 'away', 'dnd']) {
      await bob.set(status);
    }

    await passes(graceMs, frozenAt);
    await tools.send('Page.setWebLifecycleState', { state: 'active' });
    await ann.sees(bob.user, 'dnd');
    await ann.set('busy');
    await bob.sees(ann.user, 'busy');
    assert.deepEqual(await bob.story(ann.user), ['busy']);
  });
});
