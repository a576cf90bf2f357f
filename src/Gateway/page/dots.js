// How a person looks: words, drawings, and one row.

import { icon } from './drawings.js';
import { hueOf, initialsOf, nameOf } from './guest.js';

export const words = new Map([
  ['online', 'Online'], ['idle', 'Idle'], ['away', 'Away'], ['busy', 'Busy'], ['dnd', 'Do not disturb'],
  ['invisible', 'Invisible'], ['offline', 'Offline'], ['unknown', 'Not known yet'],
]);

const deviceWords = new Map([['web', 'browser tab'], ['mobile', 'phone'], ['desktop', 'desktop app'], ['server', 'server']]);

/** An element with properties and children; texts become text, never markup. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Sets the text only when it is another one: what did not change is not read out, and not painted. */
export function put(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** How many devices of each type, as a room's metadata carries them; what is no count of a known type is left out. */
export function deviceCounts(devices) {
  const counts = new Map();
  for (const [type, count] of Object.entries(devices ?? {})) {
    if (deviceWords.has(type) && Number.isInteger(count) && count > 0 && count < 1_000) {
      counts.set(type, count);
    }
  }

  return counts;
}

function deviceItem(type, count) {
  const text = `${count} ${deviceWords.get(type)}${count === 1 ? '' : 's'}`;
  const number = element('span', { textContent: `×${count}` });
  number.setAttribute('aria-hidden', 'true');
  return element('li', { title: text }, icon('icon', `device-${type}`), element('span', { className: 'for-readers', textContent: text }), number);
}

function typingSign() {
  const dots = element('span', { className: 'steps' }, element('i'), element('i'), element('i'));
  dots.setAttribute('aria-hidden', 'true');
  return element('span', { className: 'typing', hidden: true }, 'typing', dots);
}

/** A row for one person. */
export class PersonRow {
  #dot = icon('dot', 'shape-unknown');
  #status = element('span', { className: 'status' });
  #seen = element('small');
  #typing = typingSign();
  #devices = element('ul', { className: 'devices' });

  constructor(userId) {
    const initials = element('span', { textContent: initialsOf(userId) });
    initials.setAttribute('aria-hidden', 'true');
    const avatar = element('span', { className: 'avatar' }, initials, this.#dot);
    avatar.style.setProperty('--hue', hueOf(userId));
    const state = element('span', { className: 'state' }, this.#status, this.#seen, this.#typing);
    const who = element('span', { className: 'who' }, element('strong', { textContent: nameOf(userId), title: userId }), state);
    this.element = element('li', { className: 'person' }, avatar, who, this.#devices);
    this.element.dataset.user = userId;
  }

  /**
   * @param {{ status: string, stale: boolean, seen: string, isTyping: boolean, devices: Map<string, number> }} person `seen` says when
   * the person was last there
   */
  show({ status, stale, seen, isTyping, devices }) {
    const shape = words.has(status) ? status : 'unknown';
    if (this.element.dataset.status !== shape) {
      this.element.dataset.status = shape;
      this.#dot.firstChild.setAttribute('href', `#shape-${shape}`);
    }

    this.element.toggleAttribute('data-stale', stale);
    put(this.#status, (stale ? 'Last known: ' : '') + (words.get(status) ?? status));
    put(this.#seen, seen);
    this.#typing.hidden = !isTyping;
    this.#showDevices(devices);
  }

  #showDevices(counts) {
    const key = JSON.stringify([...counts]);
    if (this.#devices.dataset.counts !== key) {
      this.#devices.dataset.counts = key;
      this.#devices.replaceChildren(...[...counts].map(([type, count]) => deviceItem(type, count)));
    }
  }
}
