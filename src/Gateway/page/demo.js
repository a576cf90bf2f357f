// The page at /: one guest, the people in its room, and other screens beside it, each of which is this page again.

import { createPresence } from './client.js';
import { Delays, Echoes, sharedNow } from './delays.js';
import { PersonRow, deviceCounts } from './dots.js';
import { addDrawings } from './drawings.js';
import { Frames, onFrameMessage, reportHeight, tellParent } from './frames.js';
import { addressFor, kept, nameOf, newGuestId, ownDeviceId, readAddress } from './guest.js';
import { Network } from './network.js';
import { People } from './people.js';
import { Controls } from './controls.js';
import { offerLinks } from './share.js';
import { SiloKiller } from './silos.js';
import { showSpeed } from './speed.js';
import { Stopwatch } from './stopwatch.js';
import { headline, note, showState } from './story.js';
import { showStrip } from './strip.js';

const cutMs = 8_000;
const pulseMs = 2_000;
const mostTabs = 9;
const find = id => document.getElementById(id);

const address = readAddress();
const isOuter = address.view === 'outer';
const me = address.guest ?? kept('guest', newGuestId);
const device = address.device ?? ownDeviceId();
/** The second guest; a page that is another device of somebody needs none. */
const companion = isOuter && !address.guest ? kept('companion', newGuestId) : null;
document.documentElement.dataset.view = address.view;
addDrawings();
const server = await (await fetch('page.json')).json();
find('page').hidden = !server.guests;
find('closed').hidden = server.guests;

/** The page itself: everything that only the outer window has. */
function startOuter(presence, room) {
  const delays = new Delays();
  const echoes = new Echoes();
  const stopwatch = new Stopwatch({ time: find('watch-time'), text: find('watch-text'), bar: find('watch-bar') }, server.gracePeriod);
  const seenByOther = { status: 'unknown' };
  const frames = new Frames(find('frame-template'), {
    onKill: frame => stopwatch.start(frame.title, () => isGone(presence, frame)),
    onBack: frame => stopwatch.back(frame.title),
  });
  const people = new People(presence, room, peopleParts(), companion ? [companion] : [], (id, before, now) => {
    note(nameOf(id), before, now);
    stopwatch.check();
  });
  const tell = () => headline(presence, people, companion, seenByOther.status);

  onFrameMessage(({ user, seen, pulse, at }) => {
    if (user !== me) {
      return;
    }

    if (seen) {
      seenByOther.status = seen;
    }

    for (const key of [seen, pulse]) {
      const delay = key === undefined ? null : echoes.seen(key, at);
      if (delay !== null) {
        delays.add(delay);
      }
    }

    stopwatch.check();
    tell();
  });
  presence.on('presence', () => { stopwatch.check(); tell(); });
  presence.on('state', tell);
  setInterval(() => { showSpeed(delays.look()); tell(); }, 500);
  setInterval(() => pulse(presence, people, echoes), pulseMs);

  if (companion) {
    const second = { guest: companion, device: `${device}.guest`, title: `${nameOf(companion)}’s screen` };
    frames.open(find('second'), { ...second, address: addressFor({ guest: companion, device: second.device, room: address.room, view: 'guest' }) });
  }

  find('grace').textContent = `${server.gracePeriod / 1_000} s`;
  find('more-tabs').addEventListener('click', () => openTabs(frames));
  offerLinks(me, address.room);
  const killer = server.killsSilos ? new SiloKiller(find('kill-silo'), me) : null;
  showStrip(find('strip'), me, silos => killer?.show(silos));
  return { echoes, stopwatch, seenByOther };
}

const peopleParts = () => ({ list: find('people'), rest: find('rest') });

const isGone = (presence, frame) => (frame.guest === me
  ? !presence.me?.devices?.some(({ id }) => id === frame.device)
  : presence.get(frame.guest)?.status === 'offline');

function openTabs(frames) {
  const first = find('tabs').childElementCount + 2;
  for (let number = first; number < first + 3; number++) {
    const tab = { guest: me, device: `${device}.${number}`, title: `Your tab ${number}`, short: `Tab ${number}`, kill: 'Kill', back: 'Back' };
    frames.open(find('tabs'), { ...tab, address: addressFor({ guest: me, device: tab.device, view: 'tab' }) });
  }

  find('more-tabs').disabled = find('tabs').childElementCount >= mostTabs;
}

let pulses = 0;

/** A small change that nobody sees, for the sake of the delay: only while the other can see it and somebody looks. */
function pulse(presence, people, echoes) {
  const isSeen = people.online.includes(companion) && presence.me?.status !== 'invisible';
  if (presence.state.name === 'connected' && isSeen && document.visibilityState === 'visible') {
    echoes.sent(++pulses);
    presence.setActivity({ type: 'pulse', pulse: pulses }, 5 * pulseMs)
      .catch(error => error.retryable || complain(error)); // nobody asked for it, and the next one is due
  }
}

/** On the second guest's screen: tells the page around it what shows here, a status when it is another one than before. */
function reportToOuter(presence) {
  const shown = new Map();
  presence.on('presence', ({ userId, status, activity }) => {
    tellParent({ user: userId, seen: shown.get(userId) === status ? undefined : status, pulse: activity?.pulse, at: sharedNow() });
    shown.set(userId, status);
  });
}

/** Says in the room how many devices one has: the device with the first id does it for all. */
function publishDevices(presence, membership) {
  let published = '';
  const look = () => {
    const devices = presence.me?.devices ?? [];
    const isFirst = devices.length > 0 && devices.every(({ id }) => id >= device);
    const counts = JSON.stringify(countTypes(devices));
    if (!isFirst || !membership.room.view.joined) {
      published = '';
    } else if (counts !== published) {
      published = counts;
      membership.update({ devices: JSON.parse(counts) }).catch(complain);
    }
  };
  presence.on('presence', look);
  membership.subscribe(look);
}

function countTypes(devices) {
  const counts = {};
  devices.forEach(({ type }) => { counts[type] = (counts[type] ?? 0) + 1; });
  return counts;
}

function showOwn(presence, row, controls) {
  const { status = 'unknown', stale = false, devices = [] } = presence.me ?? {};
  row.show({ status, stale, seen: '', isTyping: false, devices: deviceCounts(countTypes(devices)) });
  controls.show(status);
}

/** What was asked when the connection ended is not worth a word. */
const complain = error => { find('problem').textContent = error.code === 'closed' ? '' : error.message; };

/** Null when the id from the address can be nobody's. */
function connect(network) {
  const type = matchMedia('(pointer: coarse)').matches ? 'mobile' : 'web';
  try {
    return createPresence({
      url: '/ws', user: me, getToken: () => me, device: { id: device, type, name: isOuter ? 'Tab' : 'Tab in a frame' },
      idleAfterMs: isOuter ? undefined : null, WebSocket: network.WebSocket,
    });
  } catch (error) {
    complain(error);
    return null;
  }
}

function start() {
  const network = new Network();
  const presence = connect(network);
  if (!presence) {
    return;
  }

  const row = new PersonRow(me);
  find('own').append(row.element);
  let outer = null;
  const controls = new Controls(presence, { onClick: (status, at) => outer?.echoes.sent(status === 'invisible' ? 'offline' : status, at), complain });
  const show = () => showOwn(presence, row, controls);
  presence.on('presence', show);
  presence.on('state', state => { showState(state, network.isCut); show(); });
  presence.on('error', complain);

  if (address.view !== 'tab') {
    const membership = presence.room(address.room).join();
    publishDevices(presence, membership);
    controls.typeIn(membership.room);
    if (isOuter) {
      outer = startOuter(presence, membership.room);
    } else {
      new People(presence, membership.room, peopleParts(), [], () => {});
      reportToOuter(presence);
    }
  }

  if (!isOuter) {
    reportHeight(find('page'));
    document.title = `${nameOf(me)} · Presence`;
  }

  find('cut').addEventListener('click', () => {
    find('cut').disabled = true;
    outer?.stopwatch.start('Your connection', () => outer.seenByOther.status === 'offline');
    network.cut(cutMs, () => { find('cut').disabled = false; });
  });
  presence.on('state', ({ name }) => name === 'connected' && outer?.stopwatch.back('Your connection'));
}

if (server.guests) {
  start();
}
