import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { serveBeside } from './support/origin.mjs';
import { root } from './support/server.mjs';
import { Visit, kill, meet, reads, record, recorded, sees, set, shows } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const folder = path.join(root, 'src/Gateway/page');

/** What is served in place of the bundles where there was no Node: the sources, with those of bare/ over them. */
function bareFiles() {
  const scripts = directory => fs.readdirSync(directory).filter(name => name.endsWith('.js'))
    .map(name => [`/${name}`, ['text/javascript', fs.readFileSync(path.join(directory, name), 'utf8')]]);
  return new Map([...scripts(folder), ...scripts(path.join(folder, 'bare'))]);
}

describe('The pages as they are built without Node', () => {
  const visit = new Visit();
  let site;

  before(async () => {
    await visit.start({ GracePeriod: '3s' });
    site = await serveBeside(visit.server, bareFiles());
  });
  after(async () => {
    site?.close();
    await visit.end();
  });
  afterEach(() => visit.closeWindows());

  const open = address => visit.open(address, site.url.slice(0, -1));

  it('AddAPhone_ShowsTheLinkOnly', async () => {
    const page = await open('/?room=bare-phone');
    await meet(page);
    await page.click('#phone-open');
    assert.match(await page.inputValue('#phone-link'), /^http.*room=bare-phone$/);
    assert.equal(await page.isVisible('#phone-code'), false);
  });

  it('Demonstration_ShowsTheSame', async () => {
    const page = await open('/?room=bare');
    const { other, me, second, title } = await meet(page);
    await record(other, me);
    await set(page, 'dnd');
    await sees(other, me, 'dnd');
    await page.click('#type');
    await shows(other, me, 'typing', ({ text }) => text.includes('typing'));
    await page.click('#more-tabs');
    await shows(other, me, 'four tabs', ({ devices }) => devices.includes('×4'));
    await until('delays', () => page.textContent('#samples'), count => Number(count) >= 1);
    assert.deepEqual(await recorded(other), ['online', 'dnd']);

    await kill(page, title);
    await sees(page, second, 'offline');
    await reads(page, '#watch-text', /was seen as gone after/);
    await page.getByRole('button', { name: `Bring it back: ${title}` }).click();
    await sees(page, second, 'online');

    await page.click('#cut');
    await shows(page, second, 'the last known', ({ stale }) => stale);
    await sees(page, second, 'online', 15_000);
    await reads(page, '#connection', 'Connected');
  });

  it('Operations_ShowFiguresWithoutPlots', async () => {
    const guest = await open('/?room=bare-ops');
    const { me } = await meet(guest);
    const page = await open('/ops');
    await until('users', () => page.locator('#tiles dd').first().textContent(), text => Number(text) >= 2);
    assert.equal(await page.locator('#plots').isVisible(), false);
    await page.click('#tab-rooms');
    await page.fill('#room-id', 'bare-ops');
    await page.click('#rooms form button');
    await reads(page, '#room', new RegExp(`2 members.*${me}`));
  });
});
