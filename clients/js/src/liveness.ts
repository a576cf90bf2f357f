const PULSE_MS = 5_000;
const PROBE_MS = 8_000;

interface Line {
  /** Sends a heartbeat. */
  _beat(): void;
  /** Every 5 s; more rarely in a throttled tab. */
  _onPulse(): void;
  _onDead(): void;
}

/**
 * Notices a dead line. To stay alive no timer is needed, since a browser answers the server's pings by itself; this is for the other
 * direction, which a page cannot see: half-open lines, and time that was missed in a sleep.
 */
export class Liveness {
  readonly #line: Line;
  #pulseTimer: ReturnType<typeof setInterval> | undefined;
  #probeTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeatMs = 0;
  #lastPulse = 0;
  #lastBeat = 0;
  /** Milliseconds that the last answer to a heartbeat took; null before the first. */
  _roundTripMs: number | null = null;

  constructor(line: Line) {
    this.#line = line;
  }

  _start(heartbeatMs: number): void {
    this.#heartbeatMs = heartbeatMs;
    this.#lastPulse = this.#lastBeat = Date.now();
    this.#pulseTimer = setInterval(() => this.#pulse(), PULSE_MS);
  }

  _stop(): void {
    clearInterval(this.#pulseTimer);
    this._heard();
  }

  /** Any frame proves that the line lives. */
  _heard(isAnswer = false): void {
    clearTimeout(this.#probeTimer);
    this.#probeTimer = undefined;
    if (isAnswer) {
      this._roundTripMs = Date.now() - this.#lastBeat;
    }
  }

  _probe(): void {
    if (!this.#probeTimer) {
      this.#ask(false);
    }
  }

  #pulse(): void {
    const now = Date.now();
    const hasMissedTime = now - this.#lastPulse > 2 * PULSE_MS;
    this.#lastPulse = now;
    this.#line._onPulse();
    if (hasMissedTime || now - this.#lastBeat >= this.#heartbeatMs) {
      this._probe();
    }
  }

  #ask(isSecond: boolean): void {
    const now = (this.#lastBeat = Date.now());
    this.#line._beat();
    this.#probeTimer = setTimeout(() => {
      // A timer that fires late slept with the machine, and the answer may wait unread: ask once more before giving up.
      if (!isSecond && Date.now() - now > PROBE_MS + PULSE_MS) {
        this.#ask(true);
      } else {
        this.#line._onDead();
      }
    }, PROBE_MS);
  }
}
