import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Cluster } from './support/cluster.mjs';
import { Visitors } from './support/visitors.mjs';
import { until } from './support/wait.mjs';

const graceMs = 5_000;
const leaseMs = 4_000;
const lateMs = 5_000;
const failoverMs = 15_000;

/** The balancer of an operator: a port that leads to the first of some gateways that answers. */
async function balance(gateways) {
  const server = net.createServer(near => connect(near, [...gateways]));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function connect(near, [next, ...others]) {
  if (!next) {
    return near.destroy();
  }

  const far = net.connect(next.port, '127.0.0.1');
  far.once('connect', () => near.pipe(far).pipe(near));
  far.on('error', () => (far.bytesRead + far.bytesWritten === 0 ? connect(near, others) : near.destroy()));
  near.on('error', () => far.destroy());
}

describe('The JavaScript client in Chromium: a cluster', () => {
  const visitors = new Visitors();
  let balancer;

  before(async () => {
    const settings = { GracePeriod: `${graceMs}ms`, LeaseDuration: `${leaseMs}ms`, LeaseRenewal: '1s', Cluster__ProbeTimeout: '500ms', Cluster__MissedProbes: '3' };
    await visitors.start(settings, all => Cluster.start(all));
    balancer = await balance(visitors.server.gateways);
  });
  after(async () => {
    balancer?.close();
    await visitors.end();
  });

  it('GatewayKilledThenSiloKilled_EveryDotIsRightAfterTheBound_AndNobodyWhoIsThereWasOffline', async () => {
    const [firstGateway, secondGateway] = visitors.server.gateways;
    const { ann: [ann, tab], bob } = await visitors.pair({ tabs: 2, url: balancer.url });
    const carol = await visitors.open(await visitors.newProfile(), visitors.newName('carol'), [ann.user, bob.user], secondGateway.url);
    const dave = await visitors.open(await visitors.newProfile(), visitors.newName('dave'), [], firstGateway.url);
    await carol.page.evaluate(id => window.presence.watch(id), dave.user);
    await carol.sees(dave.user, 'online');
    await Promise.all([carol.sees(ann.user, 'online'), carol.sees(bob.user, 'online')]);
    await carol.forget();

    const killedAt = Date.now();
    await firstGateway.stop('SIGKILL');
    await Promise.all([ann, tab, bob].map(lost => lost.isConnected(graceMs)));
    await ann.set('dnd');
    await Promise.all([tab, bob, carol].map(sees => sees.sees(ann.user, 'dnd')));
    await carol.sees(dave.user, 'offline', leaseMs + graceMs + lateMs);
    assert.ok(await carol.firstAt(dave.user, 'offline') - killedAt >= graceMs, 'no earlier than the grace period');

    await visitors.server.silos[0].stop('SIGKILL');
    await until('her change is taken', () => tab.set('online').then(() => true, () => false), Boolean, failoverMs);
    await Promise.all([ann, bob, carol].map(sees => sees.sees(ann.user, 'online', failoverMs)));
    await until('his change is taken', () => bob.set('busy').then(() => true, () => false), Boolean, failoverMs);
    await Promise.all([ann, tab, carol].map(sees => sees.sees(bob.user, 'busy', failoverMs)));

    const stories = await Promise.all([carol.story(ann.user), carol.story(bob.user), ann.story(bob.user), bob.story(ann.user)]);
    assert.ok(!stories.flat().some(shown => shown.startsWith('offline')), JSON.stringify(stories));
    assert.equal((await carol.get(dave.user)).status, 'offline');
  });
});
