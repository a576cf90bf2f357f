const INPUTS = ["pointerdown", "pointermove", "keydown", "wheel", "focus"];
const WAKES = ["online", "offline", "pageshow"];

/** Whether somebody sits in front of this page: inputs, focus and visibility. Outside a browser it says nothing. */
export abstract class Attention {
  readonly #idleAfterMs: number;
  #listeners: AbortController | null = null;
  #lastInput = 0;
  #hasInput = false;
  _isIdle = false;

  /** @param idleAfterMs `Infinity`: never idle. */
  constructor(idleAfterMs: number) {
    this.#idleAfterMs = idleAfterMs;
  }

  get _isHidden(): boolean {
    return globalThis.document?.visibilityState === "hidden";
  }

  _start(): void {
    if (!globalThis.document || this.#listeners) {
      return;
    }

    this.#lastInput = Date.now();
    this.#listeners = new AbortController();
    const options = { capture: true, passive: true, signal: this.#listeners.signal };
    const wake = () => this._onWake();
    INPUTS.forEach((type) => addEventListener(type, () => this._input(), options));
    WAKES.forEach((type) => addEventListener(type, wake, options));
    document.addEventListener("resume", wake, options);
    document.addEventListener("visibilitychange", () => this.#turned(), options);
  }

  _stop(): void {
    this.#listeners?.abort();
    this.#listeners = null;
  }

  /** Somebody is there. */
  _input(): void {
    this.#lastInput = Date.now();
    this.#hasInput = true;
    if (this._isIdle) {
      this._isIdle = false;
      this._onActive();
    }
  }

  /** No timer of its own: whoever has a pulse asks. */
  _check(): void {
    if (this.#listeners && !this._isIdle && Date.now() - this.#lastInput >= this.#idleAfterMs) {
      this._isIdle = true;
      this._onIdle();
    }
  }

  /** Whether there was an input since the last call. */
  _takeInput(): boolean {
    const had = this.#hasInput;
    this.#hasInput = false;
    return had;
  }

  abstract _onIdle(): void;
  abstract _onActive(): void;
  abstract _onHidden(): void;
  /** Time may have been missed, or the network changed. */
  abstract _onWake(): void;

  #turned(): void {
    this._onHidden();
    if (!this._isHidden) {
      this._onWake();
      this._input();
    }
  }
}
