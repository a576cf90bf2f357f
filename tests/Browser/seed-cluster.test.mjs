import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Cluster } from './support/cluster.mjs';
import { missing } from './support/seed.mjs';
import { until } from './support/wait.mjs';

const { SeedUser } = missing ? {} : await import('./support/seed-client.mjs');
const users = [];
let names = 0;

const newName = prefix => `${prefix}-${++names}`;

async function connect(gateway, userId) {
  const user = new SeedUser(gateway);
  users.push(user);
  return user.connect(userId);
}

afterEach(() => users.splice(0).forEach(user => user.leave()));

describe('The seed\'s client at two gateways', { skip: missing }, () => {
  let cluster;

  before(async () => { cluster = await Cluster.start({ GracePeriod: '1s' }); });
  after(() => cluster?.stop());

  it('Users_OnDifferentGateways_SeeEachOther', async () => {
    const [annName, bobName] = [newName('ann'), newName('bob')];
    const ann = await connect(cluster.gateways[0], annName);
    ann.client.subscribe([bobName]);
    await ann.sees(bobName, 'offline');
    const bob = await connect(cluster.gateways[1], bobName);
    bob.client.subscribe([annName]);
    await ann.sees(bobName, 'online');
    await bob.sees(annName, 'online');

    ann.client.setStatus('busy');
    await bob.sees(annName, 'busy');
    bob.client.setStatus('away');
    await ann.sees(bobName, 'away');
    bob.leave();
    await ann.sees(bobName, 'offline');
    assert.deepEqual([...ann.errors, ...bob.errors], []);
  });

  it('TabsOfOneUser_OnDifferentGateways_AreOnePresence', async () => {
    const ann = newName('ann');
    const tabs = [await connect(cluster.gateways[0], ann), await connect(cluster.gateways[1], ann)];
    const watchers = [await connect(cluster.gateways[0], newName('bob')), await connect(cluster.gateways[1], newName('carol'))];
    assert.equal(tabs[1].own.connectionCount, 2);
    for (const watcher of watchers) {
      watcher.client.subscribe([ann]);
      await watcher.sees(ann, 'online');
    }

    tabs[0].client.setStatus('busy');
    await tabs[1].sees(ann, 'busy');
    tabs[1].client.setStatus('online');
    await Promise.all([tabs[0], ...watchers].map(user => user.sees(ann, 'online')));

    tabs[0].leave();
    await until('one tab is left', () => tabs[1].presences.get(ann)?.connectionCount, seen => seen === 1);
    tabs[1].client.setStatus('busy'); // comes after whatever the closed tab caused
    await Promise.all(watchers.map(watcher => watcher.sees(ann, 'busy')));
    assert.ok(watchers.every(watcher => !watcher.seenOf(ann).includes('offline')));

    tabs[1].leave();
    await Promise.all(watchers.map(watcher => watcher.sees(ann, 'offline')));
  });
});
