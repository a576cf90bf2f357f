import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { look, rowsOf } from './support/operations.mjs';
import { Visit, meet, reads, set } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const secret = 'a secret of at least 32 bytes, for tests only';
function token(sub, scope) {
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'tests', aud: 'presence', sub, scope, exp: Math.floor(Date.now() / 1000) + 600 })}`;
  return `${signed}.${crypto.createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('The view for operations', () => {
  const visit = new Visit();

  before(() => visit.start({ GracePeriod: '1s' }));
  after(() => visit.end());
  afterEach(() => visit.closeWindows());

  it('Overview_ShowsFiguresPlotsStatusesAndSilos', async () => {
    const guest = await visit.open();
    await meet(guest);
    await set(guest, 'dnd');
    const page = await visit.open('/ops');
    await until('two users', () => page.locator('#tiles').innerText(), text => /Users online\s+2\s+Sockets\s+2/.test(text));
    await until('who is not to be disturbed', () => page.locator('#statuses').innerText(), text => /Do not disturb\s+1/.test(text));
    assert.doesNotMatch(await page.locator('#tiles').innerText(), /Redis/);
    const [[address, users]] = await rowsOf(page, 'silos');
    assert.match(address, /:\d+$/);
    assert.equal(users, '2');
    await until('a second in the plots', () => page.locator('#plots .u-over').count(), count => count === 4);
    assert.deepEqual(await page.locator('#plots h2').allTextContents(),
      ['Messages a second', 'Until an update is written', 'Here now', 'Changes a second']);

    await guest.close();
    await until('closed sockets', () => rowsOf(page, 'codes'), rows => rows.some(([code, lately]) => code === 'close 1001' && Number(lately) > 0));
  });

  it('People_AreFoundWithDevicesAndTheReason', async () => {
    const guest = await visit.open();
    const { me } = await meet(guest);
    const page = await visit.open('/ops');
    await page.click('#tab-people');
    await look(page, 'people', me);
    await reads(page, '#person', /The best device decides: tab-\w+ is online\./);
    await set(guest, 'invisible');
    await reads(page, '#person', /The person chose invisible\./);
    assert.match(await page.textContent('#person tbody tr'), /^Tab \(tab-\w+\)webonline\d+ s$/);

    await look(page, 'people', '<b>nobody</b>');
    await reads(page, '#person', /<b>nobody<\/b>.*No device is there, so nothing shows but offline\..*No device is connected\./);
    assert.equal(await page.locator('#person b').count(), 0);
  });

  it('Rooms_AreShownLive', async () => {
    const guest = await visit.open('/?room=the-room');
    const { me, second } = await meet(guest);
    const page = await visit.open('/ops');
    await page.click('#tab-rooms');
    await look(page, 'rooms', 'the-room');
    await reads(page, '#room', /^the-room2 members/);
    await until('both', () => rowsOf(page, 'room'), rows => [me, second].every(id => rows.some(([user, status]) => user === id && status === 'Online')));
    await set(guest, 'busy');
    await until('busy', () => rowsOf(page, 'room'), rows => rows.some(([user, status]) => user === me && status === 'Busy'));
  });

  it('Connections_AreListedAndFoundByUser', async () => {
    const guest = await visit.open();
    const { me, second } = await meet(guest);
    const page = await visit.open('/ops');
    await page.click('#tab-connections');
    const users = async () => (await rowsOf(page, 'connection-rows')).map(([user]) => user);
    await until('both guests', users, seen => seen.includes(me) && seen.includes(second));
    await look(page, 'connections', me);
    await until('one guest', users, seen => seen.length === 1 && seen[0] === me);
    const [[, device, status, , , trip, waits, follows, rooms, from]] = await rowsOf(page, 'connection-rows');
    assert.deepEqual([device, status, waits, follows, rooms, from], ['web: Tab', 'Online', '0 B', '1', '1', '127.0.0.1']);
    assert.match(trip, /^(no ping yet|[\d.]+ ms)$/);
  });

  it('Tabs_GoByArrowsAndStayInTheAddress', async () => {
    const page = await visit.open('/ops');
    await page.focus('#tab-overview');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-configuration');
    assert.ok(await page.isVisible('#configuration'));
    await page.reload();
    await until('the same tab', () => page.isVisible('#configuration'));
    await page.focus('#tab-configuration');
    await page.keyboard.press('Home');
    await until('the first tab', () => page.isVisible('#overview'));
  });
});

describe('The pages where tokens are checked', () => {
  const visit = new Visit();

  before(() => visit.start({ Auth__Mode: 'Jwt', Auth__Issuer: 'tests', Auth__Audience: 'presence', Auth__SharedSecret: secret }));
  after(() => visit.end());
  afterEach(() => visit.closeWindows());

  it('Demonstration_HasNoGuestsAndSaysSo', async () => {
    const page = await visit.open('/');
    await reads(page, '#closed h1', 'This server checks tokens.');
    await until('nothing else', () => page.isVisible('#closed'));
    assert.equal(await page.isVisible('#page'), false);
  });

  it('Operations_NeedATokenWithTheScope', async () => {
    const page = await visit.open('/ops');
    const enter = async text => {
      await page.fill('#token', text);
      await page.click('#entry button');
    };
    await enter(token('carol', 'presence:server'));
    await until('a refusal', () => page.textContent('#refusal'), Boolean);
    assert.equal(await page.isVisible('#inside'), false);
    visit.problems(); // the browser reports the 403

    await enter(token('carol', 'presence:admin'));
    await until('figures', () => page.textContent('#tiles dd'), text => text !== '');
    await page.click('#tab-people');
    await look(page, 'people', 'ada');
    await reads(page, '#person-problem', /presence:server as well/);
    await page.click('#tab-rooms');
    await look(page, 'rooms', 'empty');
    await reads(page, '#room', /^empty0 members/);
    await page.close();
    visit.problems();
  });
});
