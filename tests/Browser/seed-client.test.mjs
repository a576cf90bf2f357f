import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Server } from './support/server.mjs';
import { missing } from './support/seed.mjs';
import { until } from './support/wait.mjs';

const graceMs = 1_000;
const { SeedUser, browserLikeWebSocket } = missing ? {} : await import('./support/seed-client.mjs');
const users = [];
let names = 0;

const newName = prefix => `${prefix}-${++names}`;

async function connect(server, userId, options, WebSocket) {
  const user = new SeedUser(server, options, WebSocket);
  users.push(user);
  return user.connect(userId);
}

afterEach(() => users.splice(0).forEach(user => user.leave()));

describe('The seed\'s client', { skip: missing }, () => {
  let server;

  before(async () => { server = await Server.start({ GracePeriod: '1s' }); });
  after(() => server?.stop());

  const pair = async options => {
    const [annName, bobName] = [newName('ann'), newName('bob')];
    const ann = await connect(server, annName, options);
    const bob = await connect(server, bobName, options);
    ann.client.subscribe([bobName]);
    bob.client.subscribe([annName]);
    await ann.sees(bobName, 'online');
    await bob.sees(annName, 'online');
    return [ann, bob];
  };

  it('Connect_FirstDevice_IsOnline', async () => {
    const ann = await connect(server, newName('ann'));

    assert.equal(ann.own.userId, ann.userId);
    assert.equal(ann.own.status, 'online');
    assert.equal(ann.own.connectionCount, 1);
    assert.ok(Math.abs(Date.now() - Date.parse(ann.own.lastSeen)) < 60_000, `last seen is ${ann.own.lastSeen}`);
    assert.ok(Number.isFinite(Date.parse(ann.own.connectedAt)), `connected at ${ann.own.connectedAt}`);
  });

  it('Subscribe_SomebodyNeverSeen_IsOfflineUntilSheComes', async () => {
    const name = newName('late');
    const ann = await connect(server, newName('ann'));
    ann.client.subscribe([name]);
    assert.equal((await ann.sees(name, 'offline')).lastSeen, null);

    await connect(server, name);
    await ann.sees(name, 'online');
  });

  it('SetStatus_EveryStatus_IsSeenByTheOther', async () => {
    const [ann, bob] = await pair();

    // Away is what one device says and busy what the person chose, so away after busy would not be seen.
    for (const status of ['away', 'busy', 'online', 'away', 'online', 'busy']) {
      ann.client.setStatus(status);
      await bob.sees(ann.userId, status);
      await until(`the server confirms ${status}`, () => ann.heard('status_updated').at(-1)?.status, seen => seen === status);
    }

    assert.deepEqual(ann.errors, []);
  });

  it('SecondTab_StatusOfTheFirst_IsInStep', async () => {
    const [ann] = await pair();
    const second = await connect(server, ann.userId);
    assert.equal(second.own.connectionCount, 2);

    ann.client.setStatus('busy');
    await second.sees(ann.userId, 'busy');
    second.client.setStatus('online');
    await ann.sees(ann.userId, 'online');
  });

  it('OneOfTwoTabs_Closed_StaysOnline', async () => {
    const [ann, bob] = await pair();
    const second = await connect(server, ann.userId);
    ann.leave();
    await until('one connection is left', () => second.presences.get(ann.userId)?.connectionCount, seen => seen === 1);

    second.client.setStatus('busy'); // comes after whatever the closed tab caused
    await bob.sees(ann.userId, 'busy');
    assert.ok(!bob.seenOf(ann.userId).includes('offline'), `seen of her: ${bob.seenOf(ann.userId)}`);
  });

  it('AllTabs_Left_IsOfflineAtOnce', async () => {
    const [ann, bob] = await pair();
    const second = await connect(server, ann.userId);
    ann.leave();
    second.leave();
    const leftAt = performance.now();

    const seen = await bob.sees(ann.userId, 'offline');
    assert.ok(performance.now() - leftAt < graceMs, 'a clean close must not wait for the grace period');
    assert.ok(Math.abs(Date.now() - Date.parse(seen.lastSeen)) < 60_000, `last seen is ${seen.lastSeen}`);
  });

  it('Disconnect_ClientComesBackByItself_IsOnlineAgain', async () => {
    const [ann, bob] = await pair();
    ann.client.disconnect();
    await bob.sees(ann.userId, 'offline');
    await bob.sees(ann.userId, 'online');
  });

  it('Unsubscribe_FurtherChanges_AreNotSeen', async () => {
    const [ann, bob] = await pair();
    const carol = await connect(server, newName('carol'));
    bob.client.subscribe([carol.userId]);
    await bob.sees(carol.userId, 'online');

    bob.client.unsubscribe([ann.userId]);
    bob.client.getPresence([bob.userId]); // answered after the unsubscribe took effect
    await bob.sees(bob.userId, 'online');
    ann.client.setStatus('busy');
    await until('her change is confirmed', () => ann.heard('status_updated').length, seen => seen === 1);
    carol.client.setStatus('busy');
    await bob.sees(carol.userId, 'busy');
    bob.client.getPresence([ann.userId]);
    await bob.sees(ann.userId, 'busy');
    assert.equal(bob.heard('presence_update').filter(({ presence }) => presence.userId === ann.userId && presence.status === 'busy').length, 0);
  });

  it('GetPresence_SeveralUsers_InTheOrderAsked', async () => {
    const [ann, bob] = await pair();
    const nobody = newName('nobody');
    ann.client.getPresence([nobody, bob.userId, ann.userId]);

    const list = await until('the list', () => ann.heard('presence_list').find(({ presences }) => presences.length === 3));
    assert.deepEqual(list.presences.map(({ userId, status }) => [userId, status]), [
      [nobody, 'offline'], [bob.userId, 'online'], [ann.userId, 'online'],
    ]);
  });

  it('Heartbeat_OfTheClient_IsAcknowledged', async () => {
    const ann = await connect(server, newName('ann'), { heartbeatInterval: 50 });
    const acks = await until('two acknowledgements', () => ann.heard('heartbeat_ack'), seen => seen.length >= 2);
    assert.ok(acks.every(({ timestamp }) => Number.isFinite(Date.parse(timestamp))));
  });

  const mistakes = [
    ['UnknownStatus', { type: 'set_status', status: 'asleep' }, 'Invalid status. Must be one of: online, idle, away, busy, dnd, invisible'],
    ['StatusOffline', { type: 'set_status', status: 'offline' }, 'Cannot manually set status to offline while connected'],
    ['UserIdsNoArray', { type: 'subscribe', userIds: 'ann' }, 'userIds must be an array'],
    ['UnknownType', { type: 'sing' }, 'Unknown message type: sing'],
  ];
  for (const [name, message, text] of mistakes) {
    it(`Mistake_${name}_IsToldAndTheConnectionStays`, async () => {
      const ann = await connect(server, newName('ann'));
      ann.client.send(message);
      await until('the error', () => ann.errors, seen => seen.length > 0);
      assert.deepEqual(ann.errors, [text]);

      ann.client.setStatus('busy');
      await ann.sees(ann.userId, 'busy');
    });
  }

  it('Connect_WithoutToken_IsRejected', async () => {
    const ann = new SeedUser(server);
    users.push(ann);
    await assert.rejects(ann.client.connect(newName('ann'), ''), { message: 'Authentication token is required' });
  });
});

describe('The seed\'s client and a server that restarts', { skip: missing }, () => {
  for (const signal of ['SIGKILL', 'SIGTERM']) {
    it(`Restart_${signal}_ClientsAreBackAndWhatTheySaidIsKept`, async () => {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'presence-data-'));
      const server = await Server.start({ GracePeriod: '5s', DataFile: path.join(directory, 'presence.db') });
      try {
        await restart(server, signal);
      } finally {
        users.splice(0).forEach(user => user.leave());
        await server.stop();
        fs.rmSync(directory, { recursive: true, force: true });
      }
    });
  }

  async function restart(server, signal) {
    const [ann, bob] = [newName('ann'), newName('bob')];
    const her = await connect(server, ann, {}, browserLikeWebSocket);
    const him = await connect(server, bob, {}, browserLikeWebSocket);
    her.client.subscribe([bob]);
    him.client.subscribe([ann]);
    await him.sees(ann, 'online');
    her.client.setStatus('busy');
    await until('it is confirmed', () => her.heard('status_updated').length, seen => seen === 1);
    await him.sees(ann, 'busy');
    const versionBefore = him.presences.get(ann).version;

    const ended = await server.stop(signal);
    assert.equal(ended, signal === 'SIGTERM' ? 0 : 'SIGKILL');
    [her, him].forEach(user => user.forget());
    await server.run();

    for (const user of [her, him]) {
      await until(`${user.userId} is back`, () => user.heard('authenticated').length, seen => seen >= 2, 20_000);
    }

    assert.equal(her.heard('authenticated').at(-1).presence.status, 'busy');
    await him.sees(ann, 'busy');
    await her.sees(bob, 'online');
    assert.ok(him.presences.get(ann).version >= versionBefore, `version ${him.presences.get(ann).version} after ${versionBefore}`);
    him.client.setStatus('busy');
    await her.sees(bob, 'busy');
    assert.ok(!him.seenOf(ann).includes('offline'), `seen of her: ${him.seenOf(ann)}`);
  }
});
