// The button that kills a silo. It is there where the server lets guests do that, and while another silo would be left.

import { call } from './figures.js';
import { tell } from './story.js';

const surelyOverMs = 2_000; // whoever is heard that long after the kill was started again

export class SiloKiller {
  #button;
  #token;
  #silos = [];
  /** The silo that was killed, until it is no longer one of them. */
  #killed = null;

  constructor(button, token) {
    this.#button = button;
    this.#token = token;
    button.addEventListener('click', () => this.#kill());
  }

  /** Shows the silos that there are now. */
  show(silos) {
    this.#silos = silos;
    if (this.#killed?.at) {
      this.#follow(this.#killed);
    }

    this.#button.hidden = silos.length < 2;
    this.#button.disabled = this.#killed !== null;
  }

  #follow({ address, at }) {
    const same = this.#silos.filter(silo => silo.address === address);
    const isBack = same.some(({ silentMs }) => silentMs < performance.now() - at - surelyOverMs);
    if (same.length > 0 && !isBack) {
      return;
    }

    const { length } = this.#silos;
    tell(isBack ? `Silo ${address} was started again.` : `Silo ${address} is gone; ${length === 1 ? 'the last one goes' : `${length} go`} on.`);
    this.#killed = null;
  }

  async #kill() {
    const { address, users } = this.#silos.reduce((most, silo) => (silo.users > most.users ? silo : most));
    this.#killed = { address };
    this.#button.disabled = true;
    const { status, problem } = await call(`/v1/silos/${encodeURIComponent(address)}`, this.#token, 'DELETE');
    if (status === 202) {
      this.#killed.at = performance.now();
      tell(`Silo ${address} was killed, with ${users} of the users here.`);
    } else {
      tell(`Silo ${address} was not killed: ${problem}`);
      this.#killed = null;
      this.#button.disabled = false;
    }
  }
}
