// What the status of one user went through lately, and why.

import { element, put, words } from './dots.js';
import { call } from './figures.js';
import { rows, table } from './table.js';

const find = id => document.getElementById(id);
const word = status => words.get(status) ?? status;

const causes = new Map([
  ['device_came', 'a device came'], ['device_left', 'a device left on purpose'], ['device_lost', 'a device was lost and did not come back in time'],
  ['gateway_lost', 'the gateway of a device was lost'], ['signed_out', 'signed out by a call'], ['device_online', 'a device is in use again'],
  ['device_idle', 'a device is idle'], ['device_away', 'a device is away or hidden'], ['manual_set', 'chosen by hand'], ['manual_removed', 'the choice was taken back'],
  ['manual_lapsed', 'the choice lapsed'], ['claim_set', 'a server claimed it'], ['claim_removed', 'a server took its claim back'], ['claim_lapsed', 'the claim of a server lapsed'],
  ['privacy_changed', 'privacy was changed'],
]);

const step = (from, to) => (from === to ? word(to) : `${word(from)} → ${word(to)}`);

export class Timeline {
  #token;
  #table = table('Timeline', ['Time', 'Everyone sees', 'Oneself sees', 'Because']);

  constructor(token) {
    this.#token = token;
    find('timeline').append(
      element('h2', { textContent: 'Timeline' }),
      element('p', { className: 'quiet', textContent: 'The last 50 transitions, from the memory of the user’s owner: gone when it restarts, moves, or has had no device for two minutes.' }),
      this.#table.element,
    );
  }

  async look(id) {
    const { body, problem } = await call(`/v1/users/${encodeURIComponent(id)}/timeline`, this.#token);
    find('timeline').hidden = !body;
    put(find('timeline-problem'), problem);
    rows(this.#table.body, (body?.transitions ?? []).map(({ at, publicFrom, publicTo, ownFrom, ownTo, cause }) => [
      new Date(at).toLocaleString('en-GB'), step(publicFrom, publicTo), step(ownFrom, ownTo), causes.get(cause) ?? cause,
    ]), 'Nothing yet.');
  }
}
