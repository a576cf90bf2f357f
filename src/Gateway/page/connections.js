// Open sockets of this gateway.

import { put, words } from './dots.js';
import { call } from './figures.js';
import { rows, span } from './table.js';

const find = id => document.getElementById(id);

export class Connections {
  panel;
  #token;
  #user = '';

  constructor(panel, token) {
    this.panel = panel;
    this.#token = token;
    panel.querySelector('form').addEventListener('submit', event => {
      event.preventDefault();
      this.#user = find('connection-user').value;
      this.look();
    });
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
      span(Date.now() - Date.parse(one.openedAt)), `${span(one.silentMs)}${one.isBehind ? ', behind' : ''}`, String(one.subscriptions), String(one.rooms), one.address ?? '',
    ]), 'Nobody is connected.');
  }
}
