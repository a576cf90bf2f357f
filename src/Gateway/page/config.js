// The settings of this process as they are in force. They do not change while it runs: they are asked for once.

import { put } from './dots.js';
import { call } from './figures.js';
import { rows } from './table.js';

const find = id => document.getElementById(id);

const valueOf = ({ value, isSet, isSecret }) => (isSecret && isSet ? `${value} (hidden)` : value === '' ? 'empty' : value);

export class Config {
  panel;
  #token;
  #settings = null;

  constructor(panel, token) {
    this.panel = panel;
    this.#token = token;
    panel.querySelector('form').addEventListener('submit', event => event.preventDefault());
    panel.querySelector('form').addEventListener('input', () => this.#show());
  }

  async look() {
    if (this.#settings === null) {
      const { body, problem } = await call('/v1/config', this.#token);
      put(find('setting-problem'), problem);
      this.#settings = body?.settings ?? null;
      this.#show();
    }
  }

  #show() {
    const [text, isSetOnly] = [find('setting-name').value.toLowerCase(), find('setting-set').checked];
    const all = this.#settings ?? [];
    const found = all.filter(setting => setting.key.toLowerCase().includes(text) && (setting.isSet || !isSetOnly));
    put(find('setting-count'), `${found.length} of ${all.length} settings; ${all.filter(({ isSet }) => isSet).length} are set, the others have their defaults`);
    rows(find('setting-rows'), found.map(setting => [
      setting.key.replace(/^Presence:/, ''), valueOf(setting), setting.default === '' ? 'empty' : setting.default, setting.isSet ? 'yes' : 'no',
    ]), 'No setting fits.');
  }
}
