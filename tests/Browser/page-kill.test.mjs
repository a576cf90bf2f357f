import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Cluster } from './support/cluster.mjs';
import { root } from './support/server.mjs';
import { Visit, isOwn, meet, record, recorded, sees, set } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const screenshots = path.join(root, 'artifacts/screenshots');
const boundMs = 30_000; // until a silo that was killed is given up, and its users are served again
const silosOf = async page => (await page.textContent('#strip [data-part=silos]')).split(', ').map(share => share.split(' '));
const log = page => page.locator('#log li').allTextContents();

describe('The button that kills a silo', () => {
  const visit = new Visit();
  let cluster;

  before(async () => {
    fs.mkdirSync(screenshots, { recursive: true });
    cluster = await Cluster.start({ GracePeriod: '2s' }, 3, 1);
    await visit.start({}, cluster.gateways[0]);
  });
  after(async () => {
    await visit.end();
    await cluster?.stop();
  });

  it('Button_Pressed_EndsTheBusiestSiloAndBothGuestsStayOnline', async () => {
    const page = await visit.open();
    const { other, me, second } = await meet(page);
    const all = await until('three silos with the users', () => silosOf(page), silos => silos.length === 3 && silos.some(([, share]) => share !== '0'));
    const most = Math.max(...all.map(([, share]) => Number(share)));
    await record(page, second);
    await record(other, me);

    await page.screenshot({ path: path.join(screenshots, 'page-silos.png') });
    const button = page.getByRole('button', { name: 'Kill a silo' });
    assert.match(await button.getAttribute('title'), /^Ends the process of the silo with most users/);
    await button.click();

    const ended = await until('a silo has ended', () => cluster.silos.filter(({ end }) => end !== null), silos => silos.length > 0);
    assert.deepEqual(ended.map(({ end }) => end), ['SIGKILL']);
    const [{ address }] = ended;
    assert.equal(Number(all.find(([name]) => name === address)[1]), most);
    await until('it is told', () => log(page), lines => lines.some(line => line.includes(`Silo ${address} was killed`)));
    assert.ok(await button.isDisabled(), 'one at a time');

    const left = all.map(([name]) => name).filter(name => name !== address);
    await until('two silos', () => silosOf(page), silos => silos.map(([name]) => name).join() === left.join(), boundMs);
    await until('that is told too', () => log(page), lines => lines.some(line => line.includes(`Silo ${address} is gone; 2 go on.`)));
    await until('the next may be killed', () => button.isEnabled());
    await sees(page, second, 'online', boundMs);
    await sees(other, me, 'online', boundMs);
    assert.deepEqual([await recorded(page), await recorded(other)], [['online'], ['online']], 'nobody was shown offline meanwhile');
    assert.equal(cluster.silos.filter(({ end }) => end !== null).length, 1);
    await until('the own one is sure again', () => page.locator('#own > li').getAttribute('data-stale'), stale => stale === null, boundMs);
    await page.screenshot({ path: path.join(screenshots, 'page-silo-killed.png'), fullPage: true });
    assert.equal(await page.textContent('#problem'), '', 'nothing was asked for, so nothing failed');

    await set(page, 'dnd');
    await isOwn(page, 'dnd');
    await sees(other, me, 'dnd', boundMs);
    assert.deepEqual(visit.problems(), []);
  });
});
