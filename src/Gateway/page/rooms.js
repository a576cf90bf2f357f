// One room, live: over a socket of its own, opened with the first room that is asked for. Who looks is no member.

import { createPresence } from './client.js';
import { element, put, words } from './dots.js';
import { rows, span, table } from './table.js';

const find = id => document.getElementById(id);

/** Whom a signed token stands for; any other token is the user id itself. */
function userOf(token) {
  try {
    return JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).sub;
  } catch {
    return token;
  }
}

export class RoomView {
  panel;
  #token;
  #presence = null;
  #stop = () => {};
  #shown = null;

  constructor(panel, token) {
    this.panel = panel;
    this.#token = token;
    panel.querySelector('form').addEventListener('submit', event => {
      event.preventDefault();
      this.#open(find('room-id').value);
    });
  }

  /** Changes come by themselves; only the times go on. */
  look() {
    this.#shown?.show();
  }

  #open(id) {
    this.#presence ??= this.#connect();
    this.#stop();
    put(find('room-problem'), '');
    const title = element('h2', { textContent: id });
    const facts = element('p', { className: 'quiet' });
    const members = table('Members', ['Member', 'Is', 'Here for', 'Metadata']);
    let room;
    try {
      room = this.#presence.room(id);
    } catch (error) {
      put(find('room-problem'), error.message);
      return;
    }

    let view = null;
    const show = () => view && this.#show(view, facts, members.body);
    this.#shown = { show };
    find('room').replaceChildren(title, facts, members.element);
    this.#stop = room.subscribe((_, next) => {
      view = next;
      find('room').hidden = false;
      show();
    });
  }

  #connect() {
    const presence = createPresence({ url: '/ws', user: userOf(this.#token), getToken: () => this.#token, idleAfterMs: null });
    presence.on('error', error => put(find('room-problem'), error.message));
    presence.on('state', ({ name, closeCode }) => name === 'closed' && put(find('room-problem'), `The server ended the connection (${closeCode}).`));
    return presence;
  }

  #show({ members, count, truncated, stale }, facts, body) {
    put(facts, `${count} ${count === 1 ? 'member' : 'members'}${truncated ? `, a sample of ${members.length} below` : ''}${stale ? ', not up to date at the moment' : ''}`);
    rows(body, members.map(({ userId, status, metadata, joinedAt }) =>
      [userId, words.get(status) ?? status, span(this.#presence.now() - Date.parse(joinedAt)), metadata ? JSON.stringify(metadata) : '']), 'Nobody is listed.');
  }
}
