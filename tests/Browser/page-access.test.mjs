import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import zlib from 'node:zlib';
import { root } from './support/server.mjs';
import { Visit, isOwn, meet, sees, set } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const screenshots = path.join(root, 'artifacts/screenshots');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe('The first page, for everybody', () => {
  const visit = new Visit();
  let page;

  before(async () => {
    fs.mkdirSync(screenshots, { recursive: true });
    await visit.start({ GracePeriod: '2s' });
  });
  after(() => visit.end());
  beforeEach(async () => { page = await visit.open(); });
  afterEach(() => visit.closeWindows());

  for (const id of ['<img src=x onerror="document.title=\'broken\'">', '__proto__', 'constructor', '"><script>alert(1)</script>', '💥 ünïcödé']) {
    it(`Watch_HostileId_${id.replace(/\W+/g, '_')}_IsText`, async () => {
      await meet(page);
      await page.fill('#watch-id', id);
      await page.click('#watch button');
      await sees(page, id, 'offline');
      const guest = await visit.open(`/?guest=${encodeURIComponent(id)}`);
      await isOwn(guest, 'online');
      await sees(page, id, 'online');
      assert.equal(await page.locator('#people > li:last-child strong').textContent(), id);
      assert.equal(await page.locator('#people img, #people script').count(), 0);
      assert.equal(await page.title(), 'Presence');
    });
  }

  it('Server_RefusesAnId_ReasonIsShown', async () => {
    await meet(page);
    await page.evaluate(() => { document.getElementById('watch-id').maxLength = 1_000; });
    await page.fill('#watch-id', 'x'.repeat(500));
    await page.click('#watch button');
    await until('the reason', () => page.textContent('#problem'), seen => seen.length > 0);
    assert.equal(await page.locator('#people > li').count(), 1);
  });

  for (const colorScheme of ['light', 'dark']) {
    it(`Accessibility_${colorScheme}_HasNoSeriousViolation`, async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { other, me } = await meet(page);
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
    const { other } = await meet(page);
    for (const view of [page, other]) {
      const [content, width] = await view.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(content <= width, `the content is ${content} pixels wide in ${width}`);
    }

    await page.screenshot({ path: path.join(screenshots, 'page-360.png'), fullPage: true });
  });

  it('Keyboard_TabKey_ReachesEveryButtonAndShowsTheFocus', async () => {
    await meet(page);
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
