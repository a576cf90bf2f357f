// How long a change takes. All windows of one browser share a clock, so times taken in different windows can be compared.

const kept = 50;

export const sharedNow = () => performance.timeOrigin + performance.now();

export function percentile(values, share) {
  if (values.length === 0) {
    return null;
  }

  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

const milliseconds = value => (value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);

/** The last delays of one kind, shown in a row with the cells last, p50, p95 and count. */
export class Delays {
  #values = [];
  #row;

  constructor(row) {
    this.#row = row;
  }

  add(value) {
    this.#values = [...this.#values, value].slice(-kept);
    const texts = [value, percentile(this.#values, 0.5), percentile(this.#values, 0.95)].map(milliseconds);
    [...texts, String(this.#values.length)].forEach((text, index) => {
      this.#row.querySelectorAll('td')[index].textContent = text;
    });
  }
}

/** Counts the seconds until somebody is seen as gone. */
export class Stopwatch {
  #output;
  #timer = 0;
  #startedAt = 0;
  #isGone = null;
  #what = '';
  #bound = '';

  constructor(output) {
    this.#output = output;
  }

  set boundMs(value) {
    this.#bound = value === undefined ? ' (grace period: 10 s unless configured)' : ` (grace period: ${value / 1000} s)`;
  }

  start(what, isGone) {
    this.#what = what;
    this.#isGone = isGone;
    this.#startedAt = sharedNow();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.check(), 100);
    this.check();
  }

  check() {
    if (!this.#isGone) {
      return;
    }

    if (this.#isGone()) {
      this.#end(`${this.#what} was seen as gone after ${this.#seconds()} s${this.#bound}.`);
    } else {
      this.#output.textContent = `${this.#what} is lost for ${this.#seconds()} s${this.#bound}.`;
    }
  }

  /** The lost one is back; nobody noticed if the watch still ran. */
  back(what) {
    if (this.#isGone && this.#what === what) {
      this.#end(`${what} was back after ${this.#seconds()} s: nobody noticed.`);
    }
  }

  #seconds() {
    return ((sharedNow() - this.#startedAt) / 1000).toFixed(1);
  }

  #end(text) {
    this.#isGone = null;
    clearInterval(this.#timer);
    this.#output.textContent = text;
  }
}
