// The parts of the page that are about oneself: the state of the line, buttons, devices, and the log of changes.

import { icon, words } from './people.js';

const mostLogLines = 30;
const find = id => document.getElementById(id);
const settable = [['online', 'Back online'], ['idle', 'Go idle'], ['away', 'Away'], ['busy', 'Busy'], ['dnd', 'Do not disturb'], ['invisible', 'Invisible']];
const deviceWords = new Map([['web', 'browser tab'], ['mobile', 'phone'], ['desktop', 'desktop app'], ['server', 'server']]);
const stops = new Map([
  [4501, 'the token was refused'], [4503, 'signed out'], [4509, 'a newer window of this device took over'], [4510, 'too many devices'],
]);

function stateText({ name, code, retryAt }) {
  switch (name) {
    case 'connected': return 'Connected';
    case 'connecting': return 'Connecting…';
    case 'cut': return 'Line cut';
    case 'left': return 'You left';
    case 'stopped': return `Stopped: ${stops.get(code) ?? `code ${code}`}`;
    default: return `Disconnected, next try in ${Math.max(0, Math.ceil((retryAt - Date.now()) / 1000))} s`;
  }
}

export function showState(state) {
  const text = stateText(state);
  find('connection').dataset.state = state.name;
  if (find('connection').textContent !== text) {
    find('connection').textContent = text; // only when it changed: it is read out
  }
}

export function addStatusButtons(onSet) {
  for (const [status, text] of settable) {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.status = status;
    button.append(icon('dot', `shape-${status}`), text);
    button.addEventListener('click', event => onSet(status, performance.timeOrigin + event.timeStamp));
    find('statuses').append(button);
  }
}

export function showOwn({ status, devices = [] }) {
  for (const button of find('statuses').children) {
    button.setAttribute('aria-pressed', String(button.dataset.status === status));
  }

  const counts = new Map();
  devices.forEach(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1));
  find('devices').replaceChildren(...[...counts].map(([type, count]) => {
    const item = document.createElement('li');
    const word = deviceWords.get(type) ?? type;
    item.append(icon('icon', `device-${deviceWords.has(type) ? type : 'web'}`), `${count} ${word}${count === 1 ? '' : 's'}`);
    return item;
  }));
}

/** Adds a line to the log and tells it to screen readers. */
export function note(who, before, after) {
  const [from, to] = [before, after].map(status => (words.get(status) ?? status).toLowerCase());
  const line = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString();
  line.append(time, ` ${who}: ${before === 'unknown' ? to : `${from} → ${to}`}`);
  find('log').prepend(line);
  find('log').children[mostLogLines]?.remove();
  find('news').textContent = `${who}: ${to}`;
}
