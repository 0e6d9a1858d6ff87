/**
 * A program that can die at every point where it waits, and is started again. Whatever it does to something outside of itself goes through
 * `step`, which may let it die before or after, make it slow, or take the answer away.
 *
 * SPEC LOOP-SIM-5
 */
import type { SeededRandom } from "../../base/index.ts";
import type { Scheduler } from "./scheduler.ts";

/** How often what goes wrong, per step. */
export type Weather = {
  readonly crash: number;
  readonly slow: number;
  /** The connection is lost, and nobody can know whether what was asked was done. */
  readonly unknown: number;
};

/** The connection was lost: what was asked may have been done. */
export class OutcomeUnknown extends Error {}

const LONGEST_DOWN = 8_000;

export class Program {
  readonly name: string;
  /** Counts its lives: what an earlier life waited for does not go on. */
  life = 0;
  isUp = true;
  crashes = 0;
  /** Told when this life ends: who waits for an answer from it. */
  readonly mourners = new Set<() => void>();
  private readonly scheduler: Scheduler;
  private readonly random: SeededRandom;
  private readonly weather: () => Weather;
  private readonly slowest: number;
  private readonly begin: (program: Program) => void;

  constructor(
    name: string,
    world: {
      readonly scheduler: Scheduler;
      readonly random: SeededRandom;
      readonly weather: () => Weather;
      readonly slowest?: number;
    },
    begin: (program: Program) => void = () => undefined,
  ) {
    this.name = name;
    this.scheduler = world.scheduler;
    this.random = world.random;
    this.weather = world.weather;
    this.slowest = world.slowest ?? 30_000;
    this.begin = begin;
  }

  start(): void {
    this.isUp = true;
    this.begin(this);
  }

  /** Something it does to the world outside. */
  step<T>(work: () => T): Promise<T> {
    const { crash, slow, unknown } = this.weather();
    const chance = this.random.next();
    if (chance < crash + slow + unknown)
      return this.badStep(work, chance < crash ? "crash" : chance < crash + slow ? "slow" : "unknown");
    return new Promise((resolve) => resolve(work()));
  }

  sleep(delay: number): Promise<void> {
    const { life } = this;
    return this.scheduler.wait(delay, () => this.life === life);
  }

  /** A task that ends with this life. */
  spawn(task: () => Promise<unknown>): void {
    this.scheduler.spawn(task);
  }

  /** Calls a task again and again until this life ends. */
  every(delay: number, task: () => Promise<unknown>): void {
    const { life } = this;
    const again = (): void => {
      if (this.life !== life) return;
      this.spawn(async () => {
        await task();
        this.scheduler.after(delay, again);
      });
    };
    this.scheduler.after(this.random.int(delay), again);
  }

  /** Ends this life just now. */
  die(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.life += 1;
    this.crashes += 1;
    const mourners = [...this.mourners];
    this.mourners.clear();
    for (const mourn of mourners) mourn();
    this.scheduler.after(100 + this.random.int(LONGEST_DOWN), () => this.start());
  }

  private async badStep<T>(work: () => T, what: "crash" | "slow" | "unknown"): Promise<T> {
    const isAfter = this.random.int(2) === 1;
    if (what === "slow") {
      // Mostly a little, now and then so long that leases run out.
      const delay = this.random.int(10) === 0 ? this.random.int(this.slowest) : this.random.int(500);
      const done = isAfter ? work() : undefined;
      await this.sleep(delay);
      return isAfter ? (done as T) : work();
    }
    if (isAfter) work();
    if (what === "unknown") throw new OutcomeUnknown(this.name);
    this.die();
    return this.scheduler.never<T>();
  }
}
