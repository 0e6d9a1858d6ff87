/**
 * One reader of a drill: asks for one thing after another while the server is killed, and keeps the names of the requests that
 * were answered whole. Each of them must be in the access log: a row, or no answer.
 *
 * SPEC DRILL-KILL-4 · HSLF-FS 2016:40 4 kap. 9 §
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../base/index.ts";
import type { AccessLogEntry, LogRow, Store } from "../../store/index.ts";
import type { Service } from "./writer.ts";

/** What is there and what is not, one and many, by address and by form. */
const ASKED = [
  "Patient?_count=5",
  "Observation?_count=20&_sort=-_lastUpdated",
  "Observation?_summary=count",
  "Patient/never",
  "Patient/never/_history/1",
  "Observation/_history?_count=5",
  "Patient/never/$everything",
  "?_type=Patient,Observation&_count=3",
];
const PAUSE_MS = 12;
const PAGE = 2000;

export class Reader {
  /** Requests that were answered whole, as the server named them. */
  readonly answered: string[] = [];
  private readonly service: Service;
  private readonly random: SeededRandom;

  constructor(service: Service, random: SeededRandom) {
    this.service = service;
    this.random = random;
  }

  /** Reads until it is told to stop. What the kills interrupt is not answered, and not kept. */
  async run(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const path = this.random.pick(ASKED);
      const headers = { authorization: `Bearer ${this.service.token}` };
      try {
        const address = `${this.service.base}${path.startsWith("?") ? "" : "/"}${path}`;
        const answer = await fetch(address, { headers, signal: AbortSignal.timeout(5000) });
        await answer.arrayBuffer();
        const name = answer.headers.get("x-request-id");
        if (name !== null && answer.status < 500) this.answered.push(name);
      } catch {
        await sleep(PAUSE_MS * 4); // the server is away: there was no answer
      }
      await sleep(this.random.int(PAUSE_MS));
    }
  }
}

/** The answered requests of which the log has no row. */
export async function unloggedOf(store: Store, readers: readonly Reader[]): Promise<readonly string[]> {
  const logged = new Set<string>();
  let after: LogRow | "start" = "start";
  for (;;) {
    const from: LogRow | "start" = after;
    const page: readonly LogRow[] = await store.read("*", (look) => look.log({ after: from, limit: PAGE }));
    for (const { entry } of page) logged.add((JSON.parse(entry) as AccessLogEntry).request);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last;
  }
  return readers.flatMap(({ answered }) => answered.filter((name) => !logged.has(name)));
}
