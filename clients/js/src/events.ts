/** Calls everybody who listens. One that throws is reported as uncaught and does not keep the news from the others. */
export class Listeners<T> {
  readonly #all = new Set<{ call: (value: T) => void }>();

  get _size(): number {
    return this.#all.size;
  }

  /** @returns What takes this listener off again; calling it twice is harmless. */
  _add(call: (value: T) => void): () => void {
    const entry = { call };
    this.#all.add(entry);
    return () => {
      this.#all.delete(entry);
    };
  }

  _emit(value: T): void {
    for (const { call } of [...this.#all]) {
      try {
        call(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** Runs once at the end of this turn, however often it was called: whoever comes and goes within one turn is seen by nobody. */
export function soon(run: () => void): () => void {
  let isDue = false;
  return () => {
    if (!isDue) {
      isDue = true;
      queueMicrotask(() => {
        isDue = false;
        run();
      });
    }
  };
}
