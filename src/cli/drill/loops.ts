/**
 * `eira drill loops --loops N --kills K --seed S`: people order over HTTP, each order goes by MLLP to a laboratory that is a process of its own,
 * which answers it by MLLP, while the server, its PostgreSQL or both are killed at random points. At the end each order that was
 * acknowledged has one loop that is answered and one answer that somebody owns: none is nobody's, none was done twice.
 *
 * SPEC DRILL-LOOPS · failure modes F1 to F3, F16 · goal G1
 */
import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseScopes } from "../../access/index.ts";
import { HSA_SYSTEM, seededRandom, type SeededRandom } from "../../base/index.ts";
import { TEST_PERSONNUMMER } from "../../demo/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { commit, type UpdateCommand } from "../../journal/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "../command.ts";
import { freePort } from "../free-port.ts";
import { journalOptions } from "../installation.ts";
import { killOnce } from "./fire.ts";
import { judgeLoops, type Judged } from "./loops-judge.ts";
import { DrillServer, drillFolder } from "./server.ts";

const ORDERERS = 6;
const USUAL_LOOPS = 400;
const USUAL_KILLS = 10;
const PATIENCE_MS = 60_000;
const SENDER = "DRILL";
const LAB = "DRILL-LAB";
/** Few, so that orders of a patient wait for each other; enough for the edge to have several on their way. */
const NUMBERS = TEST_PERSONNUMMER.slice(0, 40);
const CONNECTIONS = 4;
/** A killed server's lease of the edge runs out after ten seconds: every so many rounds the next kill waits for it and hits the edge at work. */
const EDGE_EVERY = 6;
const EDGE_MS = 13_000;
/** Nobody waits longer than so for the orders that belong to the next kill. */
const STEP_MS = 20_000;
const AGAIN: ReadonlySet<number> = new Set([409, 429, 503]);

export const drillLoops: Command = async (invocation) => {
  const { args, terminal, clock, self } = invocation;
  const wanted = numberFlag(args, "loops", USUAL_LOOPS);
  const least = numberFlag(args, "kills", USUAL_KILLS);
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  terminal.tell(`seed ${seed}: ${wanted} loops, ${least} kills, ${ORDERERS} who order`);
  const folder = drillFolder();
  const settings = join(folder, "hl7.json");
  writeFileSync(settings, JSON.stringify({ channels: [], partners: [] }));
  const environment = { ...self.environment, EIRA_HL7: settings };
  const server = await DrillServer.start({ ...invocation, self: { ...self, environment } }, join(folder, "data"));
  terminal.onStop(() => server.destroy());
  let laboratory: ChildProcess | undefined;
  try {
    laboratory = await agree(invocation, { server, settings, seed });
    const orderers = Array.from(
      { length: ORDERERS },
      (_, n) => new Orderer(server, `l${seed}-${n}`, seededRandom(`${seed} ${n}`)),
    );
    const kills = await underFire({ server, orderers, wanted, least, random: seededRandom(seed), tell: terminal.tell });
    const orders = orderers.flatMap((one) => one.acknowledged);
    const invented = flag(args, "control") === "invented" ? ["invented"] : [];
    const again = orderers.reduce((sum, one) => sum + one.again, 0);
    const refused = orderers.flatMap((one) => one.refused);
    terminal.tell(`${orders.length} orders acknowledged; waiting until they are answered`);
    const judged = await server.withStore((store) => judgeLoops(store, [...orders, ...invented]));
    return report(terminal, { judged, kills, again, refused, seed, least, wanted });
  } finally {
    laboratory?.kill("SIGTERM");
    await server.destroy();
    await rm(folder, { recursive: true, force: true });
  }
};

type Outcome = {
  readonly judged: Judged;
  readonly kills: number;
  readonly again: number;
  readonly refused: readonly string[];
  readonly seed: number;
  readonly least: number;
  readonly wanted: number;
};

function report(
  terminal: Invocation["terminal"],
  { judged, kills, again, refused, seed, least, wanted }: Outcome,
): number {
  const { words, ...counts } = judged;
  for (const word of [...words, ...refused].slice(0, 20)) terminal.tell(word);
  terminal.print(JSON.stringify({ ...counts, kills, again, refused: refused.length, seed }));
  const sawEnough = kills >= least && counts.loops >= wanted && again > 0;
  if (!sawEnough)
    terminal.tell(
      "The drill saw too little to claim anything: too few kills or loops, or nothing that was interrupted.",
    );
  return sawEnough && refused.length === 0 && words.length === 0 ? 0 : 1;
}

/** The directory, the edge and the laboratory at its other end. */
async function agree(
  invocation: Invocation,
  { server, settings, seed }: { readonly server: DrillServer; readonly settings: string; readonly seed: number },
): Promise<ChildProcess> {
  const ports = { toLab: await freePort(), fromLab: await freePort() };
  await server.withStore(async (store) => {
    const journal = journalOptions(server.config, store, invocation.clock);
    const actor = { kind: "client", name: "drill", scopes: parseScopes("system/*.cruds") ?? [], careProvider: null, careUnit: null } as const; // prettier-ignore
    await commit({ ...journal, actor, request: "drill" }, directory());
  });
  const between = { theirs: "LABSIM|KEMLAB", ours: "EIRA|REGION", in: "lab-in", out: "lab-ut" };
  const purpose = "drill";
  writeFileSync(
    settings,
    JSON.stringify({
      channels: [
        {
          purpose,
          name: "lab-in",
          direction: "in",
          owner: LAB,
          port: ports.fromLab,
          senders: [between.theirs],
          parked: "pass",
        },
        {
          purpose,
          name: "lab-ut",
          direction: "out",
          owner: LAB,
          host: "127.0.0.1",
          port: ports.toLab,
          acknowledgement: "application",
          connections: CONNECTIONS,
        },
      ],
      partners: [{ name: "lab", kind: "laboratory", unit: LAB, orders: "OML", ...between }],
    }),
  );
  server.killServer();
  await server.gone();
  await server.run();
  const [program = "", ...words] = invocation.self.command;
  const given = ["--port", ports.toLab, "--to", `127.0.0.1:${ports.fromLab}`, "--seed", seed, "--delay-ms", 30, "--scenario", "final", "--faults", "duplicate=0.1,lostAck=0.1"]; // prettier-ignore
  return spawn(program, [...words, "simulator", "laboratory", ...given.map(String), "--until-input-ends"], {
    env: { ...invocation.self.environment },
    stdio: ["pipe", "ignore", "ignore"],
  });
}

function directory(): UpdateCommand[] {
  const put = (resource: { readonly resourceType: string; readonly id: string } & JsonObject): UpdateCommand => {
    const { resourceType: type, id } = resource;
    return { kind: "update", type, id, resource, where: type };
  };
  const named = (value: string): JsonObject => ({ identifier: [{ system: HSA_SYSTEM, value }] });
  return [
    ...[SENDER, LAB].flatMap((unit) => [
      put({ resourceType: "Organization", id: unit.toLowerCase(), name: unit, active: true, ...named(unit) }),
      put({ resourceType: "Practitioner", id: `p-${unit.toLowerCase()}`, ...named(`${unit}-P`) }),
      put({
        resourceType: "PractitionerRole",
        id: `r-${unit.toLowerCase()}`,
        active: true,
        practitioner: { reference: `Practitioner/p-${unit.toLowerCase()}` },
        organization: { reference: `Organization/${unit.toLowerCase()}` },
      }),
    ]),
    ...NUMBERS.map((value, n) =>
      put({
        resourceType: "Patient",
        id: `drill-${n}`,
        identifier: [{ system: "http://electronichealth.se/identifier/personnummer", value }],
      }),
    ),
  ];
}

/** Somebody who orders one thing after another, each until it is acknowledged. */
class Orderer {
  readonly acknowledged: string[] = [];
  readonly refused: string[] = [];
  /** Asked again, because nobody knew whether it was done. */
  again = 0;
  private readonly server: DrillServer;
  private readonly name: string;
  private readonly random: SeededRandom;

  constructor(server: DrillServer, name: string, random: SeededRandom) {
    this.server = server;
    this.name = name;
    this.random = random;
  }

  /** Orders until it is over, and no more than belong to the kills so far. */
  async run(isOver: () => boolean, isAhead: () => boolean): Promise<void> {
    for (let n = 1; !isOver() && this.refused.length === 0; n += 1) {
      await this.order(`${this.name}-${n}`);
      do await sleep(this.random.int(20));
      while (isAhead() && !isOver());
    }
  }

  private async order(key: string): Promise<void> {
    const body = JSON.stringify({
      resourceType: "ServiceRequest",
      status: "active",
      intent: "order",
      code: { coding: [{ system: "urn:oid:1.2.752.108.1", code: "NPU03230" }], text: "P-Kalium" },
      subject: { reference: `Patient/drill-${this.random.int(NUMBERS.length)}` },
      requester: { reference: "PractitionerRole/r-drill" },
      performer: [{ reference: "Organization/drill-lab" }],
      authoredOn: "2026-11-22T12:00:00+01:00",
    });
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20 + this.random.int(60))) {
      const answer = await this.post(key, body);
      if (answer?.id !== undefined) {
        this.acknowledged.push(answer.id);
        return;
      }
      if (answer !== undefined) {
        this.refused.push(`${key}: ${answer.status} ${answer.text}`);
        return;
      }
      this.again += 1;
    }
    this.refused.push(`${key}: no answer for a minute`);
  }

  /** The answer, or nothing when it is to be asked again. */
  private async post(key: string, body: string): Promise<{ id?: string; status: number; text: string } | undefined> {
    const { base, token } = this.server.service;
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/fhir+json",
      "idempotency-key": key,
    };
    try {
      const answer = await fetch(`${base}/ServiceRequest`, {
        method: "POST",
        headers,
        body,
        signal: AbortSignal.timeout(PATIENCE_MS / 2),
      });
      const text = await answer.text();
      if (answer.status === 201) return { id: (JSON.parse(text) as { id: string }).id, status: 201, text: "" };
      return AGAIN.has(answer.status) ? undefined : { status: answer.status, text: text.slice(0, 300) };
    } catch {
      return undefined; // nobody knows: it is asked again with the same key
    }
  }
}

type Fire = {
  readonly server: DrillServer;
  readonly orderers: readonly Orderer[];
  readonly wanted: number;
  readonly least: number;
  readonly random: SeededRandom;
  readonly tell: (line: string) => void;
};

/**
 * Kills until there are enough kills and loops, spread evenly over each other: each order is two loops, its own and its answer's. Answers how
 * many processes were killed.
 */
async function underFire({ server, orderers, wanted, least, random, tell }: Fire): Promise<number> {
  let kills = 0;
  const ordered = (): number => orderers.reduce((sum, one) => sum + one.acknowledged.length, 0);
  const isRefused = (): boolean => orderers.some((one) => one.refused.length > 0);
  const isOver = (): boolean => isRefused() || (kills >= least && ordered() * 2 >= wanted);
  const dueAfter = (several: number): number => (wanted * several) / Math.max(1, least);
  let isKilling = true;
  const isAhead = (): boolean => kills < least && ordered() * 2 > dueAfter(kills + 4);
  const isDue = (): boolean => kills < least && ordered() * 2 >= dueAfter(kills);
  const ordering = Promise.all(orderers.map((one) => one.run(() => !isKilling || isOver(), isAhead)));
  try {
    for (let round = 1; !isOver(); round += 1) {
      for (const end = Date.now() + STEP_MS; !isDue() && !isOver() && Date.now() < end;) await sleep(20);
      if (kills >= least) continue;
      if (round % EDGE_EVERY === 0) await sleep(EDGE_MS);
      const victims = await killOnce(server, random);
      kills += victims.length;
      tell(`round ${round}: killed ${victims.join(" and ")}; ${kills} kills, ${ordered()} orders acknowledged`);
    }
  } finally {
    isKilling = false;
    await ordering;
  }
  return kills;
}
