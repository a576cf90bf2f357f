// Time that stands still until a test moves it. It can also be slept through, as a machine does: then no timer fires in between.

const real = { setTimeout, clearTimeout, setInterval, clearInterval, now: Date.now, random: Math.random };

/** Lets everything run that is due without time passing. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

export class Clock {
  now = Date.parse("2026-01-01T12:00:00Z");
  /** What `Math.random` says. */
  random = 0.5;
  #timers = new Map();
  #lastId = 0;

  install() {
    const add = (run, ms, every) => {
      this.#timers.set(++this.#lastId, { run, at: this.now + (ms ?? 0), every });
      return this.#lastId;
    };
    globalThis.setTimeout = (run, ms) => add(run, ms);
    globalThis.setInterval = (run, ms) => add(run, ms, ms);
    globalThis.clearTimeout = globalThis.clearInterval = (id) => this.#timers.delete(id);
    Date.now = () => this.now;
    Math.random = () => this.random;
  }

  uninstall() {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Object.assign(globalThis, { setInterval: real.setInterval, clearInterval: real.clearInterval });
    Date.now = real.now;
    Math.random = real.random;
  }

  /** Lets time pass, and every timer fire in its turn. */
  async pass(ms) {
    await settle();
    const end = this.now + ms;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.now = Math.max(this.now, due[1].at);
      this.#fire(due);
      await settle();
    }

    this.now = end;
  }

  /** Time passes while no timer fires; afterwards those that are due fire once. */
  async sleep(ms) {
    this.now += ms;
    await this.pass(0);
  }

  #next(end) {
    return [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
  }

  #fire([id, timer]) {
    if (timer.every) {
      timer.at = this.now + timer.every;
    } else {
      this.#timers.delete(id);
    }

    timer.run();
  }
}
