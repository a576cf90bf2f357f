// Open sockets of this gateway, and signing a user out.

import { element, put, words } from './dots.js';
import { call } from './figures.js';
import { rows, span } from './table.js';

const find = id => document.getElementById(id);
const kilobytes = bytes => (bytes < 1_000 ? `${bytes} B` : `${Math.round(bytes / 1_000)} kB`);

export class Connections {
  panel;
  #token;
  #user = '';
  #leaving = '';

  constructor(panel, token) {
    this.panel = panel;
    this.#token = token;
    panel.querySelector('form').addEventListener('submit', event => {
      event.preventDefault();
      this.#user = find('connection-user').value;
      this.look();
    });
    find('connection-rows').addEventListener('click', ({ target }) => target.dataset.user && this.#ask(target.dataset.user));
    find('sign-out').addEventListener('close', () => find('sign-out').returnValue === 'yes' && this.#signOut());
  }

  async look() {
    const only = this.#user === '' ? '' : `?userId=${encodeURIComponent(this.#user)}`;
    const { body, problem } = await call(`/v1/connections${only}`, this.#token);
    if (!body) {
      put(find('connection-count'), problem);
      return;
    }

    const { connections, count } = body;
    put(find('connection-count'), `${connections.length} of ${count} connections${connections.some(({ isBehind }) => isBehind) ? '; some readers do not keep up' : ''}`);
    const sorted = connections.sort((a, b) => (a.userId ?? '').localeCompare(b.userId ?? '') || a.openedAt.localeCompare(b.openedAt));
    rows(find('connection-rows'), sorted.map(one => [
      one.userId ?? 'not signed in', one.deviceId ? `${one.deviceType}: ${one.deviceName ?? one.deviceId}` : '', words.get(one.deviceStatus) ?? '',
      span(Date.now() - Date.parse(one.openedAt)), `${span(one.silentMs)}${one.isBehind ? ', behind' : ''}`,
      one.roundTripMs === undefined ? 'no ping yet' : `${one.roundTripMs} ms`, kilobytes(one.queuedBytes), String(one.subscriptions), String(one.rooms), one.address ?? '',
      one.userId ? this.#button(one) : '',
    ]), 'Nobody is connected.');
  }

  #button({ connectionId, userId, deviceName, deviceId }) {
    const button = element('button', { type: 'button', textContent: 'Disconnect', ariaLabel: `Disconnect ${userId}, found with ${deviceName ?? deviceId}` });
    Object.assign(button.dataset, { key: connectionId, user: userId });
    return button;
  }

  #ask(user) {
    this.#leaving = user;
    put(find('sign-out-title'), `Disconnect ${user}?`);
    find('sign-out').returnValue = '';
    find('sign-out').showModal();
  }

  async #signOut() {
    const user = this.#leaving;
    const { status, body, problem } = await call(`/v1/users/${encodeURIComponent(user)}/connections`, this.#token, 'DELETE');
    const why = status === 403 ? `This token may only look: to disconnect ${user} it needs the scope presence:admin or presence:server.` : problem;
    put(find('connection-result'), body ? `${user} was signed out on ${body.count} ${body.count === 1 ? 'device' : 'devices'}.` : why);
    find('connection-result').classList.toggle('wrong', !body);
    await this.look();
  }
}
