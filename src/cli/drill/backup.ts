/**
 * `eira drill backup --rounds N --seed S`: backs up under write load, destroys the installation, restores into a new one
 * and compares counts, hashes and every acknowledged write; then the restored server is written to.
 *
 * SPEC DRILL-BACKUP · HSLF-FS 2016:40 3 kap.
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../base/index.ts";
import { backup, migrate, restore, tableCopies, type Manifest } from "../../store/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "../command.ts";
import { AUDIT_KEY, openDatabase } from "../installation.ts";
import { find } from "./found.ts";
import { judge, type Verdict, type Write } from "./ledger.ts";
import { DrillServer, drillFolder } from "./server.ts";
import { Writer } from "./writer.ts";

const ROUNDS = 3;
const WRITERS = 4;
const BEFORE = 60;
const PATIENCE_MS = 30_000;
const SHOWN = 20;

type Round = { readonly manifest: Manifest; readonly must: readonly Write[]; readonly may: readonly Write[] };
type Sum = {
  rows: number;
  acknowledged: number;
  during: number;
  lost: number;
  half: number;
  double: number;
  different: number;
  logFaults: number;
};

export const drillBackup: Command = async (invocation) => {
  const { args, terminal, clock } = invocation;
  const rounds = numberFlag(args, "rounds", ROUNDS);
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  terminal.tell(`seed ${seed}: ${rounds} rounds, ${WRITERS} writers`);
  const sum: Sum = { rows: 0, acknowledged: 0, during: 0, lost: 0, half: 0, double: 0, different: 0, logFaults: 0 };
  for (let round = 1; round <= rounds; round += 1) {
    await oneRound(invocation, `${seed}-${round}`, sum);
    terminal.tell(
      `round ${round} of ${rounds}: ${sum.rows} rows restored, ${sum.during} writes acknowledged while backing up`,
    );
  }
  terminal.print(JSON.stringify({ rounds, ...sum, seed }));
  const sawEnough = rounds > 0 && sum.rows > 0 && sum.acknowledged > 0 && sum.during > 0;
  if (!sawEnough)
    terminal.tell("The drill saw too little to claim anything: no rows, or no writes while it backed up.");
  return sawEnough && sum.lost + sum.half + sum.double + sum.different + sum.logFaults === 0 ? 0 : 1;
};

async function oneRound(invocation: Invocation, name: string, sum: Sum): Promise<void> {
  const folder = drillFolder();
  try {
    const round = await backUpUnderLoad(invocation, folder, name);
    const restored = await restoreElsewhere(invocation, folder, round.manifest);
    try {
      sum.different += restored.different;
      await judgeRestored(invocation, restored.server, round, sum);
    } finally {
      await restored.server.destroy();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function backUpUnderLoad(invocation: Invocation, folder: string, name: string): Promise<Round> {
  const server = await DrillServer.start(invocation, join(folder, "old"));
  const writers = Array.from(
    { length: WRITERS },
    (_, n) => new Writer(server.service, `b${name}-${n}`, seededRandom(`${name} writer ${n}`)),
  );
  let done = false;
  try {
    const writing = Promise.all(writers.map((writer) => writer.run(() => done)));
    await enough(writers);
    const must = writers.flatMap(({ acknowledged }) => acknowledged);
    const database = await openDatabase({ ...invocation, config: server.config });
    const manifest = await backup(database.config, join(folder, "backup"), invocation.clock());
    done = true;
    await writing;
    await database.close();
    copyFileSync(join(server.dataDir, AUDIT_KEY), join(folder, AUDIT_KEY)); // kept apart from the backup, as the manual says
    return { manifest, must, may: writers.flatMap(({ acknowledged }) => acknowledged) };
  } finally {
    done = true;
    await server.destroy(); // nothing is left but the backup and the key
  }
}

/** Until enough is acknowledged for the backup to be worth something. */
async function enough(writers: readonly Writer[]): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(20)) {
    if (writers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0) >= BEFORE) return;
  }
}

/** A new installation from the backup; answers how many tables differ from what was backed up. */
async function restoreElsewhere(
  invocation: Invocation,
  folder: string,
  manifest: Manifest,
): Promise<{ readonly server: DrillServer; readonly different: number }> {
  const dataDir = join(folder, "new");
  mkdirSync(dataDir);
  copyFileSync(join(folder, AUDIT_KEY), join(dataDir, AUDIT_KEY));
  const config = { ...invocation.config, dataDir, databaseUrl: undefined, citus: false, demo: false };
  const database = await openDatabase({ ...invocation, config });
  try {
    await migrate(database.config);
    await restore(database.config, join(folder, "backup"));
    const copies = new Map((await tableCopies(database.config)).map((copy) => [copy.table, copy]));
    const different = manifest.tables.filter(({ table, rows, sha256 }) => {
      const copy = copies.get(table);
      return copy?.rows !== rows || copy.sha256 !== sha256;
    });
    for (const { table } of different) invocation.terminal.tell(`${table} is not what was backed up`);
    return { server: await DrillServer.start(invocation, dataDir), different: different.length };
  } finally {
    await database.close();
  }
}

async function judgeRestored(invocation: Invocation, server: DrillServer, round: Round, sum: Sum): Promise<void> {
  const { args, terminal } = invocation;
  const must = flag(args, "control") === "invented" ? [...round.must, INVENTED] : round.must;
  const { found, log } = await server.withStore(async (store) => ({
    found: await find(server.service, store, round.may),
    log: await store.verifyAccessLog([]),
  }));
  const verdict: Verdict = judge(must, round.may, found);
  for (const line of verdict.faults.slice(0, SHOWN)) terminal.tell(line);
  for (const { chain, seq, fault } of log.faults.slice(0, SHOWN))
    terminal.tell(`access log, chain ${chain}, row ${seq}: ${fault}`);
  sum.rows += round.manifest.tables.reduce((rows, table) => rows + table.rows, 0);
  sum.acknowledged += must.length;
  sum.during += round.may.length - round.must.length;
  sum.lost += verdict.lost;
  sum.half += verdict.half;
  sum.double += verdict.double;
  sum.logFaults += log.faults.length;
  await writeAgain(server);
}

/** The restored server takes writes. Errors: an Error when it does not. */
async function writeAgain(server: DrillServer): Promise<void> {
  const writer = new Writer(server.service, "after", seededRandom("after"));
  await writer.run(() => writer.acknowledged.length >= 5);
  if (writer.refused.length > 0) throw new Error(`The restored server refused: ${writer.refused.join("; ")}`);
}

/** A write that nobody made, to show that the drill would miss it. */
const INVENTED: Write = { key: "invented", made: [{ name: "Patient/invented", version: 1, value: 1 }] };
