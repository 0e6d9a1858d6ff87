/**
 * One reader of a drill: asks for one thing after another while the server is killed, and counts the requests that were answered
 * whole. Each of them must be in the access log: a row, or no answer.
 *
 * SPEC DRILL-KILL-4 · HSLF-FS 2016:40 4 kap. 9 §
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../base/index.ts";
import type { AccessLogEntry, LogRow, Store } from "../../store/index.ts";
import type { Service } from "./writer.ts";

const PAUSE_MS = 12;
const PAGE = 2000;

/** How often something was answered, by whose record and what was done. */
export type Counts = Map<string, number>;

export class Reader {
  /** Requests that were answered whole: the patient, the action, and whether it was granted. */
  readonly answered: Counts = new Map();
  private readonly service: Service;
  private readonly random: SeededRandom;
  private readonly known: () => readonly string[];
  private number = 0;

  /** `known` are ids of patients that are there. */
  constructor(service: Service, random: SeededRandom, known: () => readonly string[]) {
    this.service = service;
    this.random = random;
    this.known = known;
  }

  /** Reads until it is told to stop. What the kills interrupt is not answered, and not counted. */
  async run(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const { path, name } = this.next();
      const headers = { authorization: `Bearer ${this.service.token}` };
      try {
        const answer = await fetch(`${this.service.base}/${path}`, { headers, signal: AbortSignal.timeout(5000) });
        await answer.arrayBuffer();
        if (answer.status < 500) add(this.answered, name);
      } catch {
        await sleep(PAUSE_MS * 4); // the server is away: there was no answer
      }
      await sleep(this.random.int(PAUSE_MS));
    }
  }

  /** Somebody who is there, or an id that nobody has asked for before. */
  private next(): { readonly path: string; readonly name: string } {
    const known = this.known();
    const [action, after] = this.random.pick(WAYS);
    this.number += 1;
    const isThere = known.length > 0 && this.random.int(3) > 0;
    // No digits that the log would take for an identity number and mask.
    const id = isThere ? this.random.pick(known) : `none-r${this.random.int(1_000_000_000)}n${this.number}`;
    return { path: `Patient/${id}${after}`, name: `${id} ${action} ${isThere ? "granted" : "refused"}` };
  }
}

const WAYS = [
  ["read", ""],
  ["vread", "/_history/1"],
  ["history", "/_history"],
] as const;

/** Answers that the log has no row for: of each kind there are at least as many rows as answers. */
export async function unloggedOf(store: Store, readers: readonly Reader[]): Promise<readonly string[]> {
  const logged: Counts = new Map();
  let after: LogRow | "start" = "start";
  for (;;) {
    const from: LogRow | "start" = after;
    const page: readonly LogRow[] = await store.read("*", (look) => look.log({ after: from, limit: PAGE }));
    for (const { entry } of page) {
      const { patient, action, outcome } = JSON.parse(entry) as AccessLogEntry;
      add(logged, `${patient} ${action} ${outcome}`);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last;
  }
  const answered: Counts = new Map();
  for (const reader of readers) for (const [name, times] of reader.answered) add(answered, name, times);
  return [...answered].filter(([name, times]) => (logged.get(name) ?? 0) < times).map(([name]) => name);
}

/** How many requests were answered. */
export function readsOf(readers: readonly Reader[]): number {
  return readers.flatMap(({ answered }) => [...answered.values()]).reduce((sum, times) => sum + times, 0);
}

function add(counts: Counts, name: string, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}
