/** Running work at a fixed concurrency for a fixed time. SPEC CLI-BENCH */
export type Rate = {
  readonly perSecond: number;
  readonly p50: number;
  readonly done: number;
  readonly failed: number;
  /** What was done before the counting began; it has cost CPU time too. */
  readonly warmedUp: number;
};

/** Answers how many units one call did; nothing is a failure. */
export type Work = (lane: number) => Promise<number | undefined>;

/** Repeats `work` on `lanes` lanes for `seconds`, after a warm-up that is not counted. */
export async function measure(lanes: number, seconds: number, work: Work): Promise<Rate> {
  const { done } = await run(lanes, Math.min(seconds / 2, 2), work);
  return { ...(await run(lanes, seconds, work)), warmedUp: done };
}

async function run(lanes: number, seconds: number, work: Work): Promise<Omit<Rate, "warmedUp">> {
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
