import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createPresence } from '../../src/Gateway/page/bare/client.js';
import { Delays, Echoes, percentile } from '../../src/Gateway/page/delays.js';

/** A socket that does what the test says. */
class ScriptedSocket {
  static all = [];
  sent = [];

  constructor() {
    ScriptedSocket.all.push(this);
  }

  static get last() {
    return ScriptedSocket.all.at(-1);
  }

  authenticate(presence = { userId: 'ann', status: 'online', version: 1 }) {
    this.onopen();
    this.hear({ type: 'authenticated', presence, serverTime: new Date().toISOString() });
  }

  hear(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  lose(code) {
    this.onclose({ code });
  }
}

const settled = () => new Promise(resolve => { setImmediate(resolve); });
const surroundings = { location: new URL('http://server/'), addEventListener() {} };

describe('The client of the pages without Node', () => {
  const before = {};
  let states;
  let client;

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    for (const [name, value] of Object.entries(surroundings)) {
      before[name] = globalThis[name];
      globalThis[name] = value;
    }

    ScriptedSocket.all.length = 0;
    states = [];
    client = createPresence({ url: '/ws', user: 'ann', getToken: () => 'ann', device: { id: 'tab' }, WebSocket: ScriptedSocket });
    client.on('state', state => states.push(state));
    await settled();
  });
  afterEach(() => {
    mock.reset();
    mock.timers.reset();
    Object.assign(globalThis, before);
  });

  it('Open_Socket_AuthenticatesFirst', () => {
    ScriptedSocket.last.authenticate();
    assert.deepEqual(ScriptedSocket.last.sent, [{ type: 'authenticate', userId: 'ann', token: 'ann', device: { id: 'tab' } }]);
    assert.deepEqual(states.map(({ name }) => name), ['connecting', 'connected']);
  });

  it('Lost_Again_WaitsAtRandomWithinADoublingBound', () => {
    mock.method(Math, 'random', () => 1);
    for (const [index, bound] of [1, 2, 4, 8, 8].entries()) {
      ScriptedSocket.last.lose(1006);
      assert.equal(states.at(-1).name, 'reconnecting');
      mock.timers.tick(bound * 1_000 - 1);
      assert.equal(ScriptedSocket.all.length, index + 1);
      mock.timers.tick(1);
      assert.equal(ScriptedSocket.all.length, index + 2);
    }

    ScriptedSocket.last.authenticate();
    mock.method(Math, 'random', () => 0.25);
    ScriptedSocket.last.lose(1011);
    mock.timers.tick(250);
    assert.equal(ScriptedSocket.all.length, 7);
  });

  it('Reconnect_Hint_IsHonoured', () => {
    ScriptedSocket.last.authenticate();
    ScriptedSocket.last.hear({ type: 'reconnect', after: 4_321 });
    ScriptedSocket.last.lose(1012);
    mock.timers.tick(4_320);
    assert.equal(ScriptedSocket.all.length, 1);
    mock.timers.tick(1);
    assert.equal(ScriptedSocket.all.length, 2);
  });

  for (const code of [4500, 4501, 4503, 4509, 4510]) {
    it(`Close_${code}_IsFinal`, () => {
      ScriptedSocket.last.authenticate();
      ScriptedSocket.last.lose(code);
      mock.timers.tick(600_000);
      assert.equal(ScriptedSocket.all.length, 1);
      assert.deepEqual([states.at(-1).name, states.at(-1).closeCode], ['closed', code]);
    });
  }

  for (const code of [1001, 1006, 1012, 1013, 3000, 4001, 4008, 4013, 4029, 4040]) {
    it(`Close_${code}_ComesBack`, () => {
      ScriptedSocket.last.authenticate();
      ScriptedSocket.last.lose(code);
      mock.timers.tick(1_000);
      assert.equal(ScriptedSocket.all.length, 2);
    });
  }

  it('Request_Reply_IsFoundByItsId', async () => {
    ScriptedSocket.last.authenticate();
    const [first, second] = [client.setStatus('busy'), client.setStatus('asleep')];
    ScriptedSocket.last.hear({ type: 'error', id: 2, code: 'invalid_status', message: 'Invalid status' });
    ScriptedSocket.last.hear({ type: 'status_updated', id: 1, status: 'busy' });
    assert.equal((await first).status, 'busy');
    await assert.rejects(second, { code: 'invalid_status', message: 'Invalid status' });
  });

  it('Request_ConnectionLost_Fails', async () => {
    ScriptedSocket.last.authenticate();
    const request = client.setStatus('busy');
    ScriptedSocket.last.lose(1006);
    await assert.rejects(request, { code: 'closed' });
    await assert.rejects(client.setStatus('busy'), { code: 'closed' });
  });

  it('Update_OnlyWhenNewer_AndAListIsTheTruth', () => {
    const hear = (status, version) => ScriptedSocket.last.hear({ type: 'presence_update', presence: { userId: 'bob', status, version } });
    ScriptedSocket.last.authenticate();
    hear('online', 5);
    hear('away', 5);
    hear('away', 4);
    assert.equal(client.get('bob').status, 'online');
    hear('busy', 6);
    assert.equal(client.get('bob').status, 'busy');
    ScriptedSocket.last.hear({ type: 'presence_list', presences: [{ userId: 'bob', status: 'offline', version: 0 }] });
    assert.equal(client.get('bob').status, 'offline');
  });

  it('Lost_WhatWasKnown_IsStaleUntilItIsListedAgain', () => {
    client.watch('bob');
    ScriptedSocket.last.authenticate();
    const list = { type: 'presence_list', presences: [{ userId: 'bob', status: 'online', version: 5 }] };
    ScriptedSocket.last.hear(list);
    ScriptedSocket.last.lose(1006);
    assert.deepEqual([client.get('bob').status, client.get('bob').stale], ['online', true]);
    mock.timers.tick(1_000);
    ScriptedSocket.last.authenticate();
    assert.deepEqual(ScriptedSocket.last.sent.at(-1).userIds, ['bob']);
    ScriptedSocket.last.hear(list);
    assert.equal(client.get('bob').stale, false);
  });

  it('Room_Gap_IsRepaired', () => {
    const room = client.room('lounge');
    room.join();
    ScriptedSocket.last.authenticate();
    const member = userId => ({ userId, status: 'online' });
    const hear = (type, version, fields) => ScriptedSocket.last.hear({ type, roomId: 'lounge', version, count: 0, ...fields });
    hear('room_state', 3, { members: [member('ann')] });
    hear('room_update', 4, { joined: [member('bob')] });
    hear('room_update', 6, { left: ['ann'] });
    assert.deepEqual(room.view.members.map(({ userId }) => userId), ['ann', 'bob']);
    assert.equal(ScriptedSocket.last.sent.at(-1).type, 'get_room');
    hear('room_state', 6, { members: [member('bob'), member('__proto__')] });
    assert.deepEqual(room.view.members.map(({ userId }) => userId), ['bob', '__proto__']);
  });
});

describe('Delays', () => {
  for (const [values, share, expected] of [[[], 0.5, null], [[7], 0.95, 7], [[4, 1, 3, 2], 0.5, 2], [Array.from({ length: 50 }, (_, i) => i + 1), 0.95, 48]]) {
    it(`Percentile_${share}_Of_${values.length}_Is_${expected}`, () => assert.equal(percentile(values, share), expected));
  }

  it('Look_AfterAMinute_OldSamplesAreGone', () => {
    const delays = new Delays();
    delays.add(100, 0);
    delays.add(4, 59_000);
    assert.deepEqual(delays.look(59_999), { samples: [100, 4], p50: 4, p95: 100 });
    assert.deepEqual(delays.look(60_000), { samples: [4], p50: 4, p95: 4 });
  });

  it('Echo_IsMeasuredOnceAndNeverOfSomethingElse', () => {
    const echoes = new Echoes();
    echoes.sent('busy', 1_000);
    assert.equal(echoes.seen('dnd', 1_010), null);
    assert.equal(echoes.seen('busy', 1_012), 12);
    assert.equal(echoes.seen('busy', 1_014), null);
  });
});
