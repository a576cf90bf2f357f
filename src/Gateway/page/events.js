// Changes as this gateway hears of them, kept while this tab is open; what is looked for stays in the address.

import { put, words } from './dots.js';
import { call } from './figures.js';
import { rows } from './table.js';
import { fragmentOf, readFragment } from './tabs.js';

const kept = 200;
const kinds = new Map([['said', 'says something else'], ['privacy', 'shows itself to others']]);
const find = id => document.getElementById(id);
const word = status => words.get(status) ?? status;
const time = at => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

const textOf = ({ from, to, kind }) => (kind !== 'status' ? `${word(to)}, ${kinds.get(kind) ?? kind}`
  : from ? `${word(from)} → ${word(to)}` : `${word(to)}, heard of for the first time`);

export class Events {
  panel;
  #token;
  #events = [];
  #shown = [];
  #last = null;
  #missed = false;
  #isPaused = false;

  constructor(panel, token) {
    this.panel = panel;
    this.#token = token;
    const asked = readFragment();
    find('event-user').value = asked.get('user') ?? '';
    find('event-status').value = asked.get('status') ?? '';
    find('event-status').selectedIndex = Math.max(0, find('event-status').selectedIndex); // what is no choice is the first one
    const form = panel.querySelector('form');
    form.addEventListener('submit', event => event.preventDefault());
    form.addEventListener('input', () => this.#show());
    find('event-pause').addEventListener('click', () => this.#pause());
  }

  async look() {
    const { body, problem } = await call(`/v1/events${this.#last === null ? '' : `?after=${this.#last}`}`, this.#token);
    put(find('event-problem'), problem);
    if (body) {
      this.#take(body);
      this.#show();
    }
  }

  #take({ last, events }) {
    const isRestarted = last < this.#last;
    this.#missed ||= isRestarted || (this.#last !== null && events.length > 0 && events[0].number > this.#last + 1);
    this.#events = [...events.reverse(), ...isRestarted ? [] : this.#events].slice(0, kept);
    this.#last = last;
  }

  #pause() {
    this.#isPaused = !this.#isPaused;
    find('event-pause').setAttribute('aria-pressed', String(this.#isPaused));
    this.#show();
  }

  #show() {
    const [user, status] = [find('event-user').value, find('event-status').value];
    const fragment = fragmentOf('events', { user, status });
    find('event-link').href = fragment;
    if (location.hash !== fragment && !this.panel.hidden) {
      history.replaceState(null, '', fragment);
    }

    const waiting = this.#events.length > 0 && this.#shown.length > 0 ? this.#events[0].number - this.#shown[0].number : this.#events.length;
    if (!this.#isPaused) {
      this.#shown = this.#events;
    }

    const fits = ({ userId, from, to, kind }) => userId.toLowerCase().includes(user.toLowerCase())
      && (status === '' || (kind === 'status' && (status === 'any' || from === status || to === status)));
    const found = this.#shown.filter(fits);
    put(find('event-count'), `${found.length} of ${this.#shown.length} changes${this.#isPaused ? `; paused, ${waiting} more wait` : ''}${this.#missed ? '; some were missed' : ''}`);
    rows(find('event-rows'), found.map(event => [time(event.at), event.userId, textOf(event), String(event.version)]), 'Nothing has happened since this tab was opened.');
  }
}
