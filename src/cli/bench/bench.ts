/**
 * `eira bench [--seconds N] [--rounds N] [--workers N] [--seed N] [--disk N] [--growth N] [--cold] [--json FILE]`: Eira beside bare
 * SQL on the same PostgreSQL, in turns, with authentication, validation and the durable access log on; then what it takes
 * up. `--hl7` measures instead how many results a laboratory can send; `--access` what access control and its log cost a person's reads and searches. Ratios and processor time mean something on any machine; times do not, and are not judged. `--growth` fills the
 * server with so many resources and compares with a tenth of them; without it growth is not looked at. It has an embedded
 * database of its own, whatever DATABASE_URL says.
 *
 * SPEC CLI-BENCH · the goals are those of the performance decisions in docs/decisions
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyzeDatabase, Baseline } from "../../store/index.ts";
import { flag, numberFlag, type Command, type Invocation, type Terminal } from "../command.ts";
import { freePort } from "../free-port.ts";
import { openDatabase, openStore } from "../installation.ts";
import { benchAccess } from "./access.ts";
import { BenchClient } from "./client.ts";
import { Corpus } from "./corpus.ts";
import { diskPerMillion, memoryOfBundles, posterOf, timeToReady, type Figure } from "./footprint.ts";
import { growth } from "./growth.ts";
import { benchHl7 } from "./hl7.ts";
import { cpuMilliseconds, parentOf, programMilliseconds } from "./processes.ts";
import {
  compare,
  createPatients,
  MOST_LANES,
  pairsOf,
  rounded,
  warmUp,
  type CpuTime,
  type RateResult,
} from "./rates.ts";
import { startServer, type RunningServer } from "./server.ts";

const PATIENTS = 200;
const STARTS = 3;
const DAY_MS = 86_400_000;

export const benchCommand: Command = async (invocation) => {
  const folder = mkdtempSync(join(tmpdir(), "eira-bench-"));
  try {
    const config = { ...invocation.config, dataDir: folder, databaseUrl: undefined, citus: false, demo: false };
    if (invocation.args.includes("--access")) return await benchAccess({ ...invocation, config });
    if (invocation.args.includes("--hl7")) return await benchHl7({ ...invocation, config });
    return await withBench({ ...invocation, config }, (bench) => run(bench, invocation));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A running server, the yardstick beside it, and how to start the server again. */
type Bench = {
  readonly client: BenchClient;
  readonly baseline: Baseline;
  readonly disk: (post: (size: number) => Promise<void>, count: number) => Promise<Figure>;
  readonly analyze: () => Promise<void>;
  readonly cpuUsed: () => CpuTime;
  readonly server: () => RunningServer;
  readonly restart: () => Promise<void>;
};

async function run(bench: Bench, { args, terminal }: Invocation): Promise<number> {
  const seed = numberFlag(args, "seed", 1);
  const turns = { seconds: numberFlag(args, "seconds", 4), rounds: numberFlag(args, "rounds", 3) };
  terminal.tell(`seed ${seed}: ${turns.rounds} rounds of ${turns.seconds} s a side`);
  const corpus = new Corpus(seed);
  const patients = await createPatients(bench.client, PATIENTS);
  const rates: RateResult[] = [];
  const pairs = pairsOf({ ...bench, corpus }, patients, seed * 1_000_000_000);
  if (!args.includes("--cold")) {
    terminal.progress("warming up …");
    await warmUp(pairs, numberFlag(args, "workers", 2));
  }
  for (const pair of pairs) {
    terminal.progress(`${pair.name} …`);
    await bench.analyze(); // as the database does by itself after a while, on both sides
    rates.push(await compare(pair, turns, bench.cpuUsed));
  }
  const post = posterOf(bench.client, corpus, patients);
  terminal.progress("disk, memory, start …");
  const figures = [await bench.disk(post, numberFlag(args, "disk", 20_000))];
  figures.push(await memoryOfBundles(bench.server().pid, post));
  figures.push(await timeToReady(bench.restart, STARTS));
  const resources = numberFlag(args, "growth", 0);
  const progress = (stored: number): void => terminal.progress(`growth: ${stored} of ${resources} resources`);
  if (resources > 0)
    figures.push(...(await growth(bench.client, corpus, { resources, seconds: turns.seconds, progress })));
  return tell({ seed, ...turns, rates, figures, growth: resources }, flag(args, "json"), terminal);
}

type Report = {
  readonly seed: number;
  readonly rates: readonly RateResult[];
  readonly figures: readonly Figure[];
  /** How many resources growth was looked at with; 0 when it was not. */
  readonly growth: number;
};

/** Prints the tables and the figures as JSON. Answers 0 when nothing failed and every goal is reached. */
function tell(report: Report, file: string | undefined, terminal: Terminal): number {
  const figures = report.figures.map((figure) => ({ ...figure, value: rounded(figure.value) }));
  tabulate(report.rates, figures, terminal);
  const failed = report.rates.reduce((sum, one) => sum + one.failed, 0);
  const missed = [...report.rates.flatMap(missedBy), ...figures.filter(({ value, most }) => value > most)].map(
    ({ name }) => name,
  );
  if (report.growth === 0) terminal.tell("growth: not looked at (--growth N)");
  for (const name of missed) terminal.tell(`goal missed: ${name}`);
  const text = JSON.stringify({ ...report, figures, failed, missed });
  if (file !== undefined) writeFileSync(file, `${text}\n`);
  terminal.print(text);
  return failed === 0 && missed.length === 0 ? 0 : 1;
}

function missedBy({ name, ratio, goal, cpuServer, cpuDatabase, cpuGoal }: RateResult): { name: string }[] {
  return [
    ...(ratio < goal ? [{ name }] : []),
    ...(cpuGoal !== null && cpuServer + cpuDatabase > cpuGoal ? [{ name: `CPU of a ${name}` }] : []),
  ];
}

function tabulate(rates: readonly RateResult[], figures: readonly Figure[], terminal: Terminal): void {
  const line = (name: string, cells: readonly (string | number)[]): void =>
    terminal.tell(`${name.padEnd(10)}${cells.map((cell) => String(cell).padStart(11)).join("")}`);
  line("\nwork", [" Eira /s", "bare /s", "ratio", "goal", "CPU Eira", "CPU base", "goal", "p50 ms"]);
  for (const { name, eira, bare, ratio, goal, cpuServer, cpuDatabase, cpuGoal, p50 } of rates)
    line(name, [eira, bare, ratio, goal, cpuServer, cpuDatabase, cpuGoal ?? "", p50]);
  terminal.tell("");
  for (const { name, value, most, unit } of figures)
    terminal.tell(`${name.padEnd(42)}${String(value).padStart(8)} ${unit} (at most ${most})`);
}

async function withBench(invocation: Invocation, work: (bench: Bench) => Promise<number>): Promise<number> {
  const { config, args, clock, self } = invocation;
  const port = await freePort();
  const start = (): Promise<RunningServer> => startServer(self, config.dataDir, port, numberFlag(args, "workers", 2));
  let server = await start();
  const database = await openDatabase(invocation);
  const baseline = await Baseline.open(database.config, MOST_LANES);
  const postmaster = parentOf(baseline.backend);
  const token = randomBytes(32).toString("base64url");
  const store = await openStore(config, database, clock, 2);
  await store.addClient(
    token,
    { client: "bench", scope: "system/*.cruds", careProvider: "BENCH", careUnit: "BENCH" },
    new Date(clock().getTime() + DAY_MS),
  );
  const client = new BenchClient(`http://127.0.0.1:${port}/fhir/R4`, token);
  const bench: Bench = {
    client,
    baseline,
    disk: (post, count) => diskPerMillion(database.config, post, count),
    analyze: async () => {
      await analyzeDatabase(database.config);
      await baseline.analyze();
    },
    cpuUsed: () => ({ server: programMilliseconds(server.pid), database: cpuMilliseconds(postmaster) }),
    server: () => server,
    restart: async () => {
      await server.stop();
      server = await start();
    },
  };
  try {
    return await work(bench);
  } finally {
    client.close();
    await store.close();
    await baseline.close();
    await server.stop();
    await database.close();
  }
}
