/**
 * Simulated time: what shall happen when, and tasks that run until they wait. Nothing here asks a clock or the run-time for chance, so
 * that a seed repeats a run to the letter; between two happenings every promise that can go on has gone on.
 *
 * SPEC LOOP-SIM-2
 */

type Happening = { readonly at: number; readonly order: number; readonly happen: () => void };

/** Lets every promise that can go on take one step. */
const TURN = Promise.resolve();

export class Scheduler {
  /** True time, milliseconds since 1970; only this goes forward evenly. */
  now: number;
  /** Tasks that run just now: those that wait are not counted. */
  running = 0;
  private readonly heap: Happening[] = [];
  private order = 0;

  constructor(start: number) {
    this.now = start;
  }

  /** How much is still to happen. */
  get waiting(): number {
    return this.heap.length;
  }

  after(delay: number, happen: () => void): void {
    this.push({ at: this.now + delay, order: (this.order += 1), happen });
  }

  /** Starts something that may wait. What it throws is thrown by the run. */
  spawn(task: () => Promise<unknown>): void {
    this.running += 1;
    task().then(this.ended, this.failed);
  }

  /** Waits in simulated time; `goesOn` says then whether whoever waits is still there. */
  wait(delay: number, goesOn: () => boolean): Promise<void> {
    this.running -= 1;
    return new Promise((resolve) => {
      this.after(delay, () => {
        if (!goesOn()) return;
        this.running += 1;
        resolve();
      });
    });
  }

  /** For whoever waits and will never go on. */
  never<T>(): Promise<T> {
    this.running -= 1;
    return new Promise<T>(() => undefined);
  }

  /** Lets happen what is due, one after the other, as long as `isGoing` says so and something is to come. */
  async run(isGoing: () => boolean): Promise<void> {
    for (;;) {
      while (this.running > 0) await TURN;
      if (this.fault !== undefined) throw this.fault;
      const next = isGoing() ? this.pop() : undefined;
      if (next === undefined) return;
      if (next.at > this.now) this.now = next.at;
      next.happen();
    }
  }

  private fault: Error | undefined;
  private readonly ended = (): void => {
    this.running -= 1;
  };
  private readonly failed = (error: unknown): void => {
    this.running -= 1;
    this.fault ??= error instanceof Error ? error : new Error(String(error));
  };

  private push(one: Happening): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(one);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up]!;
      if (!isBefore(one, above)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = one;
  }

  private pop(): Happening | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && isBefore(heap[down + 1]!, heap[down]!)) down += 1;
      if (!isBefore(heap[down]!, last)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
