// The overview: tiles, plots, statuses, silos, codes.

import { milliseconds } from './delays.js';
import { element, put, words } from './dots.js';
import { icon } from './drawings.js';
import { Plot } from './plots.js';
import { rows } from './table.js';

const kept = 300;
const minute = 60;
const number = new Intl.NumberFormat('en');
const find = id => document.getElementById(id);
const orDash = value => (value === undefined ? '–' : number.format(value));

const tiles = [
  ['Users online', stats => orDash(stats.usersOnline)],
  ['Sockets', stats => orDash(stats.connections)],
  ['Subscriptions', stats => orDash(stats.subscriptions)],
  ['Rooms held', stats => orDash(stats.rooms)],
  ['Changes a second', stats => orDash(stats.changesPerSecond)],
  ['Sent within (p95)', stats => `${milliseconds(stats.deliveryMs.p95)} ms`],
  ['Silos read from Redis in', ({ redis }) => (!redis ? null : redis.readMs === undefined ? 'no answer' : `${milliseconds(redis.readMs)} ms`)],
];

const plots = [
  { title: 'Messages a second', labels: ['in', 'updates out'], unit: '/s', values: stats => [stats.messagesPerSecond, stats.updatesPerSecond] },
  { title: 'Until an update is written', labels: ['p50', 'p95', 'p99'], unit: ' ms', values: ({ deliveryMs }) => [deliveryMs.p50, deliveryMs.p95, deliveryMs.p99] },
  { title: 'Here now', labels: ['users', 'sockets'], unit: '', values: stats => [stats.usersOnline, stats.connections] },
  { title: 'Changes a second', labels: ['changes'], unit: '/s', values: stats => [stats.changesPerSecond ?? null] },
];

export class Overview {
  #history = [];
  #tiles;
  #plots = [];

  constructor() {
    this.#tiles = tiles.map(([label]) => {
      const value = element('dd');
      find('tiles').append(element('div', { className: 'card' }, element('dt', { textContent: label }), value));
      return value;
    });
    find('plots').hidden = Plot === null;
  }

  /** Takes the figures of one more second. */
  show(stats) {
    this.#history = [...this.#history, { at: Math.round(Date.now() / 1_000), stats }].slice(-kept);
    tiles.forEach(([, text], index) => {
      const value = text(stats);
      put(this.#tiles[index], value ?? '');
      this.#tiles[index].parentElement.hidden = value === null;
    });
    this.#showPlots();
    this.#showStatuses(stats.statuses);
    rows(find('silos'), stats.silos.map(({ address, users, silentMs }) => [address, number.format(users), `${(silentMs / 1_000).toFixed(1)} s ago`]));
    rows(find('codes'), this.#codes(stats), 'None yet.');
  }

  /** Made when they can be seen, since a plot takes its width from the page. */
  #showPlots() {
    if (Plot === null || find('overview').hidden) {
      return;
    }

    if (this.#plots.length === 0) {
      this.#plots = plots.map(({ title, labels, unit }) => {
        const holder = element('div');
        find('plots').append(element('section', { className: 'card' }, element('h2', { textContent: title }), holder));
        return new Plot(holder, labels, unit);
      });
    }

    const times = this.#history.map(({ at }) => at);
    plots.forEach(({ labels, values }, index) => {
      const all = this.#history.map(({ stats }) => values(stats));
      this.#plots[index].show([times, ...labels.map((_, line) => all.map(value => value[line]))]);
    });
  }

  #showStatuses(statuses) {
    const total = Object.values(statuses).reduce((sum, count) => sum + count, 0);
    const items = [...words].filter(([status]) => statuses[status] > 0).map(([status, word]) => {
      const item = element('li', {}, icon('dot', `shape-${status}`), element('span', { textContent: word }), element('b', { textContent: number.format(statuses[status]) }),
        element('progress', { max: total, value: statuses[status], ariaLabel: `${word}: ${statuses[status]} of ${total}` }));
      item.dataset.status = status;
      return item;
    });
    find('statuses').replaceChildren(...(items.length > 0 ? items : [element('li', { className: 'quiet', textContent: 'Nobody is here.' })]));
  }

  /** Close codes and error codes, with how many came within the last minute of what this window has seen. */
  #codes({ closes, errors }) {
    const before = this.#history.at(-Math.min(minute + 1, this.#history.length)).stats;
    const list = (now, then, name) => Object.entries(now).sort(([a], [b]) => a.localeCompare(b))
      .map(([code, count]) => [`${name} ${code}`, number.format(count - (then[code] ?? 0)), number.format(count)]);
    return [...list(closes, before.closes, 'close'), ...list(errors, before.errors, 'error')];
  }
}
