// One user: what shows, why, each device, and what was before.

import { PersonRow, element, put, words } from './dots.js';
import { call } from './figures.js';
import { span, rows, table } from './table.js';
import { Timeline } from './timeline.js';

const find = id => document.getElementById(id);
const word = status => (words.get(status) ?? status).toLowerCase();

function whyText({ source, status, deviceId, text, expiresAt }) {
  const until = expiresAt ? `, until ${new Date(expiresAt).toLocaleString('en-GB')}` : '';
  switch (source) {
    case 'none': return 'No device is there, so nothing shows but offline.';
    case 'device': return `The best device decides: ${deviceId ?? 'unknown'} is ${word(status)}.`;
    case 'manual': return `The person chose ${word(status)}${until}.`;
    default: return `The source ${source} claims ${word(status)}${text ? ` (“${text}”)` : ''}${until}.`;
  }
}

export class PersonView {
  panel;
  #token;
  #id = '';
  #shown = null;
  #timeline;

  constructor(panel, token) {
    this.panel = panel;
    this.#token = token;
    this.#timeline = new Timeline(token);
    panel.querySelector('form').addEventListener('submit', event => {
      event.preventDefault();
      this.#id = find('user-id').value;
      this.look();
    });
  }

  async look() {
    if (this.#id === '') {
      return;
    }

    const id = encodeURIComponent(this.#id);
    const { status, body, problem } = await call(`/v1/users/${id}/presence?viewer=${id}&explain=true`, this.#token);
    put(find('person-problem'), status === 403 ? 'To look past people’s privacy the token needs the scope presence:server as well.' : problem);
    find('person').hidden = !body;
    if (body) {
      this.#show(body);
    }

    await this.#timeline.look(this.#id);
  }

  #show(user) {
    if (this.#shown?.id !== user.userId) {
      this.#shown = { id: user.userId, row: new PersonRow(user.userId), why: element('p'), facts: element('p', { className: 'quiet' }), devices: table('Devices', ['Device', 'Kind', 'Is', 'Here for']) };
      const { row, why, facts, devices } = this.#shown;
      find('person').replaceChildren(element('ul', {}, row.element), why, facts, devices.element);
    }

    const { row, why, facts, devices } = this.#shown;
    row.show({ status: user.status, stale: false, seen: '', isTyping: false, devices: new Map() });
    put(why, whyText(user.why));
    put(facts, `Last seen ${user.lastSeen ? new Date(user.lastSeen).toLocaleString('en-GB') : 'never'} · version ${user.version} · id ${user.userId}`);
    rows(devices.body, user.devices.map(({ id, type, name, status, connectedAt }) =>
      [name ? `${name} (${id})` : id, type, word(status), span(Date.now() - Date.parse(connectedAt))]), 'No device is connected.');
  }
}
