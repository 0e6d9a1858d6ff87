/**
 * `eira bench --hl7 [--messages N] [--lanes N] [--seconds N]`: results per second that a laboratory sends over MLLP, taken in durably and
 * acknowledged, then matched to their orders, written and owned, beside raw inserts of the same bytes on the same PostgreSQL in the same
 * run. The server is a process of its own, and so is the database.
 *
 * SPEC CLI-BENCH-8 · issue 5: at least 500 a second on two cores
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseScopes, type ClientActor } from "../../access/index.ts";
import { HSA_SYSTEM, PERSONNUMMER_SYSTEM } from "../../base/index.ts";
import { TEST_PERSONNUMMER } from "../../demo/index.ts";
import { buildMessage, MllpClient, type NewSegment } from "../../exchange/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { commit, type Command as Change, type Visit } from "../../journal/index.ts";
import { analyzeDatabase, Baseline, settleDatabase, type Store } from "../../store/index.ts";
import { flag, numberFlag, type Invocation } from "../command.ts";
import { freePort } from "../free-port.ts";
import { journalOptions, migrateAs, openDatabase, openStore } from "../installation.ts";
import { cpuMilliseconds, parentOf, programMilliseconds } from "./processes.ts";
import { startProgram } from "./server.ts";

const GOAL = 500;
const MESSAGES = 6000;
/** So many times as many come first and are not measured: an installation in use has answers, and PostgreSQL has counted them. */
const EARLIER = 2;
const LANES = 32;
const TOGETHER = 60;
const FAR = Date.parse("2999-01-01T00:00:00Z");
const OURS = { careProvider: "SE2321000131-E000000000001", careUnit: "SE2321000131-E000000000011" } as const;
const CHANNEL = "lab-in";
const LAB_UNIT = "SE2321000131-E000000000012";

/** Runs it on an installation of its own. Answers 0 when all were matched and owned and the goal is reached. */
export async function benchHl7(invocation: Invocation): Promise<number> {
  const { config, args, clock, terminal, self } = invocation;
  const messages = numberFlag(args, "messages", MESSAGES);
  const lanes = numberFlag(args, "lanes", LANES);
  const database = await openDatabase(invocation);
  await migrateAs(config, database);
  const store = await openStore(config, database, clock, 4);
  const first = numberFlag(args, "earlier", EARLIER * messages);
  terminal.progress(`${first + messages} orders …`);
  await placeOrders({ ...journalOptions(config, store, clock), actor: ORDERER, request: "bench" }, first + messages);
  await analyzeDatabase(database.config);
  const [port, mllp] = [await freePort(), await freePort()];
  const settings = join(config.dataDir, "hl7.json");
  writeFileSync(settings, JSON.stringify(settingsWith(mllp)));
  const baseline = await Baseline.open(database.config, lanes);
  const postmaster = parentOf(baseline.backend);
  const server = await startProgram(self, ["serve"], {
    EIRA_DATA_DIR: config.dataDir,
    EIRA_PORT: String(port),
    EIRA_WORKERS: "1",
    EIRA_HL7: settings,
  });
  try {
    const all = Array.from({ length: first + messages }, (_, at) => resultOf(at));
    const bytes = all.slice(first);
    terminal.progress("the earlier ones …");
    await sendAll(all.slice(0, first), { port: mllp, lanes, from: 0 });
    await drained(store);
    await settleDatabase(database.config);
    terminal.progress("raw inserts …");
    const raw = await rawInserts(baseline, bytes, lanes);
    terminal.progress("HL7 v2 …");
    const before = { server: programMilliseconds(server.pid), database: cpuMilliseconds(postmaster) };
    const started = performance.now();
    const acknowledged = await sendAll(bytes, { port: mllp, lanes, from: first });
    const acknowledgedMs = performance.now() - started;
    await drained(store);
    const doneMs = performance.now() - started;
    const cpu = {
      server: programMilliseconds(server.pid) - before.server,
      database: cpuMilliseconds(postmaster) - before.database,
    };
    const owned = (await resultsOwned(store)) - first;
    const parked = (await store.read("*", (look) => look.hl7.received.parked(10))).map(({ error }) => error);
    const report = {
      messages,
      rawPerSecond: Math.round(raw),
      acknowledgedPerSecond: Math.round((acknowledged / acknowledgedMs) * 1000),
      donePerSecond: Math.round((messages / doneMs) * 1000),
      cpuServerMs: Math.round((cpu.server / messages) * 100) / 100,
      cpuDatabaseMs: Math.round((cpu.database / messages) * 100) / 100,
      owned,
      unmatched: parked.length,
      goal: GOAL,
    };
    for (const error of parked.slice(0, 3)) terminal.tell(`not taken in: ${error}`);
    const text = JSON.stringify(report);
    const file = flag(args, "json");
    if (file !== undefined) writeFileSync(file, `${text}\n`);
    terminal.print(text);
    const isSound = acknowledged === messages && owned === messages && parked.length === 0;
    if (!isSound) terminal.tell("Not every message was acknowledged, matched and owned.");
    if (report.donePerSecond < GOAL) terminal.tell(`goal missed: ${report.donePerSecond} a second, not ${GOAL}`);
    return isSound && report.donePerSecond >= GOAL ? 0 : 1;
  } finally {
    await baseline.close();
    await server.stop();
    await store.close();
    await database.close();
  }
}

const ORDERER: ClientActor = { kind: "client", name: "bench", scopes: parseScopes("system/*.cruds") ?? [], ...OURS };

function settingsWith(port: number): Record<string, unknown> {
  const channel = { name: CHANNEL, direction: "in", purpose: "bench", port, parked: "pass" };
  const partner = {
    name: "lab",
    kind: "laboratory",
    unit: LAB_UNIT,
    in: CHANNEL,
    theirs: "LABSYS|KEMLAB",
    ours: "EIRA|REGION",
  };
  return { channels: [channel], partners: [partner] };
}

/** Patients, a laboratory, and an order with its specimen for each message. */
async function placeOrders(visit: Visit, count: number): Promise<void> {
  const unit = (id: string, hsaId: string): JsonObject => ({
    resourceType: "Organization",
    id,
    active: true,
    name: id,
    identifier: [{ system: HSA_SYSTEM, value: hsaId }],
  });
  const people = TEST_PERSONNUMMER.map((value, at): JsonObject => ({
    resourceType: "Patient",
    id: `p${at}`,
    identifier: [{ system: PERSONNUMMER_SYSTEM, value }],
    name: [{ family: "Ek", given: ["Tove"] }],
  }));
  const orders = Array.from({ length: count }, (_, at) => orderOf(at));
  const all = [unit("lab", LAB_UNIT), unit("ward", OURS.careUnit), ...people, ...orders.flat()];
  for (let at = 0; at < all.length; at += TOGETHER) {
    const commands = all.slice(at, at + TOGETHER).map((resource): Change => {
      const { resourceType: type, id } = resource as { resourceType: string; id: string };
      return { kind: "update", type, id, resource, where: type };
    });
    await commit(visit, commands);
  }
}

const patientOf = (at: number): number => at % TEST_PERSONNUMMER.length;
const ANALYSIS = { code: "NPU03230", display: "P-Kalium" } as const;

function orderOf(at: number): readonly JsonObject[] {
  const subject = { reference: `Patient/p${patientOf(at)}` };
  const specimen: JsonObject = {
    resourceType: "Specimen",
    id: `s${at}`,
    accessionIdentifier: { system: "urn:eira:bench", value: `S${at}` },
    subject,
  };
  const order: JsonObject = {
    resourceType: "ServiceRequest",
    id: `o${at}`,
    status: "active",
    intent: "order",
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }],
    code: { coding: [{ system: "urn:oid:1.2.752.108.1", ...ANALYSIS }] },
    subject,
    authoredOn: "2026-11-21T09:00:00+01:00",
    requester: { reference: "Organization/ward" },
    performer: [{ reference: "Organization/lab" }],
    specimen: [{ reference: `Specimen/s${at}` }],
  };
  return [specimen, order];
}

/** The laboratory's answer to an order. */
function resultOf(at: number): Buffer {
  const number = [
    TEST_PERSONNUMMER[patientOf(at)],
    undefined,
    undefined,
    { parts: [undefined, "1.2.752.129.2.1.3.1", "ISO"] },
  ] as const;
  const analysis = [ANALYSIS.code, ANALYSIS.display, "NPU"] as const;
  const segments: NewSegment[] = [
    [
      "MSH",
      {
        3: "LABSYS",
        4: "KEMLAB",
        5: "EIRA",
        6: "REGION",
        7: "20261121103100",
        9: ["ORU", "R01", "ORU_R01"],
        10: `B${at}`,
        11: "P",
        12: "2.5.1",
      },
    ],
    ["PID", { 3: number, 5: ["Ek", "Tove"] }],
    ["ORC", { 1: "RE", 2: [`o${at}`, "EIRA"], 3: [`F${at}`, "LABSYS"] }],
    [
      "OBR",
      {
        2: [`o${at}`, "EIRA"],
        3: [`F${at}`, "LABSYS"],
        4: analysis,
        7: "20261121091500",
        22: "20261121103000",
        24: "LAB",
        25: "F",
      },
    ],
    [
      "OBX",
      { 1: "1", 2: "NM", 3: analysis, 5: `4.${at % 10}`, 6: ["mmol/L", undefined, "UCUM"], 7: "3,5-4,4", 11: "F" },
    ],
    ["SPM", { 1: "1", 2: [{ parts: [`S${at}`, undefined, "urn:eira:bench", "URI"] }] }],
  ];
  return buildMessage(segments).bytes();
}

/** The same bytes, each in a transaction of its own; per second. */
async function rawInserts(baseline: Baseline, bytes: readonly Buffer[], lanes: number): Promise<number> {
  const started = performance.now();
  await onLanes(bytes, lanes, (one, lane) => baseline.insertBytes(lane, one));
  return (bytes.length / (performance.now() - started)) * 1000;
}

type Sending = {
  readonly port: number;
  readonly lanes: number;
  /** The number of the first message. */ readonly from: number;
};

/** Answers how many were accepted. */
async function sendAll(bytes: readonly Buffer[], { port, lanes, from }: Sending): Promise<number> {
  const clients = Array.from(
    { length: lanes },
    () => new MllpClient({ host: "127.0.0.1", port, connectMs: 5000, answerMs: 30_000 }),
  );
  let acknowledged = 0;
  await onLanes(bytes, lanes, async (one, lane, at) => {
    const outcome = await clients[lane]?.send(one, `B${from + at}`);
    if (outcome?.kind === "answered" && outcome.answer.code === "AA") acknowledged += 1;
  });
  for (const client of clients) client.close();
  return acknowledged;
}

async function onLanes(
  all: readonly Buffer[],
  lanes: number,
  work: (one: Buffer, lane: number, at: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (number: number): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) await work(all[at] ?? Buffer.alloc(0), number, at);
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
}

/** Asked so that asking costs next to nothing: what is measured shares the processors with it. */
async function drained(store: Store): Promise<void> {
  const isWaiting = async (): Promise<boolean> =>
    (await store.read("*", (look) => look.hl7.received.waiting(CHANNEL, 1, 1))).length > 0;
  for (const end = Date.now() + 120_000; (await isWaiting()) && Date.now() < end;) await sleep(50);
}

/** Loops of results that have an owner. */
async function resultsOwned(store: Store): Promise<number> {
  const loops = await store.read("*", (look) => look.loops.overdue(FAR, 1_000_000));
  return loops.filter(({ kind, owner }) => kind === "result" && owner !== null).length;
}
