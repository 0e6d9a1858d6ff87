/**
 * `eira fuzz http [--requests N] [--seed S] [--workers N]`: sends malformed requests to a server of its own and claims that
 * none was answered with a fault of the server's, none was left without an answer, memory did not grow, and what was
 * stored before is there as it was, the access log whole.
 *
 * SPEC CLI-FUZZ
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../../base/index.ts";
import type { Store } from "../../store/index.ts";
import { numberFlag, type Command, type Invocation } from "../command.ts";
import { BenchClient } from "../bench/client.ts";
import { memoryMegabytes } from "../bench/processes.ts";
import { startServer } from "../bench/server.ts";
import { freePort } from "../free-port.ts";
import { openDatabase, openStore } from "../installation.ts";
import { fuzzAccessCommand } from "./access/command.ts";
import { fuzzWordsCommand } from "./words/command.ts";
import { malformedRequests, type Malformed } from "./malformed.ts";
import { exchange, type Reply } from "./wire.ts";

const REQUESTS = 20_000;
const LANES = 12;
const PATIENCE_MS = 20_000;
const KEPT = 40;
const DAY_MS = 86_400_000;
/** Growth that is no leak: a heap settles at some size above what it needs. */
const SETTLING_MB = 150;
const SHOWN = 10;

type Server = { readonly port: number; readonly pid: number; readonly token: string; readonly store: Store };

/** What was seen. Each of the last five is to be 0. */
type Verdict = {
  requests: number;
  answered: number;
  refused: number;
  accepted: number;
  closed: number;
  serverErrors: number;
  hangs: number;
  withoutOutcome: number;
  damaged: number;
  logFaults: number;
};

export const fuzzCommand: Command = async (invocation) => {
  const [, what] = invocation.args;
  if (what === "access") return fuzzAccessCommand(invocation);
  if (what === "words") return fuzzWordsCommand(invocation);
  if (what !== "http")
    throw new Error(
      "Say what to try: eira fuzz http (malformed requests), eira fuzz access (decisions), eira fuzz words (texts)",
    );
  const folder = mkdtempSync(join(tmpdir(), "eira-fuzz-"));
  try {
    return await fuzz({
      ...invocation,
      config: { ...invocation.config, dataDir: folder, databaseUrl: undefined, citus: false, demo: false },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function fuzz(invocation: Invocation): Promise<number> {
  const { config, args, clock, self } = invocation;
  const port = await freePort();
  const running = await startServer(self, config.dataDir, port, numberFlag(args, "workers", 1));
  const database = await openDatabase(invocation);
  const store = await openStore(config, database, clock, 2);
  const token = randomBytes(32).toString("base64url");
  const client = { client: "fuzz", scope: "system/*.cruds", careProvider: "FUZZ", careUnit: "FUZZ" };
  await store.addClient(token, client, new Date(clock().getTime() + DAY_MS));
  try {
    return await attack(invocation, { port, pid: running.pid, token, store });
  } finally {
    await store.close();
    await running.stop();
    await database.close();
  }
}

async function attack({ args, terminal, clock }: Invocation, server: Server): Promise<number> {
  const requests = numberFlag(args, "requests", REQUESTS);
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  terminal.tell(`seed ${seed}: ${requests} malformed requests`);
  const client = new BenchClient(`http://127.0.0.1:${server.port}/fhir/R4`, server.token);
  const before = await keep(client);
  const verdict = emptyVerdict();
  const source = malformedRequests(seededRandom(seed), server.token);
  const memory: number[] = [];
  const send = async (): Promise<void> => {
    while (verdict.requests < requests) {
      verdict.requests += 1;
      const one = source.next().value as Malformed;
      judge(verdict, one, await exchange(server.port, one.bytes, PATIENCE_MS), (line) => terminal.tell(line));
      if (verdict.requests % Math.ceil(requests / 20) === 0) {
        memory.push(memoryMegabytes(server.pid));
        terminal.progress(`${verdict.requests} of ${requests}`);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, send));
  verdict.damaged = await damagedOf(client, before);
  verdict.logFaults = (await server.store.verifyAccessLog([])).faults.length;
  client.close();
  const grownMb = Math.round((memory.at(-1) ?? 0) - (memory[Math.floor(memory.length / 4)] ?? 0));
  terminal.print(JSON.stringify({ ...verdict, grownMb, seed }));
  const { serverErrors, hangs, withoutOutcome, damaged, logFaults } = verdict;
  const isSound = serverErrors + hangs + withoutOutcome + damaged + logFaults === 0 && grownMb < SETTLING_MB;
  return isSound && verdict.refused > 0 && before.size === KEPT ? 0 : 1;
}

function emptyVerdict(): Verdict {
  const zero = { answered: 0, refused: 0, accepted: 0, closed: 0, withoutOutcome: 0 };
  return { requests: 0, ...zero, serverErrors: 0, hangs: 0, damaged: 0, logFaults: 0 };
}

function judge(verdict: Verdict, { kind, bytes }: Malformed, reply: Reply, tell: (line: string) => void): void {
  const show = (what: string): void => {
    if (verdict.serverErrors + verdict.hangs + verdict.withoutOutcome <= SHOWN)
      tell(
        `${what}: ${kind}: ${JSON.stringify(bytes.subarray(0, 300).toString("latin1")).replaceAll(/Bearer [^\\]+/g, "Bearer …")}`,
      );
  };
  if (reply.kind === "closed") verdict.closed += 1;
  if (reply.kind === "silent") {
    verdict.hangs += 1;
    show("no answer");
  }
  if (reply.kind !== "answer") return;
  verdict.answered += 1;
  if (reply.status < 400) verdict.accepted += 1;
  else verdict.refused += 1;
  if (reply.status >= 500) {
    verdict.serverErrors += 1;
    show(`${reply.status} ${reply.body.slice(0, 300)}`);
  } else if (reply.status >= 400 && !hasOutcome(reply)) {
    verdict.withoutOutcome += 1;
    show(`${reply.status} without an OperationOutcome: ${reply.body.slice(0, 200)}`);
  }
}

/** A refusal says what is wrong; GraphQL says it in its own form, and to HEAD nothing can be said. */
function hasOutcome({ head, body }: Extract<Reply, { kind: "answer" }>): boolean {
  return body === "" || /OperationOutcome/.test(body) || /"errors":\[/.test(body) || /content-length: 0/i.test(head);
}

/** Stores resources that nothing malformed is about. Answers their texts by address. */
async function keep(client: BenchClient): Promise<ReadonlyMap<string, string>> {
  const kept = new Map<string, string>();
  for (let number = 0; number < KEPT; number += 1) {
    const organization = { resourceType: "Organization", name: `Bevarad ${number}`, alias: ["Å", "'", "6.0"] };
    const { status, body } = await client.post("/Organization", JSON.stringify(organization));
    if (status !== 201) throw new Error(`an organization could not be stored (${status})`);
    kept.set(`/Organization/${(JSON.parse(body) as { id: string }).id}`, body);
  }
  return kept;
}

async function damagedOf(client: BenchClient, before: ReadonlyMap<string, string>): Promise<number> {
  let damaged = 0;
  for (const [path, text] of before) {
    const { status, body } = await client.get(path);
    if (status !== 200 || body !== text) damaged += 1;
  }
  return damaged;
}
