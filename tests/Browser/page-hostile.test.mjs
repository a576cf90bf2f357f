import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Visit, isOwn, meet, sees, shows } from './support/visit.mjs';
import { until } from './support/wait.mjs';

describe('The page and hostile names', () => {
  const visit = new Visit();

  before(() => visit.start({ GracePeriod: '2s' }));
  after(() => visit.end());
  afterEach(() => visit.closeWindows());

  for (const id of ['<img src=x onerror="document.title=\'broken\'">', '__proto__', 'constructor', '"><script>alert(1)</script>', '💥 ünïcödé']) {
    it(`Guest_HostileId_${id.replace(/\W+/g, '_')}_IsText`, async () => {
      const page = await visit.open();
      const { other } = await meet(page);
      const guest = await visit.open(`/${new URL(page.url()).search}&guest=${encodeURIComponent(id)}`);
      await isOwn(guest, 'online');
      for (const view of [page, other]) {
        await sees(view, id, 'online');
        await shows(view, id, 'a device', ({ devices }) => devices.includes('×1'));
        assert.equal(await view.locator('#people > li:last-child strong').textContent(), id);
        assert.equal(await view.locator('#people img, #people script').count(), 0);
      }

      assert.equal(await page.title(), 'Presence');
    });
  }

  it('Guest_WhoseIdTheServerRefuses_ReadsTheReason', async () => {
    const page = await visit.open(`/?guest=${encodeURIComponent('\u0001')}`);
    await until('a reason', () => page.textContent('#problem'), Boolean);
    assert.equal(await page.locator('#own > li').count(), 0);
  });
});
