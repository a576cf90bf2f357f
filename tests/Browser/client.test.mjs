import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Connection } from '../../src/Gateway/wwwroot/connection.js';
import { percentile } from '../../src/Gateway/wwwroot/delays.js';
import { People } from '../../src/Gateway/wwwroot/people.js';

/** A socket that does what the test says. */
class ScriptedSocket extends EventTarget {
  static OPEN = 1;
  static all = [];
  readyState = 0;
  sent = [];

  constructor() {
    super();
    ScriptedSocket.all.push(this);
  }

  static get last() {
    return ScriptedSocket.all.at(-1);
  }

  authenticate() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
    this.hear({ type: 'authenticated', heartbeatInterval: 20_000, heartbeatTimeout: 45_000 });
  }

  hear(message) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
  }

  lose(code) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

describe('The connection of the page', () => {
  const realWebSocket = globalThis.WebSocket;
  let states;
  let connection;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    globalThis.WebSocket = ScriptedSocket;
    ScriptedSocket.all.length = 0;
    states = [];
    connection = new Connection('ws://server', () => ({ userId: 'ann', token: 'ann' }), { onMessage() {}, onState: state => states.push(state) });
    connection.open();
  });
  afterEach(() => {
    mock.reset();
    mock.timers.reset();
    globalThis.WebSocket = realWebSocket;
  });

  it('Open_Socket_AuthenticatesFirst', () => {
    ScriptedSocket.last.authenticate();
    assert.deepEqual(ScriptedSocket.last.sent, [{ type: 'authenticate', userId: 'ann', token: 'ann' }]);
    assert.deepEqual(states.map(({ name }) => name), ['connecting', 'connected']);
  });

  it('Lost_Again_WaitsAtRandomWithinADoublingBound', () => {
    mock.method(Math, 'random', () => 1);
    for (const bound of [1, 2, 4, 8, 16, 30, 30]) {
      ScriptedSocket.last.lose(1006);
      assert.equal(states.at(-1).delayMs, bound * 1_000);
      mock.timers.tick(bound * 1_000);
    }

    ScriptedSocket.last.authenticate();
    mock.method(Math, 'random', () => 0.25);
    ScriptedSocket.last.lose(1011);
    assert.equal(states.at(-1).delayMs, 250);
  });

  it('Reconnect_Hint_IsHonoured', () => {
    ScriptedSocket.last.authenticate();
    ScriptedSocket.last.hear({ type: 'reconnect', after: 4_321 });
    ScriptedSocket.last.lose(1012);
    assert.equal(states.at(-1).delayMs, 4_321);
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
      assert.equal(states.at(-1).name, 'stopped');
    });
  }

  for (const code of [1001, 1006, 1012, 1013, 4001, 4008, 4013, 4029, 4040]) {
    it(`Close_${code}_ComesBack`, () => {
      ScriptedSocket.last.authenticate();
      ScriptedSocket.last.lose(code);
      mock.timers.tick(1_000);
      assert.equal(ScriptedSocket.all.length, 2);
    });
  }

  it('Silence_TwoBeatsWithoutAnswer_IsALostLine', () => {
    const socket = ScriptedSocket.last;
    socket.authenticate();
    mock.timers.tick(20_000);
    socket.hear({ type: 'heartbeat_ack' });
    mock.timers.tick(40_000);
    assert.equal(states.at(-1).name, 'connected');
    mock.timers.tick(20_000);
    assert.equal(states.at(-1).name, 'waiting');
    assert.equal(socket.closedWith, 3000);
  });

  it('Request_Reply_IsFoundByItsId', async () => {
    ScriptedSocket.last.authenticate();
    const [first, second] = [connection.request({ type: 'set_status', status: 'busy' }), connection.request({ type: 'set_status', status: 'asleep' })];
    ScriptedSocket.last.hear({ type: 'error', id: 2, code: 'invalid_status', message: 'Invalid status' });
    ScriptedSocket.last.hear({ type: 'status_updated', id: 1, status: 'busy' });
    assert.equal((await first).status, 'busy');
    await assert.rejects(second, { code: 'invalid_status', message: 'Invalid status' });
  });

  it('Request_ConnectionLost_Fails', async () => {
    ScriptedSocket.last.authenticate();
    const request = connection.request({ type: 'set_status', status: 'busy' });
    ScriptedSocket.last.lose(1006);
    await assert.rejects(request, { code: 'disconnected' });
  });

  it('Leave_And_Cut_CloseWithTheirCodesAndStayAway', () => {
    for (const [act, code] of [[() => connection.leave(), 1000], [() => connection.cut(), 3000]]) {
      connection.open();
      const socket = ScriptedSocket.last;
      socket.authenticate();
      act();
      const opened = ScriptedSocket.all.length;
      socket.lose(code);
      mock.timers.tick(600_000);
      assert.equal(socket.closedWith, code);
      assert.equal(ScriptedSocket.all.length, opened);
    }
  });
});

describe('What the page holds of people', () => {
  const presence = (status, version, userId = 'ann') => ({ userId, status, version, lastSeen: null });

  it('Take_Update_OnlyWhenNewer', () => {
    const people = new People();
    people.add('ann');
    people.take(presence('online', 5), true);
    assert.equal(people.take(presence('away', 5), false), null);
    assert.equal(people.take(presence('away', 4), false), null);
    assert.equal(people.take(presence('busy', 6), false).status, 'online');
    assert.equal(people.get('ann').status, 'busy');
  });

  it('Take_List_IsTheTruthEvenWithALowerVersion', () => {
    const people = new People();
    people.add('ann');
    people.take(presence('online', 5), true);
    people.take(presence('offline', 0), true);
    assert.equal(people.get('ann').status, 'offline');
  });

  it('Take_SomebodyNotWatched_IsIgnored', () => {
    assert.equal(new People().take(presence('online', 1), false), null);
  });

  it('Add_HostileIds_AreOrdinaryOnes', () => {
    const people = new People();
    for (const id of ['__proto__', 'constructor', 'toString']) {
      people.add(id);
      people.take(presence('busy', 1, id), true);
      assert.equal(people.get(id).status, 'busy');
    }

    assert.equal({}.status, undefined);
  });

  it('Stale_ThenListed_IsFresh', () => {
    const people = new People();
    people.add('ann');
    people.take(presence('online', 5), true);
    people.markStale(true);
    assert.deepEqual([people.get('ann').status, people.get('ann').isStale], ['online', true]);
    people.take(presence('online', 5), true);
    assert.equal(people.get('ann').isStale, false);
  });
});

describe('Percentile', () => {
  for (const [values, share, expected] of [[[], 0.5, null], [[7], 0.95, 7], [[4, 1, 3, 2], 0.5, 2], [Array.from({ length: 50 }, (_, i) => i + 1), 0.95, 48]]) {
    it(`Percentile_${share}_Of_${values.length}_Is_${expected}`, () => assert.equal(percentile(values, share), expected));
  }
});
