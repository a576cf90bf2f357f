// What one can do to oneself: a status, typing.

import { words } from './dots.js';
import { icon } from './drawings.js';

const settable = [['online', 'Online'], ['idle', 'Idle'], ['busy', 'Busy'], ['dnd', 'Do not disturb'], ['invisible', 'Invisible']];
const typingMs = 4_000;
const keyMs = 500;
const find = id => document.getElementById(id);

export class Controls {
  #presence;
  #handlers;

  /** @param {{ onClick: (status: string, at: number) => void, complain: (error: Error) => void }} handlers `at` is the time of the click */
  constructor(presence, handlers) {
    this.#presence = presence;
    this.#handlers = handlers;
    for (const [status, text] of settable) {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.status = status;
      button.append(icon('dot', `shape-${status}`), text);
      button.addEventListener('click', event => this.#choose(status, performance.timeOrigin + event.timeStamp));
      find('statuses').append(button);
    }
  }

  /** Marks the status that shows. */
  show(status) {
    for (const button of find('statuses').children) {
      button.setAttribute('aria-pressed', String(button.dataset.status === status));
    }
  }

  /** The button that types for a while. */
  typeIn(room) {
    const button = find('type');
    button.addEventListener('click', () => {
      button.disabled = true;
      const key = () => room.type();
      const keys = setInterval(key, keyMs);
      key();
      setTimeout(() => {
        clearInterval(keys);
        room.stopTyping();
        button.disabled = false;
      }, typingMs);
    });
  }

  async #choose(status, at) {
    if (this.#presence.me?.status !== status) {
      this.#handlers.onClick(status, at);
    }

    try {
      const { shown } = await this.#presence.setStatus(status);
      const isOutweighed = shown !== status && status !== 'invisible';
      find('problem').textContent = isOutweighed ? `This tab is ${words.get(status).toLowerCase()}. Another one of yours shows you as ${words.get(shown).toLowerCase()}.` : '';
    } catch (error) {
      this.#handlers.complain(error);
    }
  }
}
