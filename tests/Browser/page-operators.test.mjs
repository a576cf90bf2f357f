import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { look, rowsOf } from './support/operations.mjs';
import { Visit, kill, meet, reads, sees, set } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const timelineOf = page => page.locator('#timeline tbody tr').evaluateAll(rows => rows.map(row => [...row.children].slice(1).map(cell => cell.textContent).join(' | ')));

describe('What operators look into', () => {
  const visit = new Visit();

  before(() => visit.start({ GracePeriod: '1s', UpdateWindow: '0s', HeartbeatInterval: '1s', HeartbeatTimeout: '4s', Auth__SharedSecret: 'not to be shown to anybody at all' }));
  after(() => visit.end());
  afterEach(() => visit.closeWindows());

  it('Timeline_ShowsWhatTheStatusWentThroughAndWhy', async () => {
    const guest = await visit.open();
    const { me, second, title, other } = await meet(guest);
    const page = await visit.open('/ops');
    await page.click('#tab-people');
    await look(page, 'people', me);
    await set(guest, 'invisible');
    await sees(other, me, 'offline');
    await until('two steps', () => timelineOf(page), seen => seen.length === 2);
    assert.deepEqual(await timelineOf(page), ['Online → Offline | Online → Invisible | chosen by hand', 'Offline → Online | Offline → Online | a device came']);

    await set(guest, 'online');
    await guest.bringToFront();
    await kill(guest, title);
    await sees(guest, second, 'offline');
    await page.bringToFront();
    await look(page, 'people', second);
    await until('the loss', () => timelineOf(page), seen => seen[0] === 'Online → Offline | Online → Offline | a device was lost and did not come back in time');
    await look(page, 'people', 'a stranger');
    await until('nothing', () => timelineOf(page), seen => seen.length === 0 || seen[0] === '');
    await reads(page, '#timeline', /Nothing yet\./);
  });

  it('Events_AreFilteredPausedAndSharedByTheAddress', async () => {
    const guest = await visit.open();
    const { me, other } = await meet(guest);
    const page = await visit.open('/ops');
    await page.click('#tab-events');
    await reads(page, '#event-count', /changes/);
    await page.fill('#event-user', me);
    await page.selectOption('#event-status', 'dnd');
    await set(guest, 'busy');
    await sees(other, me, 'busy');
    await set(guest, 'dnd');
    const rows = () => rowsOf(page, 'event-rows');
    await until('the change', rows, seen => seen.length === 1 && seen[0][1] === me && seen[0][2] === 'Busy → Do not disturb');

    await page.click('#event-pause');
    await set(guest, 'online');
    await reads(page, '#event-count', /^1 of .* paused, [1-9]\d* more wait$/);
    assert.equal((await rows()).length, 1);
    await page.click('#event-pause');
    await until('what waited', rows, seen => seen.length === 2 && seen[0][2] === 'Do not disturb → Online');

    const link = await page.getAttribute('#event-link', 'href');
    assert.equal(link, `#events?user=${me}&status=dnd`);
    const shared = await visit.open(`/ops${link}`);
    await until('the same', () => rowsOf(shared, 'event-rows'), seen => seen.length === 2);
    assert.deepEqual([await shared.inputValue('#event-user'), await shared.inputValue('#event-status')], [me, 'dnd']);
    await shared.click('#tab-people');
    assert.equal(new URL(shared.url()).hash, '#people');
  });

  it('Configuration_ShowsWhatIsInForceAndNoSecret', async () => {
    const page = await visit.open('/ops#configuration');
    const rows = () => rowsOf(page, 'setting-rows');
    await until('the settings', rows, seen => seen.length > 40);
    assert.deepEqual((await rows()).find(([key]) => key === 'GracePeriod'), ['GracePeriod', '1s', '10s', 'yes']);
    assert.deepEqual((await rows()).find(([key]) => key === 'Auth:SharedSecret'), ['Auth:SharedSecret', 'set (hidden)', 'empty', 'yes']);
    assert.doesNotMatch(await page.textContent('body'), /not to be shown/);

    await page.check('#setting-set');
    await page.fill('#setting-name', 'heartbeat');
    assert.deepEqual(await rows(), [['HeartbeatInterval', '1s', '20s', 'yes'], ['HeartbeatTimeout', '4s', '45s', 'yes']]);
  });

  it('Disconnect_AsksFirst_AndTheUserIsGone', async () => {
    const guest = await visit.open();
    const { me, other } = await meet(guest);
    const page = await visit.open('/ops');
    await page.click('#tab-connections');
    await look(page, 'connections', me);
    await until('a round trip', () => rowsOf(page, 'connection-rows'), seen => seen.length === 1 && /^[\d.]+ ms$/.test(seen[0][5]));
    const button = page.getByRole('button', { name: `Disconnect ${me}, found with Tab` });
    await button.focus();
    const opened = (await rowsOf(page, 'connection-rows'))[0][3];
    await until('another second', () => rowsOf(page, 'connection-rows'), seen => seen[0][3] !== opened);
    assert.ok(await button.evaluate(shown => shown === document.activeElement), 'the focus stays while figures change');

    await page.keyboard.press('Enter');
    await reads(page, '#sign-out-title', `Disconnect ${me}?`);
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#sign-out'), false);
    await button.click();
    await page.click('#sign-out [value=yes]');
    await reads(page, '#connection-result', `${me} was signed out on 1 device.`);
    await sees(other, me, 'offline');
    await until('nobody', () => rowsOf(page, 'connection-rows'), seen => seen[0][0] === 'Nobody is connected.');
  });

  it('Disconnect_WithATokenThatMayOnlyLook_SaysWhyNot', async () => {
    const guest = await visit.open();
    const { me, other } = await meet(guest);
    const page = await visit.open('/ops');
    await page.route('**/v1/users/*/connections', route => route.fulfill({ status: 403, contentType: 'application/problem+json', body: '{"title":"Forbidden","detail":"The token does not allow this"}' }));
    await page.click('#tab-connections');
    await page.getByRole('button', { name: `Disconnect ${me}, found with Tab` }).click();
    await page.click('#sign-out [value=yes]');
    await reads(page, '#connection-result', `This token may only look: to disconnect ${me} it needs the scope presence:admin or presence:server.`);
    await sees(other, me, 'online');
    visit.problems(); // the browser reports the 403
  });
});
