import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import zlib from 'node:zlib';
import { openProfile } from './support/browser.mjs';
import { Server, root } from './support/server.mjs';
import { until } from './support/wait.mjs';

const graceMs = 2_000;
const screenshots = path.join(root, 'artifacts/screenshots');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe('The first page', () => {
  let server;
  let browser;
  let page;
  let problems;

  before(async () => {
    server = await Server.start({ GracePeriod: `${graceMs / 1000}s` });
    browser = await openProfile({ viewport: { width: 1280, height: 900 } });
    fs.mkdirSync(screenshots, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    problems = [];
    page = await open('/');
  });
  afterEach(async () => {
    for (const open of browser.pages().slice(1)) {
      await open.close();
    }

    assert.deepEqual(problems, []);
  });

  async function open(address) {
    const opened = await browser.newPage();
    opened.on('pageerror', error => problems.push(error.message));
    opened.on('console', message => message.type() === 'error' && problems.push(message.text()));
    await opened.goto(server.origin + address);
    return opened;
  }

  const statusOf = (view, userId) => view.locator('#people > li')
    .evaluateAll((rows, id) => rows.find(row => row.dataset.user === id)?.dataset.status, userId);
  const sees = (view, userId, status, withinMs) =>
    until(`the page shows ${userId} ${status}`, () => statusOf(view, userId), seen => seen === status, withinMs);
  const ownId = view => view.locator('#own > li').getAttribute('data-user');
  const ownStatus = view => view.locator('#own > li').getAttribute('data-status');
  const isOwn = (view, status) => until(`the own status is ${status}`, () => ownStatus(view), seen => seen === status);
  const set = (view, status) => view.click(`#statuses [data-status=${status}]`);

  /** Both guests, seeing each other. */
  async function meet() {
    const other = await until('the second guest\'s page', () => page.frames().find(frame => frame.url().includes('embedded')));
    await isOwn(page, 'online');
    await other.waitForSelector('#own > li');
    const [me, second] = [await ownId(page), await ownId(other)];
    await sees(page, second, 'online');
    await sees(other, me, 'online');
    return { other, me, second };
  }

  /** Notes the status the page shows of somebody, and every other one from now on. */
  const record = (view, userId) => view.evaluate(id => {
    const row = [...document.querySelectorAll('#people > li')].find(({ dataset }) => dataset.user === id);
    window.seen = [row.dataset.status];
    new MutationObserver(() => row.dataset.status !== window.seen.at(-1) && window.seen.push(row.dataset.status))
      .observe(row, { attributeFilter: ['data-status'] });
  }, userId);

  it('Open_OneTab_SecondPersonIsThereWithin3Seconds', async () => {
    await until('a second person online', () => page.locator('#people > li').evaluateAll(rows => rows.map(row => row.dataset.status)),
      seen => seen.length === 1 && seen[0] === 'online', 3_000);
    assert.equal(await page.textContent('#connection'), 'Connected');
  });

  it('Response_OfThePage_ForbidsEverythingFromElsewhere', async () => {
    const response = await fetch(server.origin);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/);
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'self'/);
    assert.match(response.headers.get('content-type'), /^text\/html/);
  });

  for (const [status, shown] of [['idle', 'idle'], ['away', 'away'], ['busy', 'busy'], ['dnd', 'dnd'], ['invisible', 'offline']]) {
    it(`SetStatus_${status}_IsSeenAs_${shown}_ByTheOther`, async () => {
      const { other, me } = await meet();
      await set(page, status);
      await sees(other, me, shown);
      await isOwn(page, status);
      assert.equal(await page.getAttribute(`#statuses [data-status=${status}]`, 'aria-pressed'), 'true');

      await set(page, 'online');
      await sees(other, me, 'online');
      const samples = await until('both delays', () => page.locator('#delays tr td:last-child').allTextContents(), seen => seen.every(count => count === '2'));
      assert.equal(samples.length, 2);
    });
  }

  it('AnotherTab_OpenedAndKilled_DevicesAreCountedAndNobodySeesIt', async () => {
    const { other, me } = await meet();
    await record(other, me);
    await page.click('#another');
    await until('two tabs', () => page.textContent('#devices'), seen => seen === '2 browser tabs');
    await page.click('text=Your tab 2 >> xpath=.. >> text=Kill this tab');
    await until('one tab', () => page.textContent('#devices'), seen => seen === '1 browser tab');
    assert.match(await page.textContent('#stopwatch'), /Your tab 2 was seen as gone after/);

    await set(page, 'busy');
    await sees(other, me, 'busy');
    assert.deepEqual(await other.evaluate(() => window.seen), ['online', 'busy']);
  });

  it('SecondGuest_Killed_IsGoneAfterTheGracePeriod', async () => {
    const { second } = await meet();
    await page.click('#frames >> text=Kill this tab');
    await sees(page, second, 'offline', graceMs + 5_000);
    const text = await page.textContent('#stopwatch');
    const seconds = Number(/seen as gone after ([\d.]+) s/.exec(text)?.[1]);
    assert.ok(seconds * 1000 >= graceMs - 200 && seconds * 1000 < graceMs + 2_000, text);
    assert.match(await page.textContent('#people'), /seen just now/);
  });

  it('SecondGuest_BackWithinGrace_DoesNotFlicker', async () => {
    const { second } = await meet();
    await record(page, second);
    await page.click('#frames >> text=Kill this tab');
    await page.click('#frames >> text=Bring it back');
    const back = await until('the second guest\'s page is back', () => page.frames().find(frame => frame.url().includes('embedded')));
    await until('it is connected', () => back.textContent('#connection'), seen => seen === 'Connected');

    await set(back, 'busy');
    await sees(page, second, 'busy');
    assert.deepEqual(await page.evaluate(() => window.seen), ['online', 'busy']);
  });

  it('Line_CutAndReconnected_StatesAreStaleMeanwhileAndNobodySeesIt', async () => {
    const { other, me } = await meet();
    await record(other, me);
    await page.click('#cut');
    await until('people are marked stale', () => page.textContent('#people'), seen => seen.includes('Last known: Online'));
    await page.click('#cut');
    await until('people are fresh', () => page.textContent('#people'), seen => !seen.includes('Last known'));
    await set(page, 'busy');
    await sees(other, me, 'busy');
    assert.deepEqual(await other.evaluate(() => window.seen), ['online', 'busy']);
  });

  it('Line_Cut_IsSeenAsGoneAfterTheGracePeriod', async () => {
    const { other, me } = await meet();
    await page.click('#cut');
    await sees(other, me, 'offline', graceMs + 5_000);
    await until('the stopwatch', () => page.textContent('#stopwatch'), seen => /seen as gone after [\d.]+ s/.test(seen));
  });

  it('Leave_OnPurpose_IsSeenAtOnce', async () => {
    const { other, me } = await meet();
    const at = performance.now();
    await page.click('#leave');
    await sees(other, me, 'offline');
    assert.ok(performance.now() - at < graceMs, 'leaving has no grace period');
  });

  it('Link_OpenedInAnotherWindow_BothSeeEachOther', async () => {
    const { me } = await meet();
    const guest = await open(`/?guest=visitor-1&watch=${encodeURIComponent(me)}`);
    await sees(guest, me, 'online');
    await sees(page, 'visitor-1', 'online');
  });

  it('Reload_SameTab_IsTheSameGuestAndNobodySeesIt', async () => {
    const { me } = await meet();
    const watcher = await open(`/?guest=watcher-1&watch=${encodeURIComponent(me)}`);
    await sees(watcher, me, 'online');
    await record(watcher, me);
    await page.reload();
    await isOwn(page, 'online');
    assert.equal(await ownId(page), me);
    await set(page, 'busy');
    await sees(watcher, me, 'busy');
    assert.deepEqual(await watcher.evaluate(() => window.seen), ['online', 'busy']);
  });

  for (const id of ['<img src=x onerror="document.title=\'broken\'">', '__proto__', 'constructor', '"><script>alert(1)</script>', '💥 ünïcödé']) {
    it(`Watch_HostileId_${id.replace(/\W+/g, '_')}_IsText`, async () => {
      await meet();
      await page.fill('#watch-id', id);
      await page.click('#watch button');
      await sees(page, id, 'offline');
      const guest = await open(`/?guest=${encodeURIComponent(id)}`);
      await isOwn(guest, 'online');
      await sees(page, id, 'online');
      assert.equal(await page.locator('#people > li:last-child strong').textContent(), id);
      assert.equal(await page.locator('#people img, #people script').count(), 0);
      assert.equal(await page.title(), 'Presence');
    });
  }

  it('Server_RefusesAnId_ReasonIsShown', async () => {
    await meet();
    await page.evaluate(() => { document.getElementById('watch-id').maxLength = 1_000; });
    await page.fill('#watch-id', 'x'.repeat(500));
    await page.click('#watch button');
    await until('the reason', () => page.textContent('#problem'), seen => seen.length > 0);
    assert.equal(await page.locator('#people > li').count(), 1);
  });

  for (const colorScheme of ['light', 'dark']) {
    it(`Accessibility_${colorScheme}_HasNoSeriousViolation`, async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { other, me } = await meet();
      await set(page, 'busy');
      await sees(other, me, 'busy');
      await page.click('#another');
      await until('two tabs', () => page.textContent('#devices'), seen => seen === '2 browser tabs');
      await page.screenshot({ path: path.join(screenshots, `page-${colorScheme}.png`), fullPage: true });
      for (const view of [page, other]) {
        // Put in by the debugger, since the page's own policy lets no foreign script in.
        await view.evaluate(fs.readFileSync(axe, 'utf8'));
        const { violations } = await view.evaluate(() => window.axe.run(document, { iframes: false }));
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(node => node.html + node.failureSummary)]), []);
      }
    });
  }

  it('Phone_360PixelsWide_NothingIsCutOff', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const { other } = await meet();
    for (const view of [page, other]) {
      const [content, width] = await view.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(content <= width, `the content is ${content} pixels wide in ${width}`);
    }

    await page.screenshot({ path: path.join(screenshots, 'page-360.png'), fullPage: true });
  });

  it('Keyboard_TabKey_ReachesEveryButtonAndShowsTheFocus', async () => {
    await meet();
    const label = 'el => el.getAttribute("aria-label") ?? el.textContent';
    const buttons = await page.locator('button:visible').evaluateAll(found => found.filter(el => !el.disabled).map(el => el.getAttribute('aria-label') ?? el.textContent));
    const reached = new Set();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(`(${label})(document.activeElement)`);
      const outline = await page.evaluate(() => document.activeElement.matches('iframe, body') || getComputedStyle(document.activeElement).outlineStyle === 'solid');
      assert.ok(outline, `the focus is not visible on ${focused}`);
      reached.add(focused);
    }

    assert.ok(buttons.length >= 12, `buttons: ${buttons}`);
    assert.deepEqual(buttons.filter(button => !reached.has(button)), []);

    await page.focus('#statuses [data-status=dnd]');
    await page.keyboard.press('Enter');
    await isOwn(page, 'dnd');
  });

  it('Size_OfAllFiles_IsSmall', () => {
    const directory = path.join(root, 'src/Gateway/wwwroot');
    const files = fs.readdirSync(directory).map(name => fs.readFileSync(path.join(directory, name)));
    const compressed = files.reduce((sum, file) => sum + zlib.gzipSync(file).length, 0);
    assert.ok(compressed < 20_000, `${compressed} bytes compressed`);
  });
});

describe('The first page and a server that goes away', () => {
  it('Restart_OfTheServer_PageComesBackByItself', async () => {
    const server = await Server.start();
    const browser = await openProfile();
    try {
      const page = await browser.newPage();
      await page.goto(server.origin);
      await until('the page is connected', () => page.textContent('#connection'), seen => seen === 'Connected');
      await until('a second person', () => page.textContent('#people'), seen => seen.includes('Online'));
      await server.stop('SIGKILL');
      await until('the page says so', () => page.textContent('#connection'), seen => /^(Disconnected|Connecting)/.test(seen));
      await until('people are marked stale', () => page.textContent('#people'), seen => seen.includes('Last known: Online'));
      await server.run();
      await until('the page is connected again', () => page.textContent('#connection'), seen => seen === 'Connected', 40_000);
      await until('people are fresh', () => page.textContent('#people'), seen => seen.includes('Online') && !seen.includes('Last known'), 40_000);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});
