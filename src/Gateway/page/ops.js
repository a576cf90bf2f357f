// The page at /ops: what this gateway does, for a token with the scope presence:admin. It looks; the one thing it does is to sign users out.

import { Config } from './config.js';
import { Connections } from './connections.js';
import { addDrawings } from './drawings.js';
import { put } from './dots.js';
import { Events } from './events.js';
import { loadStats } from './figures.js';
import { Overview } from './overview.js';
import { PersonView } from './person.js';
import { RoomView } from './rooms.js';
import { showTabs } from './tabs.js';

const everyMs = 1_000;
const find = id => document.getElementById(id);

addDrawings();

/** Looks once a second, while the token is good and somebody looks. */
async function run(token, overview, views) {
  if (document.visibilityState === 'visible') {
    const { status, stats, problem } = await loadStats(token);
    if (status === 401 || status === 403) {
      ask(problem);
      return;
    }

    find('state').dataset.state = stats ? 'fine' : 'lost';
    put(find('state'), stats ? stats.isDraining ? 'This gateway is stopping' : 'This gateway, live' : problem);
    if (stats) {
      overview.show(stats);
    }

    await Promise.all(views.filter(({ panel }) => !panel.hidden).map(view => view.look()));
  }

  setTimeout(() => run(token, overview, views), everyMs);
}

function ask(problem) {
  find('inside').hidden = true;
  find('entry').hidden = false;
  put(find('state'), '');
  find('refusal').textContent = problem;
  find('token').focus();
}

async function enter(token) {
  const { status, problem } = await loadStats(token);
  if (status !== 200) {
    ask(problem);
    return;
  }

  find('entry').hidden = true;
  find('inside').hidden = false;
  const views = [[PersonView, 'people'], [RoomView, 'rooms'], [Connections, 'connections'], [Events, 'events'], [Config, 'configuration']]
    .map(([View, panel]) => new View(find(panel), token));
  run(token, new Overview(), views);
}

showTabs(document.querySelector('[role=tablist]'));
find('entry').addEventListener('submit', event => {
  event.preventDefault();
  enter(find('token').value.trim());
});

const server = await (await fetch('page.json')).json();
if (server.guests) {
  enter('ops'); // any token is good, and carries all scopes
} else {
  ask('');
}
