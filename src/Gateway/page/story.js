// What the page says in words: the line at the top, the state of the connection, and the log.

import { put, words } from './dots.js';
import { nameOf } from './guest.js';

const mostLogLines = 30;
const find = id => document.getElementById(id);
const stops = new Map([
  [1000, 'left'], [4501, 'the token was refused'], [4503, 'signed out'], [4509, 'a newer window took over'], [4510, 'too many devices'],
]);
const feelings = new Map([['online', 'here'], ['idle', 'idle'], ['away', 'away'], ['busy', 'busy'], ['dnd', 'not to be disturbed'], ['invisible', 'invisible']]);

const others = count => (count === 1 ? '1 other' : `${count} others`);

function secondLine(status, other, isThere, more, seenAs) {
  if (!other) {
    return more > 0 ? `So ${more === 1 ? 'is' : 'are'} ${others(more)}.` : 'Send somebody the link.';
  }

  const name = nameOf(other);
  if (!isThere) {
    return `${name} is gone.`;
  }

  if (status === 'invisible') {
    return seenAs === 'offline' ? `${name} cannot tell.` : `${name} is about to lose sight of you.`;
  }

  if (status !== 'online') {
    return `${name} can see it.`;
  }

  return more > 0 ? `So are ${name} and ${others(more)}.` : `So is ${name}.`;
}

/** The line at the top: how things are between oneself and the second guest. */
export function headline(presence, people, companion, seenAs) {
  const { name } = presence.state;
  const status = presence.me?.status;
  if (name !== 'connected' || !status) {
    put(find('headline-first'), name === 'reconnecting' ? 'You are cut off.' : name === 'closed' ? 'You are out.' : 'Hello.');
    const knows = companion && name === 'reconnecting';
    put(find('headline-second'), !knows ? '' : seenAs === 'offline' ? `${nameOf(companion)} saw you go.` : `${nameOf(companion)} has not noticed.`);
    return;
  }

  const { online } = people;
  const isThere = online.includes(companion);
  put(find('headline-first'), `You are ${feelings.get(status) ?? 'offline'}.`);
  put(find('headline-second'), secondLine(status, companion, isThere, online.length - (isThere ? 1 : 0), seenAs));
}

function stateText({ name, retryAt, closeCode }, isCut) {
  switch (name) {
    case 'connected': return 'Connected';
    case 'closed': return `Stopped: ${stops.get(closeCode) ?? `code ${closeCode}`}`;
    case 'reconnecting': return isCut ? 'Network cut' : retryAt ? 'Reconnecting soon' : 'Reconnecting';
    default: return 'Connecting';
  }
}

export function showState(state, isCut) {
  find('connection').dataset.state = state.name;
  put(find('connection'), stateText(state, isCut));
}

function addLine(text, status) {
  const line = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString('en-GB');
  if (status) {
    line.dataset.status = status;
  }

  line.append(time, ` ${text}`);
  find('log').prepend(line);
  find('log').children[mostLogLines]?.remove();
}

/** Adds what became of somebody to the log and tells it to screen readers. */
export function note(who, before, now) {
  if (before === 'unknown' && now === 'offline') {
    return; // is about to come
  }

  const text = `${who} is ${(words.get(now) ?? now).toLowerCase()}`;
  addLine(text, now);
  if (before !== 'unknown') {
    find('news').textContent = `${text}.`;
  }
}

/** Adds what is about nobody to the log and tells it to screen readers. */
export function tell(sentence) {
  addLine(sentence);
  find('news').textContent = sentence;
}
