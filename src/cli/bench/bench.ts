/**
 * `eira bench [--seconds N] [--rounds N] [--workers N] [--seed N]`: Eira beside bare SQL on the same PostgreSQL, in turns,
 * with authentication, validation and the durable access log on. Only the ratios mean anything: the machine and what else
 * it does are the same for both.
 *
 * SPEC CLI-BENCH · performance goals: create 0.30, import 0.30, read 0.25, patient-scoped search 0.40
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Baseline, type BaselineRow } from "../../store/index.ts";
import { numberFlag, type Command, type Invocation, type Terminal } from "../command.ts";
import { openDatabase, openStore } from "../installation.ts";
import { BenchClient } from "./client.ts";
import { CODES, Corpus } from "./corpus.ts";
import { measure, median, type Rate, type Work } from "./measure.ts";
import { startServer } from "./server.ts";

type Pair = {
  readonly name: string;
  readonly lanes: number;
  readonly goal: number;
  readonly eira: Work;
  readonly bare: Work;
};
type Result = {
  readonly name: string;
  readonly eira: number;
  readonly bare: number;
  readonly ratio: number;
  readonly goal: number;
  readonly p50: number;
  readonly failed: number;
};

const PATIENTS = 200;
const BUNDLE = 250;
const LANES = { write: 8, read: 32 } as const;
const DAY_MS = 86_400_000;

export const benchCommand: Command = async (invocation) => {
  const { args, terminal } = invocation;
  const seconds = numberFlag(args, "seconds", 4);
  const rounds = numberFlag(args, "rounds", 3);
  const seed = numberFlag(args, "seed", 1);
  const folder = mkdtempSync(join(tmpdir(), "eira-bench-"));
  try {
    return await withBench(
      { ...invocation, config: { ...invocation.config, dataDir: folder, demo: false } },
      async (bench) => {
        terminal.tell(`seed ${seed}: ${rounds} rounds of ${seconds} s a side`);
        const results: Result[] = [];
        for (const pair of await pairsOf(bench, new Corpus(seed), seed))
          results.push(await compare(pair, seconds, rounds, terminal));
        tabulate(results, terminal);
        terminal.print(JSON.stringify({ seed, rounds, seconds, results }));
        return results.every(({ failed }) => failed === 0) ? 0 : 1;
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

type Bench = { readonly client: BenchClient; readonly baseline: Baseline };

async function withBench(invocation: Invocation, work: (bench: Bench) => Promise<number>): Promise<number> {
  const { config, args, clock, self } = invocation;
  const server = await startServer(self, config.dataDir, await freePort(), numberFlag(args, "workers", 2));
  const database = await openDatabase(invocation);
  const baseline = await Baseline.open(database.config, LANES.read);
  const token = randomBytes(32).toString("base64url");
  const store = await openStore(config, database, clock, 2);
  await store.addClient(
    token,
    { client: "bench", scope: "system/*.cruds", careProvider: "BENCH", careUnit: "BENCH" },
    new Date(clock().getTime() + DAY_MS),
  );
  const client = new BenchClient(server.base, token, LANES.read);
  try {
    return await work({ client, baseline });
  } finally {
    client.close();
    await store.close();
    await baseline.close();
    await server.stop();
    await database.close();
  }
}

async function pairsOf({ client, baseline }: Bench, corpus: Corpus, seed: number): Promise<Pair[]> {
  const patients: string[] = [];
  for (let number = 0; number < PATIENTS; number += 1) {
    const { status, body } = await client.post(
      "/Patient",
      JSON.stringify({ resourceType: "Patient", active: true, name: [{ family: `Prov${number}` }] }),
    );
    if (status !== 201) throw new Error(`a patient could not be created (${status})`);
    patients.push((JSON.parse(body) as { id: string }).id);
  }
  const mine: string[] = [];
  const theirs: string[] = [];
  let next = seed * 1_000_000_000;
  const row = (): BaselineRow => {
    const patient = corpus.pick(patients);
    const { resource, code, at } = corpus.next(`Patient/${patient}`);
    const id = `b${(next += 1)}`;
    theirs.push(id);
    return { id, patient, code, at, content: JSON.stringify({ ...resource, id }) };
  };
  return [
    {
      name: "create",
      lanes: LANES.write,
      goal: 0.3,
      eira: async () => {
        const { status, body } = await client.post(
          "/Observation",
          JSON.stringify(corpus.next(`Patient/${corpus.pick(patients)}`).resource),
        );
        if (status === 201) mine.push(idOf(body));
        return status === 201 ? 1 : undefined;
      },
      bare: async (lane) => {
        await baseline.insert(lane, [row()]);
        return 1;
      },
    },
    {
      name: "import",
      lanes: LANES.write,
      goal: 0.3,
      eira: async () => ((await client.post("", bundleOf(corpus, patients))).status === 200 ? BUNDLE : undefined),
      bare: async (lane) => {
        await baseline.insert(lane, Array.from({ length: BUNDLE }, row));
        return BUNDLE;
      },
    },
    {
      name: "read",
      lanes: LANES.read,
      goal: 0.25,
      eira: async () => ((await client.get(`/Observation/${corpus.pick(mine)}`)).status === 200 ? 1 : undefined),
      bare: async (lane) => ((await baseline.read(lane, corpus.pick(theirs))) ? 1 : undefined),
    },
    {
      name: "search",
      lanes: LANES.write,
      goal: 0.4,
      eira: async () => {
        const query = `patient=${corpus.pick(patients)}&code=http://loinc.org|${corpus.pick(CODES)}&_sort=-date&_count=20`;
        return (await client.get(`/Observation?${query}`)).status === 200 ? 1 : undefined;
      },
      bare: async (lane) => {
        await baseline.search(lane, corpus.pick(patients), corpus.pick(CODES));
        return 1;
      },
    },
  ];
}

function bundleOf(corpus: Corpus, patients: readonly string[]): string {
  const entry = Array.from({ length: BUNDLE }, () => ({
    resource: corpus.next(`Patient/${corpus.pick(patients)}`).resource,
    request: { method: "POST", url: "Observation" },
  }));
  return JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
}

const ID = /"id":"([^"]+)"/;

function idOf(body: string): string {
  return ID.exec(body)?.[1] ?? "";
}

/** One side after the other, round by round; the medians are compared. */
async function compare(
  { name, lanes, goal, eira, bare }: Pair,
  seconds: number,
  rounds: number,
  terminal: Terminal,
): Promise<Result> {
  const mine: Rate[] = [];
  const theirs: Rate[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    mine.push(await measure(lanes, seconds, eira));
    theirs.push(await measure(lanes, seconds, bare));
    terminal.progress(`${name}, round ${round} of ${rounds}`);
  }
  const rate = (rates: readonly Rate[]): number => median(rates.map(({ perSecond }) => perSecond));
  const failed = [...mine, ...theirs].reduce((sum, one) => sum + one.failed, 0);
  const ratio = rate(mine) / rate(theirs);
  return {
    name,
    eira: round2(rate(mine)),
    bare: round2(rate(theirs)),
    ratio: round2(ratio),
    goal,
    p50: round2(median(mine.map(({ p50 }) => p50))),
    failed,
  };
}

function tabulate(results: readonly Result[], terminal: Terminal): void {
  terminal.tell(
    `\n${"work".padEnd(10)}${"Eira /s".padStart(12)}${"bare /s".padStart(12)}${"ratio".padStart(8)}${"goal".padStart(8)}${"p50 ms".padStart(10)}`,
  );
  for (const { name, eira, bare, ratio, goal, p50 } of results) {
    terminal.tell(
      `${name.padEnd(10)}${String(eira).padStart(12)}${String(bare).padStart(12)}${String(ratio).padStart(8)}${String(goal).padStart(8)}${String(p50).padStart(10)}`,
    );
  }
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
