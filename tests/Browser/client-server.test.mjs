import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Visitors } from './support/visitors.mjs';
import { until } from './support/wait.mjs';

const graceMs = 10_000;

/** Runs with a server and a browser of its own, and its data in a file. */
async function withServer(run) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'presence-data-'));
  const visitors = new Visitors();
  try {
    await visitors.start({ GracePeriod: `${graceMs}ms`, DataFile: path.join(directory, 'presence.db') });
    await run(visitors);
  } finally {
    await visitors.end();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

const closes = tab => tab.page.evaluate(() => window.states.filter(({ name }) => name === 'reconnecting').map(({ closeCode }) => closeCode));

describe('The JavaScript client in Chromium: the server goes and comes back', { concurrency: true }, () => {
  for (const [signal, what, code] of [['SIGKILL', 'Crashed', 1006], ['SIGTERM', 'Drained', 1012]]) {
    it(`Server_${what}AndStartedAgain_EverybodyIsBack_AndNobodyWasOffline`, () => withServer(async visitors => {
      const { ann: [first, second], bob } = await visitors.pair({ tabs: 2 });
      const gone = await visitors.open(await visitors.newProfile(), visitors.newName('gone'), []);
      await bob.page.evaluate(id => window.presence.watch(id), gone.user);
      await bob.sees(gone.user, 'online');
      await first.set('dnd');
      await bob.sees(first.user, 'dnd');

      await visitors.server.stop(signal);
      await Promise.all([first, second, bob].map(tab => until('the loss is noticed', () => closes(tab), seen => seen.length > 0)));
      await gone.page.close();
      await visitors.server.run();
      const readyAt = Date.now();

      const everybody = [first, second, bob];
      await Promise.all(everybody.map(tab => tab.isConnected(15_000)));
      await Promise.all(everybody.map(tab => tab.sees(first.user, 'dnd')));
      assert.deepEqual((await Promise.all(everybody.map(closes))).map(([earliest]) => earliest), [code, code, code]);
      await bob.sees(gone.user, 'offline', graceMs + 5_000);
      assert.ok(await bob.firstAt(gone.user, 'offline') - readyAt > graceMs - 1_000, 'grace begins when the server is ready');

      await second.set('online');
      await bob.sees(first.user, 'online');
      assert.deepEqual(await bob.story(first.user), ['dnd', 'dnd (stale)', 'dnd', 'online']);
      assert.deepEqual(await first.story(bob.user), ['online (stale)', 'online']);
    }));
  }
});
