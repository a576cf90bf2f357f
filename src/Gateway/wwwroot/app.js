// The page: one guest, the people it watches, and other windows beside it.

import { Connection } from './connection.js';
import { Delays, Stopwatch, sharedNow } from './delays.js';
import { Frames, onFrameMessage, reportHeight } from './frames.js';
import { addressFor, kept, nameOf, newGuestId, ownDeviceId, readAddress } from './guest.js';
import { People, PeopleList, words } from './people.js';
import { addStatusButtons, note, showOwn, showState } from './view.js';

const find = id => document.getElementById(id);
const address = readAddress();
const me = address.guest ?? kept('guest', newGuestId);
const device = address.device ?? ownDeviceId();
const companion = address.embedded ? null : kept('companion', newGuestId);

const channel = new BroadcastChannel('presence-page');
const people = new People();
const own = new PeopleList(find('own'), find('person-template'));
const list = new PeopleList(find('people'), find('person-template'), unwatch);
const delays = { own: new Delays(find('delay-own')), other: new Delays(find('delay-other')) };
const stopwatch = new Stopwatch(find('stopwatch'));
const frames = new Frames(find('frames'), find('frame-template'), { onKill, onBack: frame => stopwatch.back(frame.title) });

let state = { name: 'connecting' };
let clockSkewMs = 0;
let click = null; // the last change of one's own status, until another screen shows it
let isSeenGone = false;
let lastTab = 1;

const connection = new Connection(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`, hello, { onMessage, onState });

function hello() {
  const type = matchMedia('(pointer: coarse)').matches ? 'mobile' : 'web';
  return { userId: me, token: me, device: { id: device, type, name: address.embedded ? 'Tab in a frame' : 'Tab' } };
}

function onState(next) {
  state = { ...next, retryAt: Date.now() + (next.delayMs ?? 0) };
  if (next.name === 'connected') {
    find('problem').textContent = '';
    stopwatch.back('Your connection');
  } else if (next.name !== 'connecting') {
    people.markStale(true);
  }

  const isOpen = next.name === 'connected' || next.name === 'connecting' || next.name === 'waiting';
  find('cut').textContent = isOpen ? 'Cut the line' : 'Reconnect';
  find('leave').disabled = !isOpen;
  show();
}

function onMessage(message) {
  switch (message.type) {
    case 'authenticated':
      clockSkewMs = Date.parse(message.serverTime) - Date.now();
      stopwatch.boundMs = message.gracePeriod;
      take(message.presence, true);
      subscribe(people.ids().filter(id => id !== me));
      break;
    case 'presence_list':
      message.presences.forEach(presence => take(presence, true));
      break;
    case 'presence_update':
      take(message.presence, false);
      break;
    case 'stale':
    case 'fresh':
      people.markStale(message.type === 'stale', message.userIds);
      break;
    case 'error':
      find('problem').textContent = message.message;
      break;
  }

  show();
}

function take(presence, isList) {
  const before = people.take(presence, isList);
  if (before && before.status !== presence.status) {
    show();
    channel.postMessage({ seen: presence.userId, status: presence.status, by: me, at: sharedNow() });
    note(presence.userId === me ? 'You' : nameOf(presence.userId), before.status, presence.status);
  }

  stopwatch.check();
}

const complain = error => { find('problem').textContent = error.message; };

async function subscribe(userIds) {
  if (userIds.length === 0 || state.name !== 'connected') {
    return;
  }

  try {
    await connection.request({ type: 'subscribe', userIds });
  } catch (error) {
    complain(error);
    if (error.code === 'invalid_request') {
      // One bad id spoils the whole message: find it, and stop watching it.
      userIds.forEach(userIds.length === 1 ? forget : id => subscribe([id]));
    }
  }
}

function watch(userId) {
  if (userId !== me && !people.get(userId)) {
    people.add(userId);
    subscribe([userId]);
    rememberWatched();
    show();
  }
}

function unwatch(userId) {
  connection.send({ type: 'unsubscribe', userIds: [userId] });
  forget(userId);
  find('watch-id').focus();
}

function forget(userId) {
  people.remove(userId);
  list.remove(userId);
  rememberWatched();
}

function rememberWatched() {
  if (!address.embedded) {
    const watched = people.ids().filter(id => id !== me && id !== companion);
    history.replaceState(null, '', addressFor({ guest: address.guest, watch: watched }));
  }
}

function show() {
  const now = Date.now() + clockSkewMs;
  showState(state);
  showOwn(people.get(me));
  for (const id of people.ids()) {
    (id === me ? own : list).show(people.get(id), now);
  }
}

async function setStatus(status, at) {
  click = { status: status === 'invisible' ? 'offline' : status, at };
  try {
    const { shown } = await connection.request({ type: 'set_status', status, scope: status === 'away' ? 'user' : undefined });
    measured('own', sharedNow() - at);
    const isOutweighed = shown !== status && status !== 'invisible';
    find('problem').textContent = isOutweighed ? `Noted for this tab; others see you as ${words.get(shown)}.` : '';
    click = isOutweighed ? null : click;
  } catch (error) {
    complain(error);
  }
}

/** All delays are shown in the outer window. */
function measured(kind, delay) {
  if (address.embedded) {
    parent.postMessage({ kind, delay }, location.origin);
  } else {
    delays[kind].add(delay);
  }
}

function onKill(frame) {
  stopwatch.start(frame.title, () => (frame.guest === me
    ? !people.get(me).devices?.some(({ id }) => id === frame.device)
    : people.get(frame.guest)?.status === 'offline'));
}

function openTab() {
  const tab = { guest: me, device: `${device}.${++lastTab}`, title: `Your tab ${lastTab}` };
  frames.open({ ...tab, address: addressFor({ ...tab, watch: people.ids().filter(id => id !== me), embedded: true }) });
  find('another').disabled = frames.isFull;
}

function cutOrReconnect() {
  if (find('leave').disabled) {
    connection.open();
  } else {
    isSeenGone = false;
    connection.cut();
    stopwatch.start('Your connection', () => isSeenGone);
  }
}

channel.addEventListener('message', ({ data }) => {
  if (data.seen === me && data.by !== me) {
    isSeenGone ||= data.status === 'offline';
    stopwatch.check();
    if (click?.status === data.status && data.at >= click.at) {
      measured('other', data.at - click.at);
      click = null;
    }
  } else if (data.watching?.includes(me)) {
    watch(data.hello); // another window of this browser that came by the link
  }
});

addStatusButtons(setStatus);
find('cut').addEventListener('click', cutOrReconnect);
find('leave').addEventListener('click', () => connection.leave());
find('another').addEventListener('click', openTab);
find('watch').addEventListener('submit', event => {
  event.preventDefault();
  watch(find('watch-id').value.trim());
  find('watch-id').value = '';
});
find('copy').addEventListener('click', async () => {
  find('share-link').select();
  await (navigator.clipboard?.writeText(find('share-link').value) ?? document.execCommand('copy'));
  find('copy').textContent = 'Copied';
});

people.add(me);
address.watch.forEach(watch);
if (address.embedded) {
  document.documentElement.toggleAttribute('data-embedded', true);
  reportHeight(find('page'));
} else {
  onFrameMessage(find('frames'), ({ kind, delay }) => delays[kind].add(delay));
  find('share-link').value = addressFor({ watch: [me] });
  find('share-hint').textContent = /^(localhost|127\.|\[::1)/.test(location.hostname)
    ? 'For a phone, replace the host in the link by the address of this machine.' : '';
  watch(companion);
  const second = { guest: companion, device: `${device}.1`, title: `Second guest: ${nameOf(companion)}` };
  frames.open({ ...second, address: addressFor({ ...second, watch: [me], embedded: true }) });
}

channel.postMessage({ hello: me, watching: address.watch });
connection.open();
setInterval(show, 1000);
