// The people this window knows: what it holds of each, and their rows on the screen.

import { hueOf, initialsOf, nameOf } from './guest.js';

export const words = new Map([
  ['online', 'Online'], ['idle', 'Idle'], ['away', 'Away'], ['busy', 'Busy'], ['dnd', 'Do not disturb'],
  ['invisible', 'Invisible'], ['offline', 'Offline'], ['unknown', 'Not known yet'],
]);

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function lastSeenText(lastSeen, now) {
  if (lastSeen === null) {
    return 'never seen';
  }

  const seen = new Date(lastSeen);
  const minutes = Math.floor((now - seen) / 60_000);
  if (minutes < 60) {
    return minutes < 1 ? 'seen just now' : `seen ${minutes} min ago`;
  }

  return minutes < 24 * 60 ? `seen ${Math.floor(minutes / 60)} h ago` : `seen ${dateFormat.format(seen)}`;
}

/** One of the drawings in the page. */
export function icon(className, name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#${name}`);
  svg.append(use);
  return svg;
}

/** Presence by user id, under the protocol's rule: a list is the truth, an update must be newer than what is held. */
export class People {
  #held = new Map();

  ids() {
    return [...this.#held.keys()];
  }

  get(userId) {
    return this.#held.get(userId);
  }

  add(userId) {
    if (!this.#held.has(userId)) {
      this.#held.set(userId, { userId, status: 'unknown', lastSeen: null, version: -1, isStale: false });
    }
  }

  remove(userId) {
    this.#held.delete(userId);
  }

  /** Takes news of somebody known; returns what was held before, or null when the news is not new. */
  take(presence, isList) {
    const before = this.#held.get(presence.userId);
    if (!before || (!isList && presence.version <= before.version)) {
      return null;
    }

    this.#held.set(presence.userId, { ...presence, isStale: false });
    return before;
  }

  markStale(isStale, userIds = this.ids()) {
    for (const id of userIds) {
      const presence = this.#held.get(id);
      if (presence && presence.status !== 'unknown') {
        this.#held.set(id, { ...presence, isStale });
      }
    }
  }
}

/** Shows one presence in an element that holds the parts of the `person` template. */
function showPerson(element, presence, now) {
  const { userId, status, lastSeen, isStale } = presence;
  const shape = words.has(status) ? status : 'unknown';
  const part = name => element.querySelector(`[data-part=${name}]`);
  const put = (name, text) => { part(name).textContent = text; };

  element.dataset.status = shape;
  element.toggleAttribute('data-stale', isStale);
  element.querySelector('use').setAttribute('href', `#shape-${shape}`);
  put('initials', initialsOf(userId));
  put('name', nameOf(userId));
  put('id', nameOf(userId) === userId ? '' : userId);
  put('status', (isStale ? 'Last known: ' : '') + (words.get(status) ?? status));
  put('seen', status === 'unknown' ? '' : lastSeenText(status === 'offline' || isStale ? lastSeen : now, now));
  part('avatar').style.setProperty('--hue', hueOf(userId));
}

/** A list on the screen: one row for each person. */
export class PeopleList {
  #rows = new Map();
  #list;
  #template;
  #onRemove;

  constructor(list, template, onRemove) {
    this.#list = list;
    this.#template = template;
    this.#onRemove = onRemove;
  }

  show(presence, now) {
    let row = this.#rows.get(presence.userId);
    if (!row) {
      row = this.#addRow(presence.userId);
    }

    showPerson(row, presence, now);
  }

  remove(userId) {
    this.#rows.get(userId)?.remove();
    this.#rows.delete(userId);
  }

  #addRow(userId) {
    const row = this.#template.content.firstElementChild.cloneNode(true);
    row.dataset.user = userId;
    const button = row.querySelector('button');
    if (this.#onRemove) {
      button.setAttribute('aria-label', `Stop watching ${nameOf(userId)}`);
      button.addEventListener('click', () => this.#onRemove(userId));
    } else {
      button.remove();
    }

    this.#list.append(row);
    this.#rows.set(userId, row);
    return row;
  }
}
