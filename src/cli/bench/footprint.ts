/** What Eira takes up: room on disk, memory of a worker, and time to be ready again. SPEC CLI-BENCH */
import { examine, type ConnectionConfig } from "../../store/index.ts";
import type { BenchClient } from "./client.ts";
import type { Corpus } from "./corpus.ts";
import { median } from "./measure.ts";
import { peakMegabytes } from "./processes.ts";
import { bundleOf, BUNDLE } from "./rates.ts";

/** A figure, the most that it is to be, and what it counts. */
export type Figure = { readonly name: string; readonly value: number; readonly most: number; readonly unit: string };

/** Entries of a large transaction as public generators write them. */
const LARGE_BUNDLE = 1244;
const LARGE_BUNDLES = 8;
const LANES = 4;

/** Imports `count` resources; answers the gigabytes that a million of them would take, with their logs. */
export async function diskPerMillion(
  config: ConnectionConfig,
  post: (size: number) => Promise<void>,
  count: number,
): Promise<Figure> {
  const before = await bytesOf(config);
  for (let done = 0; done < count; done += BUNDLE * LANES)
    await Promise.all(Array.from({ length: LANES }, () => post(BUNDLE)));
  const perResource = ((await bytesOf(config)) - before) / (Math.ceil(count / (BUNDLE * LANES)) * BUNDLE * LANES);
  return { name: "disk for a million resources", value: perResource / 1000, most: 2.2, unit: "GB" };
}

/** Sends large bundles, several at a time; answers the most memory that one worker has held since it started. */
export async function memoryOfBundles(server: number, post: (size: number) => Promise<void>): Promise<Figure> {
  for (let sent = 0; sent < LARGE_BUNDLES; sent += LANES)
    await Promise.all(Array.from({ length: LANES }, () => post(LARGE_BUNDLE)));
  return { name: "peak memory of a worker", value: peakMegabytes(server), most: 500, unit: "MB" };
}

/** Starts the server `times` times on the database that is there; answers the median time until it is ready. */
export async function timeToReady(start: () => Promise<void>, times: number): Promise<Figure> {
  const seconds: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const from = performance.now();
    await start();
    seconds.push((performance.now() - from) / 1000);
  }
  return { name: "ready on an existing database", value: median(seconds), most: 2, unit: "s" };
}

/** A transaction of so many Observations, sent and found to be done. Errors: the status when it was not. */
export function posterOf(client: BenchClient, corpus: Corpus, patients: readonly string[]) {
  return async (size: number): Promise<void> => {
    const { status } = await client.post("", bundleOf(corpus, patients, size));
    if (status !== 200) throw new Error(`a transaction of ${size} entries was answered with ${status}`);
  };
}

async function bytesOf(config: ConnectionConfig): Promise<number> {
  return (await examine(config)).content?.bytes ?? 0;
}
