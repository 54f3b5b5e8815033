/** Values for whoever iterates over them, in their order, kept until they are taken. */

/** A reader that is this far behind reads the journal instead. */
const WAITING_MOST = 10_000;

export class Stream<T> {
  #waiting: T[] = [];
  #over = false;
  #behind = false;
  #wake: () => void = () => {};

  push(value: T): void {
    if (this.#over) return;
    if (this.#waiting.length >= WAITING_MOST) {
      this.#behind = true;
      this.end();
      return;
    }
    this.#waiting.push(value);
    this.#wake();
  }

  end(): void {
    this.#over = true;
    this.#wake();
  }

  async *values(): AsyncGenerator<T, void, void> {
    for (;;) {
      const taken = this.#waiting;
      this.#waiting = [];
      yield* taken;
      if (taken.length > 0) continue;
      if (this.#behind)
        throw new Error(
          `more than ${WAITING_MOST} records were waiting to be read: the journal has them`,
        );
      if (this.#over) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
