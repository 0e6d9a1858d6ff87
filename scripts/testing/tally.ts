/**
 * Counts the results of test files and tells them file by file. Results of a file arrive together; a file is told when the
 * next one begins. A file in which no test ran is a failure: a test run that saw nothing proves nothing (law 7).
 */

/** One line of scripts/testing/events.mjs. */
export type TestEvent =
  | { readonly kind: "output"; readonly file?: string; readonly text: string }
  | {
      readonly kind: "test" | "suite";
      readonly passed: boolean;
      readonly name: string;
      readonly file?: string;
      readonly skipped?: string;
      readonly seconds: number;
      readonly error?: string;
    };

/** What a part or a file came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a file came to, and the seconds that its tests took. */
export interface FileCounts extends Counts {
  readonly seconds: number;
}

interface FileTally {
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  readonly failures: string[];
  readonly skips: string[];
}

/** What a suite says when its tests, which were told of before, have failed. */
const SUBTESTS_FAILED = /^'?\d+ subtests? failed/;
const KEPT_OUTPUT = 60;
const ERROR_LINES = 40;

/** Collects events; `tell` receives the lines for people. */
export class Tally {
  readonly #tell: (line: string) => void;
  readonly #name: (file: string) => string;
  readonly #output = new Map<string, string[]>();
  readonly #files = new Map<string, FileCounts>();
  /** Those whose suite was told of: it is when all in it has ended. */
  readonly #ended = new Set<string>();
  #file: string | undefined;
  #current: FileTally = newTally();

  constructor(tell: (line: string) => void, name: (file: string) => string) {
    this.#tell = tell;
    this.#name = name;
  }

  /** Takes in one event. */
  take(event: TestEvent): void {
    const file = event.file ?? this.#file ?? "";
    if (event.kind === "output") {
      const lines = this.#output.get(file) ?? [];
      this.#output.set(file, [...lines, event.text].slice(-KEPT_OUTPUT));
      return;
    }
    if (file !== this.#file) this.#closeFile(file);
    if (event.kind === "test") this.#count(event, file);
    else if (!event.passed && event.error !== undefined && !SUBTESTS_FAILED.test(event.error))
      this.#fail(event.name, event.error);
    if (event.kind === "suite" && event.name === file) this.#end(file);
  }

  #end(file: string): void {
    this.#ended.add(file);
    const { passed, failed, skipped } = this.#current;
    if (passed + failed + skipped === 0) this.#fail("no test in this file", "");
  }

  /** Closes the last file and answers what came of each, by the name that is told; files that never came to their end count as failed. */
  finish(expected: readonly string[]): ReadonlyMap<string, FileCounts> {
    this.#closeFile(undefined);
    for (const file of expected) {
      const counts = this.#files.get(file);
      if (this.#ended.has(file) || (counts?.failed ?? 0) > 0) continue;
      this.#files.set(file, sumOf([counts ?? NOTHING, FAILED_ONCE]));
      this.#tell(`  FAIL ${this.#name(file)}: ${counts === undefined ? "gave no result" : "did not come to its end"}`);
    }
    return new Map([...this.#files].map(([file, counts]) => [this.#name(file), counts]));
  }

  #count(event: Extract<TestEvent, { kind: "test" | "suite" }>, file: string): void {
    const tally = this.#current;
    if (event.skipped !== undefined) {
      tally.skipped += 1;
      tally.skips.push(`${event.name} (${event.skipped})`);
    } else if (event.name === file) this.#fail("the file failed outside its tests", event.error ?? "");
    else if (event.passed) tally.passed += 1;
    else this.#fail(event.name, event.error ?? "");
    tally.seconds += event.seconds;
  }

  #fail(name: string, error: string): void {
    this.#current.failed += 1;
    this.#current.failures.push([name, ...error.split("\n").slice(0, ERROR_LINES)].join("\n         "));
  }

  #closeFile(next: string | undefined): void {
    const [file, tally] = [this.#file, this.#current];
    this.#file = next;
    this.#current = newTally();
    if (file === undefined) return;
    this.#files.set(file, sumOf([this.#files.get(file) ?? NOTHING, tally]));
    const word = tally.failed > 0 ? "FAIL" : "ok  ";
    this.#tell(
      `  ${word} ${this.#name(file).padEnd(58)}${String(tally.passed).padStart(5)} ${tally.seconds.toFixed(1).padStart(6)} s`,
    );
    for (const skip of tally.skips) this.#tell(`         skipped: ${skip}`);
    for (const failure of tally.failures) this.#tell(`         ${failure}`);
    if (tally.failed > 0) for (const line of this.#output.get(file) ?? []) this.#tell(`       | ${line.trimEnd()}`);
  }
}

/** What did not come to its tests. */
export const FAILED_ONCE: FileCounts = { passed: 0, failed: 1, skipped: 0, seconds: 0 };

const NOTHING: FileCounts = { passed: 0, failed: 0, skipped: 0, seconds: 0 };

/** All of them together. */
export function sumOf(counts: readonly FileCounts[]): FileCounts {
  return counts.reduce(
    (sum, { passed, failed, skipped, seconds }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      seconds: sum.seconds + seconds,
    }),
    NOTHING,
  );
}

const newTally = (): FileTally => ({ passed: 0, failed: 0, skipped: 0, seconds: 0, failures: [], skips: [] });
