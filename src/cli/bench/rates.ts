/**
 * The kinds of work that are done on both sides: by Eira over HTTP with authentication, validation and the durable access
 * log, and by bare SQL on the same PostgreSQL. SPEC CLI-BENCH
 */
import type { Baseline, BaselineRow } from "../../store/index.ts";
import type { BenchClient } from "./client.ts";
import { CODES, type Corpus } from "./corpus.ts";
import { measure, median, type Rate, type Work } from "./measure.ts";

/** Both sides of one kind of work, and what the ratio and Eira's processor time for one unit are to be. */
export type Pair = {
  readonly name: string;
  readonly lanes: number;
  readonly goal: number;
  readonly cpuGoal?: number;
  readonly eira: Work;
  readonly bare: Work;
};

export type RateResult = {
  readonly name: string;
  /** Units in a second: resources written or requests answered. */
  readonly eira: number;
  readonly bare: number;
  readonly ratio: number;
  readonly goal: number;
  /** Milliseconds that half of the requests took at most. */
  readonly p50: number;
  /** Milliseconds of CPU time for one unit: the server's, PostgreSQL's, and the most that they may be together. */
  readonly cpuServer: number;
  readonly cpuDatabase: number;
  readonly cpuGoal: number | null;
  /** Both together for a unit of the side that is compared with. */
  readonly cpuBare: number;
  readonly failed: number;
};

/** What both sides work with. */
export type Sides = { readonly client: BenchClient; readonly baseline: Baseline; readonly corpus: Corpus };

const LANES = { write: 8, read: 32 } as const;
/** The most connections that either side uses at a time. */
export const MOST_LANES = LANES.read;
export const BUNDLE = 250;
const ID = /"id":"([^"]+)"/;

/** Creates patients; answers their ids. */
export async function createPatients(client: BenchClient, count: number): Promise<string[]> {
  const patients: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const patient = { resourceType: "Patient", active: true, name: [{ family: `Prov${number}` }] };
    const { status, body } = await client.post("/Patient", JSON.stringify(patient));
    if (status !== 201) throw new Error(`a patient could not be created (${status})`);
    patients.push(idOf(body));
  }
  return patients;
}

/** The text of a transaction that creates `size` Observations of one of the patients, as an import sends a record. */
export function bundleOf(corpus: Corpus, patients: readonly string[], size: number): string {
  const patient = `Patient/${corpus.pick(patients)}`;
  const entry = Array.from({ length: size }, () => ({
    resource: corpus.next(patient).resource,
    request: { method: "POST", url: "Observation" },
  }));
  return JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
}

/** The pairs, in the order in which they are to run: what is read was created before. `first` numbers the bare rows. */
export function pairsOf({ client, baseline, corpus }: Sides, patients: readonly string[], first: number): Pair[] {
  const mine: string[] = [];
  const theirs: string[] = [];
  let next = first;
  const row = (patient = corpus.pick(patients)): BaselineRow => {
    const { resource, code, at } = corpus.next(`Patient/${patient}`);
    const id = `b${(next += 1)}`;
    theirs.push(id);
    return { id, patient, code, at, content: JSON.stringify({ ...resource, id }) };
  };
  const create: Pair = {
    name: "create",
    lanes: LANES.write,
    goal: 0.3,
    cpuGoal: 1.5,
    eira: async () => {
      const { resource } = corpus.next(`Patient/${corpus.pick(patients)}`);
      const { status, body } = await client.post("/Observation", JSON.stringify(resource));
      if (status === 201) mine.push(idOf(body));
      return status === 201 ? 1 : undefined;
    },
    bare: async (lane) => {
      await baseline.insert(lane, [row()]);
      return 1;
    },
  };
  const take: Pair = {
    name: "import",
    lanes: LANES.write,
    goal: 0.3,
    eira: async () => ((await client.post("", bundleOf(corpus, patients, BUNDLE))).status === 200 ? BUNDLE : undefined),
    bare: async (lane) => {
      const patient = corpus.pick(patients);
      await baseline.insert(
        lane,
        Array.from({ length: BUNDLE }, () => row(patient)),
      );
      return BUNDLE;
    },
  };
  const read: Pair = {
    name: "read",
    lanes: LANES.read,
    goal: 0.25,
    cpuGoal: 0.5,
    eira: async () => ((await client.get(`/Observation/${corpus.pick(mine)}`)).status === 200 ? 1 : undefined),
    bare: async (lane) => ((await baseline.read(lane, corpus.pick(theirs))) ? 1 : undefined),
  };
  const search: Pair = {
    name: "search",
    lanes: LANES.write,
    goal: 0.4,
    eira: async () => ((await client.get(searchOf(corpus, patients))).status === 200 ? 1 : undefined),
    bare: async (lane) => {
      await baseline.search(lane, corpus.pick(patients), corpus.pick(CODES));
      return 1;
    },
  };
  return [create, take, read, search];
}

/** A search of one patient's newest values of one code, as a chart asks for them. */
export function searchOf(corpus: Corpus, patients: readonly string[]): string {
  return `/Observation?patient=${corpus.pick(patients)}&code=http://loinc.org|${corpus.pick(CODES)}&_sort=-date&_count=20`;
}

/** Requests of each kind that every worker has answered before anything is measured: a server runs for weeks. */
const WARM = 10_000;

/** Has Eira do each kind of work until its code is compiled. */
export async function warmUp(pairs: readonly Pair[], workers: number): Promise<void> {
  for (const { name, lanes, eira } of pairs) {
    let left = Math.ceil((name === "import" ? WARM / BUNDLE : WARM) * workers);
    const lane = async (number: number): Promise<void> => {
      while ((left -= 1) >= 0) await eira(number);
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  }
}

export type Turns = { readonly seconds: number; readonly rounds: number };

/** Milliseconds of CPU time that Eira's own processes and PostgreSQL's have used. */
export type CpuTime = { readonly server: number; readonly database: number };

/** One side after the other, round by round; the medians are compared. `cpuUsed` tells the CPU time so far. */
export async function compare(
  { name, lanes, goal, cpuGoal, eira, bare }: Pair,
  { seconds, rounds }: Turns,
  cpuUsed: () => CpuTime,
): Promise<RateResult> {
  const mine: Rate[] = [];
  const theirs: Rate[] = [];
  const cpu: CpuTime[] = [];
  const cpuBare: CpuTime[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const { work, rates, shares } of [
      { work: eira, rates: mine, shares: cpu },
      { work: bare, rates: theirs, shares: cpuBare },
    ]) {
      const before = cpuUsed();
      const rate = await measure(lanes, seconds, work);
      shares.push(shareOf(before, cpuUsed(), rate.done + rate.warmedUp));
      rates.push(rate);
    }
  }
  const ratio = rateOf(mine) / rateOf(theirs);
  return {
    name,
    eira: rounded(rateOf(mine)),
    bare: rounded(rateOf(theirs)),
    ratio: rounded(ratio),
    goal,
    p50: rounded(median(mine.map(({ p50 }) => p50))),
    cpuServer: rounded(median(cpu.map(({ server }) => server))),
    cpuDatabase: rounded(median(cpu.map(({ database }) => database))),
    cpuGoal: cpuGoal ?? null,
    cpuBare: rounded(median(cpuBare.map(({ server, database }) => server + database))),
    failed: [...mine, ...theirs].reduce((sum, { failed }) => sum + failed, 0),
  };
}

function shareOf(before: CpuTime, after: CpuTime, units: number): CpuTime {
  return { server: (after.server - before.server) / units, database: (after.database - before.database) / units };
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function rateOf(rates: readonly Rate[]): number {
  return median(rates.map(({ perSecond }) => perSecond));
}

function idOf(body: string): string {
  return ID.exec(body)?.[1] ?? "";
}
