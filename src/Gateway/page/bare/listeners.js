// What the client and its rooms share.

export class Listeners {
  #all = new Set();

  add(listener) {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  emit(value) {
    this.#all.forEach(listener => listener(value));
  }
}

/** When somebody was last seen, in steps and not in seconds. */
export function lastSeenText(lastSeen, { now }) {
  const minutes = Math.floor((now - Date.parse(lastSeen)) / 60_000);
  return minutes < 1 ? 'just now' : minutes < 60 ? `${minutes} min. ago` : new Date(lastSeen).toLocaleString('en-GB');
}
