/**
 * `eira drill hl7 --rounds N --seed S`: systems send HL7 v2 over MLLP, each message again until it is acknowledged, while the server, its
 * PostgreSQL or both are killed at random points. At the end every acknowledged message must be there, once, in its sender's order, worked
 * on, and what was parked owned.
 *
 * SPEC DRILL-HL7 · reliability goal R7
 */
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom, type SeededRandom } from "../../base/index.ts";
import { buildMessage, MllpClient } from "../../exchange/index.ts";
import type { Store } from "../../store/index.ts";
import { flag, numberFlag, type Command } from "../command.ts";
import { freePort } from "../free-port.ts";
import { killOnce } from "./fire.ts";
import { DrillServer, drillFolder } from "./server.ts";

const SENDERS = 4;
const PATIENTS = 5;
const ROUNDS = 30;
const SETTLE_MS = 60_000;
const FAR = Date.parse("2999-01-01T00:00:00Z");
const MOST = 1_000_000;

/** A system that sends one message after the other, each until it is acknowledged. */
class Sender {
  readonly acknowledged: string[] = [];
  /** Sent again, because nobody knew whether it had come. */
  again = 0;
  refused = 0;
  private readonly name: string;
  private readonly client: MllpClient;
  private readonly random: SeededRandom;

  constructor(name: string, port: number, random: SeededRandom) {
    this.name = name;
    this.client = new MllpClient({ host: "127.0.0.1", port, connectMs: 2000, answerMs: 5000 });
    this.random = random;
  }

  async run(isOver: () => boolean): Promise<void> {
    for (let n = 1; !isOver(); n += 1) {
      const controlId = `${this.name}-${n}`;
      const bytes = resultOf(controlId, `${this.name}${this.random.int(PATIENTS)}`);
      for (;;) {
        const outcome = await this.client.send(bytes, controlId);
        if (outcome.kind === "answered") {
          if (outcome.answer.code === "AA") this.acknowledged.push(controlId);
          else this.refused += 1;
          break;
        }
        if (outcome.kind === "unknown") this.again += 1;
        await sleep(20);
      }
    }
    this.client.close();
  }
}

function resultOf(controlId: string, patient: string): Buffer {
  return buildMessage([
    [
      "MSH",
      { 3: "DRILL", 4: "LAB", 7: "20261122120000", 9: ["ORU", "R01", "ORU_R01"], 10: controlId, 11: "P", 12: "2.5.1" },
    ],
    ["PID", { 3: [patient, undefined, undefined, "DRILL", "MR"] }],
    ["OBR", { 1: "1", 4: ["NPU03230", "P-Kalium", "NPU"], 25: "F" }],
    ["OBX", { 1: "1", 2: "NM", 3: ["NPU03230", "P-Kalium", "NPU"], 5: "4.1", 6: "mmol/L", 11: "F" }],
  ]).bytes();
}

export const drillHl7: Command = async (invocation) => {
  const { args, terminal, clock, self } = invocation;
  const rounds = numberFlag(args, "rounds", ROUNDS);
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  terminal.tell(`seed ${seed}: ${rounds} rounds, ${SENDERS} senders`);
  const folder = drillFolder();
  const port = await freePort();
  const settings = join(folder, "hl7.json");
  const channel = { name: "drill", direction: "in", purpose: "drill", port, parked: "pass" };
  writeFileSync(settings, JSON.stringify({ channels: [channel] }));
  const environment = { ...self.environment, EIRA_HL7: settings };
  const server = await DrillServer.start({ ...invocation, self: { ...self, environment } }, join(folder, "data"));
  terminal.onStop(() => server.destroy());
  const senders = Array.from(
    { length: SENDERS },
    (_, n) => new Sender(`h${seed}-${n}`, port, seededRandom(`${seed} ${n}`)),
  );
  try {
    const random = seededRandom(seed);
    const kills = await underFire({ server, senders, random, tell: terminal.tell }, rounds);
    const invented = flag(args, "control") === "invented" ? ["invented-1"] : [];
    const found = await server.withStore((store) => judge(store, senders, invented));
    const again = senders.reduce((sum, one) => sum + one.again, 0);
    const refused = senders.reduce((sum, one) => sum + one.refused, 0);
    for (const word of found.words.slice(0, 20)) terminal.tell(word);
    const { words, ...counts } = found;
    terminal.print(JSON.stringify({ rounds, kills, again, refused, ...counts, seed }));
    const sawEnough = kills >= rounds && counts.acknowledged > rounds && again > 0;
    if (!sawEnough)
      terminal.tell(
        "The drill saw too little to claim anything: no kills, hardly any messages, or none that was interrupted.",
      );
    return sawEnough && refused === 0 && words.length === 0 ? 0 : 1;
  } finally {
    await server.destroy();
    await rm(folder, { recursive: true, force: true });
  }
};

type Fire = {
  readonly server: DrillServer;
  readonly senders: readonly Sender[];
  readonly random: SeededRandom;
  readonly tell: (line: string) => void;
};

/** Lets the senders send while round after round something is killed. Answers how many processes were. */
async function underFire({ server, senders, random, tell }: Fire, rounds: number): Promise<number> {
  let isOver = false;
  const sending = Promise.all(senders.map((one) => one.run(() => isOver)));
  let kills = 0;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const victims = await killOnce(server, random);
      kills += victims.length;
      const acknowledged = senders.reduce((sum, one) => sum + one.acknowledged.length, 0);
      tell(`round ${round} of ${rounds}: killed ${victims.join(" and ")}; ${acknowledged} messages acknowledged`);
    }
  } finally {
    isOver = true;
    await sending;
  }
  return kills;
}

type Found = {
  readonly acknowledged: number;
  readonly kept: number;
  readonly lost: number;
  readonly double: number;
  readonly disordered: number;
  readonly unworked: number;
  readonly ownerless: number;
  readonly words: readonly string[];
};

/** What is there, against what was acknowledged. Nobody is set up to take these messages in, so each ends parked and owned. */
async function judge(store: Store, senders: readonly Sender[], invented: readonly string[]): Promise<Found> {
  const waiting = async (): Promise<number> =>
    (await store.read("*", (look) => look.hl7.received.loads())).reduce((sum, one) => sum + one.waiting, 0);
  for (const end = Date.now() + SETTLE_MS; (await waiting()) > 0 && Date.now() < end;) await sleep(200);
  const unworked = await waiting();
  const rows = await store.read("*", (look) => look.hl7.received.parked(MOST));
  const ids = rows.map(({ controlId }) => controlId);
  const kept = new Set(ids);
  const acknowledged = [...senders.flatMap((one) => one.acknowledged), ...invented];
  const lost = unworked > 0 ? [] : acknowledged.filter((id) => !kept.has(id));
  const double = ids.filter((id, at) => ids.indexOf(id) !== at);
  const disordered = disorderIn(ids);
  const loops = await store.read("*", (look) => look.loops.overdue(FAR, MOST));
  const owned = new Set(loops.map(({ subject, owner }) => (owner === null ? "" : subject)));
  const ownerless = rows.filter(({ position }) => !owned.has(String(position)));
  const words = [
    ...lost.map((id) => `${id} was acknowledged and is not here`),
    ...double.map((id) => `${id} is here twice`),
    ...disordered.map((id) => `${id} is before an earlier one`),
    ...ownerless.map(({ controlId }) => `${controlId} is parked and nobody's`),
    ...(unworked > 0 ? [`${unworked} messages were not worked on`] : []),
  ];
  return {
    acknowledged: acknowledged.length,
    kept: kept.size,
    lost: lost.length,
    double: double.length,
    disordered: disordered.length,
    unworked,
    ownerless: ownerless.length,
    words,
  };
}

/** Messages that stand before one that their sender had sent earlier. */
function disorderIn(ids: readonly string[]): readonly string[] {
  const last = new Map<string, number>();
  return ids.filter((id) => {
    const at = id.lastIndexOf("-");
    const number = Number(id.slice(at + 1));
    const isEarlier = number < (last.get(id.slice(0, at)) ?? 0);
    last.set(id.slice(0, at), number);
    return isEarlier;
  });
}
