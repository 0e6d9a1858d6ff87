/** Running work at a fixed concurrency for a fixed time, and what it cost. SPEC CLI-BENCH */
import { readFileSync } from "node:fs";

export type Rate = { readonly perSecond: number; readonly p50: number; readonly done: number; readonly failed: number };

/** Answers how many units one call did; nothing is a failure. */
export type Work = (lane: number) => Promise<number | undefined>;

/** Repeats `work` on `lanes` lanes for `seconds`, after a short warm-up that is not counted. */
export async function measure(lanes: number, seconds: number, work: Work): Promise<Rate> {
  await run(lanes, Math.min(seconds / 4, 1), work);
  return run(lanes, seconds, work);
}

async function run(lanes: number, seconds: number, work: Work): Promise<Rate> {
  const times: number[] = [];
  let done = 0;
  let failed = 0;
  const from = performance.now();
  const until = from + seconds * 1000;
  const lane = async (number: number): Promise<void> => {
    while (performance.now() < until) {
      const start = performance.now();
      const units = await work(number);
      times.push(performance.now() - start);
      if (units === undefined) failed += 1;
      else done += units;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  const wall = (performance.now() - from) / 1000;
  return { perSecond: done / wall, p50: median(times), done, failed };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Milliseconds of CPU that a process and its children (ended ones included) have used; 0 where /proc is not there. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOfOne(pid), 0);
}

const TICK_MS = 10;

function cpuOfOne(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0; // the process has ended
  }
}
