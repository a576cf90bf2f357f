import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import zlib from 'node:zlib';
import { root } from './support/server.mjs';
import { Visit, isOwn, meet, ownId, reads, sees, set, shows } from './support/visit.mjs';
import { until } from './support/wait.mjs';

const screenshots = path.join(root, 'artifacts/screenshots');
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { width: 360, height: 740 };

/** Serious violations of the rules that axe knows, in a window and in the frames of it. */
async function violations(page) {
  const found = [];
  for (const view of page.frames()) {
    // Put in by the debugger, since the page's own policy lets no foreign script in.
    await view.evaluate(axe);
    const result = await view.evaluate(() => window.axe.run(document, { iframes: false }));
    const serious = result.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    found.push(...serious.map(({ id, nodes }) => [id, nodes.map(node => node.html + node.failureSummary)]));
  }

  return found;
}

async function fitsInto(page) {
  for (const view of page.frames()) {
    const [content, width] = await view.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(content <= width, `the content of ${view.url()} is ${content} pixels wide in ${width}`);
  }
}

describe('The pages, for everybody', () => {
  const visit = new Visit();

  before(async () => {
    fs.mkdirSync(screenshots, { recursive: true });
    await visit.start({ GracePeriod: '2s' });
  });
  after(() => visit.end());
  afterEach(() => visit.closeWindows());

  for (const [name, colorScheme, viewport] of [['light', 'light'], ['dark', 'dark'], ['360', 'light', phone], ['360-dark', 'dark', phone]]) {
    it(`Demonstration_${name}_IsAccessible`, async () => {
      const page = await visit.open();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport ?? { width: 1280, height: 1180 });
      const { other, me, second } = await meet(page);
      await page.click('#more-tabs');
      await shows(other, me, 'four tabs', ({ devices }) => devices.includes('×4'));
      await set(page, 'busy');
      await sees(other, me, 'busy');
      await other.click('#type');
      await shows(page, second, 'typing', ({ text }) => text.includes('typing'));
      await until('delays', () => page.textContent('#samples'), count => Number(count) >= 2);
      await page.screenshot({ path: path.join(screenshots, `page-${name}.png`), fullPage: true });
      assert.deepEqual(await violations(page), []);
      await fitsInto(page);

      await page.click('#share-open');
      assert.deepEqual(await violations(page), []);
      await page.click('#share-close');
      await page.click('#phone-open');
      await page.waitForSelector('#phone-code svg');
      await page.screenshot({ path: path.join(screenshots, `page-phone-${name}.png`) });
      assert.deepEqual(await violations(page), []);
      await fitsInto(page);
    });

    it(`Operations_${name}_IsAccessible`, async () => {
      const guest = await visit.open();
      const { me } = await meet(guest);
      const page = await visit.open('/ops');
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport ?? { width: 1280, height: 1100 });
      await until('a point in the plots', () => page.locator('#tiles dd').first().textContent(), text => Number(text) >= 2);
      for (const tab of ['overview', 'people', 'rooms', 'connections', 'events', 'configuration']) {
        await page.click(`#tab-${tab}`);
        if (tab === 'people') {
          await page.fill('#user-id', me);
          await page.click('#people form button');
          await until('a person', () => page.locator('#person .person').count());
          await until('a timeline', () => page.locator('#timeline tbody tr').count());
        } else if (tab === 'rooms') {
          await page.fill('#room-id', new URL(guest.url()).searchParams.get('room'));
          await page.click('#rooms form button');
          await until('two members', () => page.locator('#room tbody tr').count(), count => count === 2);
        } else if (tab === 'connections') {
          await until('connections', () => page.locator('#connection-rows tr').count(), count => count >= 3);
        }

        if (tab === 'events') {
          await reads(page, '#event-count', /changes$/); // from now on they are kept
          await set(guest, 'busy');
          await set(guest, 'online');
          await until('the changes', () => page.locator('#event-rows tr').count(), count => count >= 2);
        } else if (tab === 'configuration') {
          await until('settings', () => page.locator('#setting-rows tr').count(), count => count > 40);
        }

        await page.screenshot({ path: path.join(screenshots, `ops-${tab}-${name}.png`), fullPage: true });
        assert.deepEqual(await violations(page), []);
        await fitsInto(page);
      }

      await page.click('#tab-connections');
      await page.locator('#connection-rows button').first().click();
      await page.screenshot({ path: path.join(screenshots, `ops-disconnect-${name}.png`) });
      assert.deepEqual(await violations(page), []);
    });
  }

  it('Keyboard_TabKey_ReachesEveryButtonAndShowsTheFocus', async () => {
    const page = await visit.open();
    await meet(page);
    const label = 'el => el.getAttribute("aria-label") ?? el.textContent';
    const buttons = await page.locator('button:visible').evaluateAll(found => found.filter(el => !el.disabled).map(el => el.getAttribute('aria-label') ?? el.textContent));
    const reached = new Set();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(`(${label})(document.activeElement)`);
      const outline = await page.evaluate(() => document.activeElement.matches('iframe, body') || getComputedStyle(document.activeElement).outlineStyle === 'solid');
      assert.ok(outline, `the focus is not visible on ${focused}`);
      reached.add(focused);
    }

    assert.ok(buttons.length >= 10, `buttons: ${buttons}`);
    assert.deepEqual(buttons.filter(button => !reached.has(button)), []);

    await page.focus('#statuses [data-status=dnd]');
    await page.keyboard.press('Enter');
    await isOwn(page, 'dnd');
  });

  it('ReadersOfTheScreen_HearWhatHappens', async () => {
    const page = await visit.open();
    const { other } = await meet(page);
    await set(other, 'busy');
    await reads(page, '[aria-live=polite]', / is busy\.$/);
    for (const id of ['connection', 'watch-text']) {
      assert.equal(await page.getAttribute(`#${id}`, 'role'), 'status');
    }

    assert.notEqual(await ownId(page), await ownId(other));
  });

  it('Files_OfThePages_AreSmallAndForbidEverythingFromElsewhere', async () => {
    const load = async name => {
      const response = await fetch(`${visit.server.origin}/${name}`);
      assert.equal(response.status, 200, name);
      assert.equal(response.headers.get('content-security-policy'), 'default-src \'self\'; frame-ancestors \'self\'; base-uri \'none\'; form-action \'none\'');
      return Buffer.from(await response.arrayBuffer());
    };
    for (const [names, most] of [[['', 'style.css', 'demo.css', 'demo.js'], 24_000], [['code.js'], 5_000], [['ops', 'ops.css', 'ops.js'], 44_000]]) {
      const files = await Promise.all(names.map(load));
      const compressed = files.reduce((sum, file) => sum + zlib.gzipSync(file).length, 0);
      assert.ok(compressed < most, `${compressed} bytes compressed`);
      assert.doesNotMatch(files[0].toString('latin1'), /<script(?![^>]* src=)|\sstyle=|(src|href)="https?:/);
    }
  });
});
