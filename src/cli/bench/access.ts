/**
 * `eira bench --access`: what the decision, both locks and the access log cost. The same server in one process on two ports, once as always
 * and once with one ground that permits everything and nothing asked or logged, is read and searched by the same person in turns.
 *
 * SPEC CLI-BENCH-7
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { PersonActor } from "../../access/index.ts";
import { HSA_SYSTEM } from "../../base/index.ts";
import { Baseline } from "../../store/index.ts";
import { flag, numberFlag, type Invocation } from "../command.ts";
import { freePort } from "../free-port.ts";
import { openDatabase, openStore } from "../installation.ts";
import { BenchClient } from "./client.ts";
import { Corpus } from "./corpus.ts";
import { bundleOf, BUNDLE, compare, createPatients, searchOf, warmUp, type CpuTime, type Pair } from "./rates.ts";
import { cpuMilliseconds, parentOf, programMilliseconds } from "./processes.ts";
import { startProgram } from "./server.ts";
import { markForBench } from "./two-doors.ts";

const LANES = 32;
const PATIENTS = 100;
const BUNDLES = 40;
/** Enough to see that it works. */
const FEW_BUNDLES = 2;
const DAY_MS = 86_400_000;
/** A quarter of the throughput at most. */
const GOAL = 0.75;
const OWNER = { careProvider: "SE2321000131-BENCH", careUnit: "SE2321000131-BENCH1" } as const;

const PERSON: PersonActor = {
  kind: "person",
  id: "bench-person",
  name: "Mätare",
  title: "Läkare",
  hsaId: "SE2321000131-BENCHP",
  assignment: {
    id: "bench-assignment",
    unit: "Mätenheten",
    unitHsaId: OWNER.careUnit,
    provider: "Mätregionen",
    providerHsaId: OWNER.careProvider,
    role: "Läkare",
    from: null,
    until: null,
  },
};

/** Measures and tells. Answers 0 when nothing failed and the goal is reached. */
export async function benchAccess(invocation: Invocation): Promise<number> {
  const { config, args, terminal, clock, self } = invocation;
  markForBench(config.dataDir);
  const [guardedPort, openPort] = [await freePort(), await freePort()];
  const command = ["bench-server", "--guarded", String(guardedPort), "--open", String(openPort)];
  const server = await startProgram(self, command, { EIRA_DATA_DIR: config.dataDir });
  const database = await openDatabase(invocation);
  const store = await openStore(config, database, clock, 2);
  const baseline = await Baseline.open(database.config, 1);
  const postmaster = parentOf(baseline.backend);
  const cpuUsed = (): CpuTime => ({
    server: programMilliseconds(server.pid),
    database: cpuMilliseconds(postmaster),
  });
  const until = new Date(clock().getTime() + DAY_MS);
  const [token, session] = [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")];
  await store.addClient(token, { client: "bench", scope: "system/*.cruds", ...OWNER }, until);
  await store.addSession(session, PERSON, until);
  const baseOf = (port: number): string => `http://127.0.0.1:${port}/fhir/R4`;
  const system = new BenchClient(baseOf(guardedPort), token);
  const guarded = new BenchClient(baseOf(guardedPort), `Cookie: eira_session=${session}`);
  const open = new BenchClient(baseOf(openPort), `Cookie: eira_session=${session}`);
  try {
    const seed = numberFlag(args, "seed", 1);
    const turns = { seconds: numberFlag(args, "seconds", 4), rounds: numberFlag(args, "rounds", 5) };
    const known = await fill(system, new Corpus(seed), args.includes("--cold") ? FEW_BUNDLES : BUNDLES);
    const pairs = pairsOf({ guarded, open }, known, seed);
    if (!args.includes("--cold")) {
      terminal.progress("warming up …");
      await warmUp(pairs, 1);
      await warmUp(
        pairs.map((pair) => ({ ...pair, eira: pair.bare })),
        1,
      );
    }
    const results = [];
    for (const pair of pairs) {
      terminal.progress(`${pair.name} …`);
      results.push(await compare(pair, turns, cpuUsed));
    }
    for (const { name, eira, bare, ratio, goal, cpuServer, cpuDatabase, cpuBare } of results) {
      terminal.tell(`${name.padEnd(10)} guarded ${eira} /s, open ${bare} /s: ${ratio} (at least ${goal})`);
      terminal.tell(`${"".padEnd(10)} CPU guarded ${cpuServer} + ${cpuDatabase} ms, open ${cpuBare} ms`);
    }
    const failed = results.reduce((sum, one) => sum + one.failed, 0);
    const missed = results.filter(({ ratio, goal }) => ratio < goal).map(({ name }) => name);
    const text = JSON.stringify({ seed, ...turns, access: results, failed, missed });
    const file = flag(args, "json");
    if (file !== undefined) writeFileSync(file, `${text}\n`);
    terminal.print(text);
    return failed === 0 && missed.length === 0 ? 0 : 1;
  } finally {
    for (const client of [system, guarded, open]) client.close();
    await baseline.close();
    await store.close();
    await server.stop();
    await database.close();
  }
}

type Known = { readonly patients: readonly string[]; readonly observations: readonly string[] };

/** The person's directory, and patients in the unit's care with their records. Errors: an Error when something is refused. */
async function fill(client: BenchClient, corpus: Corpus, bundles: number): Promise<Known> {
  const hsa = (value: string): object => ({ identifier: [{ system: HSA_SYSTEM, value }] });
  await write(client, [
    {
      resourceType: "Organization",
      id: "bench-provider",
      name: PERSON.assignment.provider,
      ...hsa(OWNER.careProvider),
    },
    {
      resourceType: "Organization",
      id: "bench-unit",
      name: PERSON.assignment.unit,
      partOf: { reference: "Organization/bench-provider" },
      ...hsa(OWNER.careUnit),
    },
    { resourceType: "Practitioner", id: PERSON.id, name: [{ text: PERSON.name }], ...hsa(PERSON.hsaId) },
    {
      resourceType: "PractitionerRole",
      id: PERSON.assignment.id,
      active: true,
      practitioner: { reference: `Practitioner/${PERSON.id}` },
      organization: { reference: "Organization/bench-unit" },
      code: [{ text: PERSON.assignment.role }],
    },
  ]);
  const patients = await createPatients(client, PATIENTS);
  const kind = { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" };
  await write(
    client,
    patients.map((patient, n) => ({
      resourceType: "Encounter",
      id: `bench-contact-${n}`,
      status: "in-progress",
      class: kind,
      subject: { reference: `Patient/${patient}` },
    })),
  );
  const observations: string[] = [];
  for (let n = 0; n < bundles; n += 1) {
    const { status, body } = await client.post("", bundleOf(corpus, patients, BUNDLE));
    if (status !== 200) throw new Error(`records could not be created (${status})`);
    observations.push(...[...body.matchAll(/Observation\/([A-Za-z0-9.-]+)\/_history/g)].map(([, id]) => id ?? ""));
  }
  return { patients, observations };
}

type Named = { readonly resourceType: string; readonly id: string; readonly [element: string]: unknown };

async function write(client: BenchClient, resources: readonly Named[]): Promise<void> {
  const entry = resources.map((resource) => ({
    resource,
    request: { method: "PUT", url: `${resource.resourceType}/${resource.id}` },
  }));
  const { status, body } = await client.post(
    "",
    JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }),
  );
  if (status !== 200)
    throw new Error(`what the measurement needs could not be written (${status}): ${body.slice(0, 300)}`);
}

type Doors = { readonly guarded: BenchClient; readonly open: BenchClient };

function pairsOf({ guarded, open }: Doors, { patients, observations }: Known, seed: number): Pair[] {
  const corpus = new Corpus(seed + 1);
  const asked = (client: BenchClient, path: () => string) => async (): Promise<number | undefined> =>
    (await client.get(path())).status === 200 ? 1 : undefined;
  const read = (): string => `/Observation/${corpus.pick(observations)}`;
  const search = (): string => searchOf(corpus, patients);
  return [
    { name: "read", lanes: LANES, goal: GOAL, eira: asked(guarded, read), bare: asked(open, read) },
    { name: "search", lanes: LANES, goal: GOAL, eira: asked(guarded, search), bare: asked(open, search) },
  ];
}
