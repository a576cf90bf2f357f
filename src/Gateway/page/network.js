// The network of this window, which a button can cut. A page cannot pull the cable: it closes with 3000, which the server takes for a
// loss like any other, and lets no new connection through until the time is over.

const lost = 3000;

/** What a browser gives when there is no network. */
class NoSocket {
  onclose = null;

  constructor() {
    setTimeout(() => this.onclose?.({ code: 1006, reason: '' }));
  }

  send() {}

  close() {
    this.onclose = null;
  }
}

export class Network {
  #open = new Set();
  #endsAt = 0;

  /** In place of the browser's own, for a client. */
  get WebSocket() {
    const connect = (url, protocols) => this.#connect(url, protocols);
    return function CuttableSocket(url, protocols) {
      return connect(url, protocols);
    };
  }

  get isCut() {
    return performance.now() < this.#endsAt;
  }

  /**
   * Cuts the network for so many milliseconds.
   *
   * @param {number} forMs
   * @param {() => void} onEnd called when it is back
   */
  cut(forMs, onEnd) {
    this.#endsAt = performance.now() + forMs;
    this.#open.forEach(socket => socket.close(lost));
    setTimeout(() => {
      this.#endsAt = 0;
      dispatchEvent(new Event('online')); // as the browser says it: clients come back at once
      onEnd();
    }, forMs);
  }

  #connect(url, protocols) {
    if (this.isCut) {
      return new NoSocket();
    }

    const socket = new WebSocket(url, protocols);
    this.#open.add(socket);
    socket.addEventListener('close', () => this.#open.delete(socket));
    return socket;
  }
}
