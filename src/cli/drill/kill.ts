/**
 * `eira drill kill --rounds N --seed S`: writes over HTTP while the server, its PostgreSQL or both are killed at random
 * points; every request without an answer is asked again with the same key. At the end every acknowledged write must be
 * there, none half, none twice, and the access log whole.
 *
 * SPEC DRILL-KILL · reliability goal R6
 */
import { join } from "node:path";
import { rm } from "node:fs/promises";
import { seededRandom, type SeededRandom } from "../../base/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "../command.ts";
import { find } from "./found.ts";
import { judge, type Write } from "./ledger.ts";
import { Reader, readsOf, unloggedOf } from "./reader.ts";
import { killOnce, WAYS } from "./fire.ts";
import { DrillServer, drillFolder } from "./server.ts";
import { Writer } from "./writer.ts";

const WRITERS = 4;
const READERS = 2;
const ROUNDS = 30;
const SHOWN = 20;

type Drill = {
  readonly server: DrillServer;
  readonly writers: readonly Writer[];
  readonly readers: readonly Reader[];
  readonly random: SeededRandom;
  /** What may be killed together, in this order. */
  readonly ways: readonly (readonly string[])[];
  readonly tell: (line: string) => void;
};

export const drillKill: Command = async (invocation) => {
  const { args, terminal, clock } = invocation;
  const rounds = numberFlag(args, "rounds", ROUNDS);
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  const only = flag(args, "only");
  const ways = only === undefined ? WAYS : WAYS.filter((way) => way.join("+") === only);
  if (ways.length === 0) throw new Error(`--only takes one of ${WAYS.map((way) => way.join("+")).join(", ")}`);
  terminal.tell(`seed ${seed}: ${rounds} rounds, ${WRITERS} writers`);
  const folder = drillFolder();
  const server = await DrillServer.start(invocation, join(folder, "data"));
  terminal.onStop(() => server.destroy());
  const writers = Array.from(
    { length: WRITERS },
    (_, n) => new Writer(server.service, `k${seed}-${n}`, seededRandom(`${seed} writer ${n}`)),
  );
  const readers = Array.from(
    { length: READERS },
    (_, n) => new Reader(server.service, seededRandom(`${seed} reader ${n}`), () => patientsOf(writers)),
  );
  try {
    const drill = { server, writers, readers, random: seededRandom(seed), ways, tell: terminal.tell };
    const kills = await underFire(drill, rounds);
    return await report(invocation, { server, writers, readers, seed, rounds, kills });
  } finally {
    await server.destroy();
    await rm(folder, { recursive: true, force: true });
  }
};

/** Ids of the patients that the writers were told of. */
function patientsOf(writers: readonly Writer[]): readonly string[] {
  const made = writers.flatMap(({ acknowledged }) => acknowledged.flatMap((write) => write.made));
  return made.flatMap(({ name }) => (name.startsWith("Patient/") ? [name.slice("Patient/".length)] : []));
}

/** Lets the writers write while round after round something is killed. Answers how many processes were. */
async function underFire(drill: Drill, rounds: number): Promise<number> {
  let done = false;
  const writing = Promise.all([...drill.writers, ...drill.readers].map((one) => one.run(() => done)));
  let kills = 0;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const victims = await killOnce(drill.server, drill.random, drill.ways);
      kills += victims.length;
      const acknowledged = drill.writers.reduce((sum, writer) => sum + writer.acknowledged.length, 0);
      drill.tell(`round ${round} of ${rounds}: killed ${victims.join(" and ")}; ${acknowledged} writes acknowledged`);
    }
  } finally {
    done = true;
    await writing;
  }
  return kills;
}

type Outcome = {
  readonly server: DrillServer;
  readonly writers: readonly Writer[];
  readonly readers: readonly Reader[];
  readonly seed: number;
  readonly rounds: number;
  readonly kills: number;
};

async function report(
  { args, terminal }: Invocation,
  { server, writers, readers, seed, rounds, kills }: Outcome,
): Promise<number> {
  const writes = writers.flatMap(({ acknowledged }) => acknowledged);
  const promised = flag(args, "control") === "invented" ? [...writes, INVENTED] : writes;
  const { found, log, unlogged } = await server.withStore(async (store) => ({
    unlogged: await unloggedOf(store, readers), // before anything else is read
    found: await find(server.service, store, writes),
    log: await store.verifyAccessLog([]),
  }));
  const { lost, half, double, faults } = judge(promised, promised, found);
  const refused = writers.flatMap((writer) => writer.refused);
  const retried = writers.reduce((sum, writer) => sum + writer.retried, 0);
  const words = [
    ...refused,
    ...faults,
    ...unlogged.map((request) => `${request} was answered and is not in the access log`),
    ...log.faults.map(({ chain, seq, fault }) => `access log, chain ${chain}, row ${seq}: ${fault}`),
  ];
  for (const line of words.slice(0, SHOWN)) terminal.tell(line);
  const reads = readsOf(readers);
  const counts = {
    lost,
    half,
    double,
    refused: refused.length,
    logFaults: log.faults.length,
    unlogged: unlogged.length,
  };
  terminal.print(
    JSON.stringify({
      rounds,
      kills,
      acknowledged: writes.length,
      reads,
      retried,
      replayed: found.replayed,
      versions: found.versions.size,
      ...counts,
      seed,
    }),
  );
  const sawEnough = kills >= rounds && writes.length > rounds && reads > rounds && retried > 0;
  if (!sawEnough)
    terminal.tell(
      "The drill saw too little to claim anything: no kills, hardly any writes, or none that was interrupted.",
    );
  return sawEnough && Object.values(counts).every((count) => count === 0) ? 0 : 1;
}

/** A write that nobody made, to show that the drill would miss it. */
const INVENTED: Write = { key: "invented", made: [{ name: "Patient/invented", version: 1, value: 1 }] };
