import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { blocksOf, Reader } from './support/page-of-text.mjs';
import { freePort, root, Server } from './support/server.mjs';
import { until } from './support/wait.mjs';

const blocks = blocksOf('docs/quickstart.md');
const slow = { timeout: 400_000 }; // packages are made, installed and built

/** Somebody who is there. */
async function connect(url, userId) {
  const socket = new WebSocket(`${url}/ws`);
  const heard = [];
  socket.on('message', text => heard.push(JSON.parse(text)));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'authenticate', userId, token: 'any' })));
  await until(`${userId} is there`, () => heard[0]?.type, seen => seen === 'authenticated');
  return socket;
}

const withReader = (changes, run, env) => async () => {
  const reader = new Reader(blocks, changes(), env);
  try {
    await run(reader);
  } finally {
    await reader.leave();
  }
};

describe('docs/quickstart.md', { concurrency: true, ...slow }, () => {
  // One for each language: ada is in both, and does not look the same.
  let servers = [];

  before(async () => { servers = await Promise.all([Server.start(), Server.start()]); });
  after(() => Promise.all(servers.map(server => server.stop())));

  const at = index => () => ({ 'localhost:8080': `127.0.0.1:${servers[index].port}` });

  it('Page_EveryBlockIsRunByATest', () => {
    const tested = ['server', 'pack-js', 'install-js', 'members.mjs', 'run-js', 'pack-dotnet', 'new-dotnet', 'watcher/Program.cs', 'run-dotnet',
      'up', 'down', 'new-service', 'calendar/Program.cs', 'run-service'];
    assert.deepEqual([...blocks.keys()].sort(), tested.sort());
  });

  it('Server_OneCommand_ServesThePage', slow, withReader(() => ({}), async reader => {
    const [port, management] = [await freePort(), await freePort()];
    const started = reader.start('server', command =>
      `Presence__DataFile= Presence__ManagementUrl=http://127.0.0.1:${management} ${command.trim()} -c Release --no-build -- --urls http://127.0.0.1:${port}`);
    await reader.prints(started, /Now listening on|Application started/);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<html/);
  }));

  it('JavaScript_OneInstallAndSixLines_ListTheMembers', slow, withReader(at(0), async reader => {
    assert.ok(reader.text('members.mjs').split('\n').filter(line => line.trim()).length <= 6);
    await reader.run('pack-js');
    await reader.run('install-js');
    reader.save('members.mjs');
    const ada = reader.start('run-js');
    await reader.prints(ada, /^ada online$/m);
    const grace = reader.start('run-js', command => command.replace('ada', 'grace'));
    await reader.prints(ada, /ada online, grace online/);
    await reader.prints(grace, /ada online, grace online/);
  }));

  it('Dotnet_PackageAndProgram_WatchAda', slow, withReader(at(1), async reader => {
    await reader.run('pack-dotnet', command => `unset NUGET_PACKAGES\n${command}`); // the project keeps where its packages were
    await reader.run('new-dotnet');
    reader.save('watcher/Program.cs');
    const watcher = reader.start('run-dotnet');
    await reader.prints(watcher, /ada is (Offline|Online)/);
    const ada = await connect(servers[1].url, 'ada');
    ada.send(JSON.stringify({ type: 'set_status', status: 'dnd' }));
    await reader.prints(watcher, /PresenceChanged.*ada.*Dnd/);
    ada.close(1000);
  }, { NUGET_PACKAGES: 'packages' }));

  it('Cluster_UpAndDown_AndAServiceBesideIt', slow, async () => {
    const offset = 100 + (process.pid % 2_500); // all ports stay below those that Linux gives to connections, from 32768 on
    const gateway = `localhost:${8080 + offset}`;
    for (const program of ['silo', 'gateway']) {
      const bin = path.join(root, 'artifacts/local/bin');
      fs.mkdirSync(bin, { recursive: true });
      fs.existsSync(path.join(bin, program)) || fs.symlinkSync(path.join(root, 'artifacts', program), path.join(bin, program));
    }

    const changes = { 'localhost:8091': `localhost:${8091 + offset}`, 'localhost:6390': `localhost:${6390 + offset}`, ':5081': `:${await freePort()}` };
    await withReader(() => changes, async reader => {
      assert.match(await reader.run('up'), /Ready\.[^]*Healthy|Ready\.[^]*ready/i);
      try {
        const ada = await connect(`ws://${gateway}`, 'ada');
        await reader.run('new-service');
        reader.save('calendar/Program.cs');
        assert.match(await reader.run('run-service'), /^ada is Busy\ngrace is Offline$/m);
        ada.close(1000);
      } finally {
        assert.match(await reader.run('down'), /Stopped 6 processes/);
      }
    }, { PORT_OFFSET: String(offset) })();
  });
});
