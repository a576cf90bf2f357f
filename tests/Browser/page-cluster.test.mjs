import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Cluster } from './support/cluster.mjs';
import { look } from './support/operations.mjs';
import { Visit, meet, record, recorded, sees, set, shows } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const guests = 3;
const boundMs = 30_000; // until a silo that was killed is given up, and its users are served again
const silosOf = page => page.textContent('#strip [data-part=silos]');

const tiles = page => page.locator('#tiles > div:visible').evaluateAll(all => Object.fromEntries(all.map(({ children: [name, value] }) => [name.textContent, value.textContent])));

describe('The page and a cluster', () => {
  const visit = new Visit();
  let cluster;

  before(async () => {
    cluster = await Cluster.start({ GracePeriod: '2s' }, 2, 2);
    await visit.start({}, cluster.gateways[0]);
  });
  after(async () => {
    await visit.end();
    await cluster?.stop();
  });

  it('Operations_ShowHowRedisAnswersAndTheTimelineOfAUserOnAnySilo', async () => {
    const guest = await visit.open('/?room=ops');
    const { me } = await meet(guest);
    const page = await visit.open('/ops', cluster.gateways[1].origin);
    await until('a read', () => tiles(page), seen => /^[\d.]+ ms$/.test(seen['Silos read from Redis in']));
    await page.click('#tab-people');
    await look(page, 'people', me);
    await until('the first step', () => page.locator('#timeline tbody tr').allTextContents(), rows => rows.length === 1 && /a device came$/.test(rows[0]));
    await page.close();
    await guest.close();
  });

  it('Silo_KilledWhileThePageIsOpen_LeavesEveryDotRight', async () => {
    // One page on each gateway, in one room, and more people so that each silo has some.
    const origins = Array.from({ length: guests }, (_, index) => cluster.gateways[index % 2].origin);
    const pages = await Promise.all(origins.map(origin => visit.open('/?room=cluster', origin)));
    const met = await Promise.all(pages.map(meet));
    const everybody = met.flatMap(({ me, second }) => [me, second]);
    const seenBy = index => everybody.filter(id => id !== met[index].me);
    await Promise.all(pages.flatMap((page, index) => seenBy(index).map(id => sees(page, id, 'online'))));
    const shares = await until('two silos', () => silosOf(pages[0]), text => text.split(', ').length === 2 && /[1-9]\d* %/.test(text));
    const [busiest] = shares.split(', ').map(share => share.split(' ')).sort(([, a], [, b]) => b - a)[0];
    for (const [index, page] of pages.entries()) {
      await record(page, met[(index + 1) % guests].me);
    }

    await cluster.silos.find(({ address }) => address === busiest).stop('SIGKILL');
    await until('one silo', () => silosOf(pages[0]), text => text === '1, with all users', boundMs);
    await Promise.all(pages.flatMap((page, index) => seenBy(index).map(id => sees(page, id, 'online', boundMs))));

    for (const [index, page] of pages.entries()) {
      await page.bringToFront();
      await set(page, 'dnd');
      await Promise.all(pages.filter(other => other !== page).map(other => sees(other, met[index].me, 'dnd', boundMs)));
      await sees(met[index].other, met[index].me, 'dnd', boundMs);
    }

    await Promise.all(pages.map((page, index) => shows(page, met[(index + 1) % guests].me, 'do not disturb', ({ stale }) => !stale, boundMs)));
    for (const page of pages) {
      assert.deepEqual(await recorded(page), ['online', 'dnd'], 'nobody was shown offline meanwhile');
    }
  });
});
