// How long a change takes. All windows of one page share a clock, so times taken in different windows can be compared.

const windowMs = 60_000;

export const sharedNow = () => performance.timeOrigin + performance.now();

export function percentile(values, share) {
  if (values.length === 0) {
    return null;
  }

  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export const milliseconds = value => (value === null ? '–' : value < 10 ? value.toFixed(1) : String(Math.round(value)));

/** The delays of the last minute. */
export class Delays {
  #samples = [];

  add(delay, now = sharedNow()) {
    this.#samples.push({ at: now, delay });
  }

  /** `samples` are the delays themselves, the oldest first. */
  look(now = sharedNow()) {
    this.#samples = this.#samples.filter(({ at }) => now - at < windowMs);
    const samples = this.#samples.map(({ delay }) => delay);
    return { samples, p50: percentile(samples, 0.5), p95: percentile(samples, 0.95) };
  }
}

/** What was sent from this window and not yet seen in another, by a key that both know. */
export class Echoes {
  #sent = new Map();

  sent(key, at = sharedNow()) {
    this.#sent.set(key, at);
    if (this.#sent.size > 50) {
      this.#sent.delete(this.#sent.keys().next().value);
    }
  }

  /** Milliseconds on the way; null for what was not sent from here, or was seen before. */
  seen(key, at) {
    const sentAt = this.#sent.get(key);
    this.#sent.delete(key);
    return sentAt === undefined || at < sentAt ? null : at - sentAt;
  }
}
