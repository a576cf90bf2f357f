// Counts the seconds until somebody is seen as gone, or is back before anybody noticed.

const seconds = ms => (ms / 1000).toFixed(1);

export class Stopwatch {
  #parts;
  #boundMs;
  #run = null;
  #timer = 0;

  /**
   * @param {{ time: Element, text: Element, bar: HTMLProgressElement }} parts of the page
   * @param {number} boundMs the grace period of the server
   */
  constructor(parts, boundMs) {
    this.#parts = parts;
    this.#boundMs = boundMs;
    parts.bar.max = boundMs;
  }

  /**
   * @param {string} what is lost, as a sentence begins
   * @param {() => boolean} isGone whether others see it as gone
   * @param {string} [onReturn] what to say when it is back in time
   */
  start(what, isGone, onReturn = 'Nobody noticed.') {
    this.#run = { what, isGone, onReturn, startedAt: performance.now() };
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.check(), 100);
    this.#parts.text.textContent = `${what} is lost.`;
    this.check();
  }

  /** Looks whether it is over; called with everything that is seen, so that the time is right. */
  check() {
    if (this.#run) {
      this.#show();
      if (this.#run.isGone()) {
        this.#end(`${this.#run.what} was seen as gone after ${this.#time()} s.`);
      }
    }
  }

  /** What was lost is back. */
  back(what) {
    if (this.#run?.what === what) {
      this.#show();
      this.#end(`${what} was back after ${this.#time()} s. ${this.#run.onReturn}`);
    }
  }

  #time() {
    return seconds(performance.now() - this.#run.startedAt);
  }

  #show() {
    this.#parts.time.textContent = this.#time();
    this.#parts.bar.value = Math.min(this.#boundMs, performance.now() - this.#run.startedAt);
  }

  #end(text) {
    clearInterval(this.#timer);
    this.#run = null;
    this.#parts.text.textContent = text;
  }
}
