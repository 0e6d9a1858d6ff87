/**
 * Whether questions become slower as the record grows: the same questions when a tenth of the data is there and when all
 * of it is. A chart's question must not notice; a question to the whole region may grow with its answer.
 *
 * SPEC CLI-BENCH
 */
import type { BenchClient } from "./client.ts";
import { CODES, type Corpus } from "./corpus.ts";
import { measure } from "./measure.ts";
import { BUNDLE, createPatients, rounded, searchOf } from "./rates.ts";
import type { Figure } from "./footprint.ts";
import { posterOf } from "./footprint.ts";

/** Observations of one patient: what a chart with some years of contacts holds. */
const PER_PATIENT = 250;
const LANES = 4;

/** Median milliseconds of a chart's search, of a region's newest values, and of counting over a region. */
type Times = { readonly chart: number; readonly newest: number; readonly count: number };

export type GrowthOptions = {
  readonly resources: number;
  /** How long each kind of question is asked. */
  readonly seconds: number;
  readonly progress: (stored: number) => void;
};

/** Fills the server with `resources` and asks at a tenth and at the whole. `progress` tells how many are there. */
export async function growth(
  client: BenchClient,
  corpus: Corpus,
  { resources, seconds, progress }: GrowthOptions,
): Promise<Figure[]> {
  const patients: string[] = [];
  let stored = 0;
  const fillTo = async (count: number): Promise<void> => {
    while (stored < count) {
      const fresh = await createPatients(client, LANES);
      patients.push(...fresh);
      const bundles = fresh.map((patient) => posterOf(client, corpus, [patient])(Math.min(PER_PATIENT, BUNDLE)));
      await Promise.all(bundles);
      stored += LANES * (PER_PATIENT + 1);
      progress(stored);
    }
  };
  await fillTo(Math.floor(resources / 10));
  const small = await ask({ client, corpus, patients, seconds });
  await fillTo(resources);
  const large = await ask({ client, corpus, patients, seconds });
  return [
    { name: "a chart's search, ten times the data", value: large.chart / small.chart, most: 1.2, unit: "times" },
    { name: "a region's newest 20, ten times the data", value: large.newest / small.newest, most: 1.2, unit: "times" },
    { name: "a region's count, ten times the data", value: large.count / small.count, most: 10, unit: "times" },
  ].map((figure) => ({ ...figure, value: rounded(figure.value) }));
}

type Asking = Pick<GrowthOptions, "seconds"> & {
  readonly client: BenchClient;
  readonly corpus: Corpus;
  readonly patients: readonly string[];
};

async function ask({ client, corpus, patients, seconds }: Asking): Promise<Times> {
  const p50 = async (path: () => string): Promise<number> => {
    const rate = await measure(LANES, seconds, async () => ((await client.get(path())).status === 200 ? 1 : undefined));
    if (rate.failed > 0) throw new Error("a search failed");
    return rate.p50;
  };
  const code = (): string => `/Observation?code=http://loinc.org|${corpus.pick(CODES)}`;
  return {
    chart: await p50(() => searchOf(corpus, patients)),
    newest: await p50(() => `${code()}&_sort=-date&_count=20`),
    count: await p50(() => `${code()}&_summary=count`),
  };
}
