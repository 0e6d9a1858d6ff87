/**
 * `eira destroy propose | approve | run | list`: what an authority has decided is to be destroyed. Two people, each of whom is in the
 * directory and signed in at that moment; nothing goes before both have said so. What was destroyed is kept as a list outside the
 * database (destroyed.ndjson), which `restore` applies.
 *
 * SPEC CLI-DESTROY · PDL (2008:355) 8 kap. 4 §
 */
import { randomUUID } from "node:crypto";
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  approveDestruction,
  destroyRecords,
  destructions,
  finishDestruction,
  proposeDestruction,
  type Visit,
} from "../journal/index.ts";
import type { DestroyedLine, Store } from "../store/index.ts";
import { flag, type Command, type Invocation } from "./command.ts";
import { journalOptions, withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("destroy");

/** Where an installation keeps what has been destroyed, beside its audit key. */
export const DESTROYED_FILE = "destroyed.ndjson";

const VERBS: Readonly<Record<string, Command>> = { propose, approve, run, list };

export const destroyCommand: Command = async (invocation) => {
  const [, verb = ""] = invocation.args;
  const command = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (command === undefined) throw new Error(USAGE);
  return command(invocation);
};

async function propose(invocation: Invocation): Promise<number> {
  const { args, terminal } = invocation;
  const [decision, authority, decided, by] = ["decision", "authority", "decided", "by"].map((name) => flag(args, name));
  if (decision === undefined || authority === undefined || decided === undefined || by === undefined)
    throw new Error(USAGE);
  const records = (flag(args, "records") ?? "").split(",").filter((name) => name !== "");
  const proposal = { decision, authority, decided, whole: flag(args, "patient") ?? null, records, by };
  return withStore(invocation, async (store) => {
    const id = await proposeDestruction(visitOf(invocation, store), proposal);
    terminal.print(JSON.stringify({ id, decision, approved: false }));
    return 0;
  });
}

async function approve(invocation: Invocation): Promise<number> {
  const [id, by] = [flag(invocation.args, "id"), flag(invocation.args, "by")];
  if (id === undefined || by === undefined) throw new Error(USAGE);
  return withStore(invocation, async (store) => {
    await approveDestruction(visitOf(invocation, store), id, by);
    invocation.terminal.print(JSON.stringify({ id, approved: true }));
    return 0;
  });
}

/** Destroys, in steps that can each be done again: a run that was cut off goes on where it was. */
async function run(invocation: Invocation): Promise<number> {
  const { args, config, terminal } = invocation;
  const id = flag(args, "id");
  if (id === undefined) throw new Error(USAGE);
  return withStore(invocation, async (store) => {
    const visit = visitOf(invocation, store);
    const line = await destroyRecords(visit, id, (one) => keepLine(config.dataDir, one));
    const jobs = await removeFiles(visit, store, line);
    await store.reclaim([...new Set(line.records.map((name) => name.split("/")[0] ?? ""))], args.includes("--rewrite"));
    await finishDestruction(visit, id);
    terminal.tell(`${line.records.length} records have been destroyed by decision ${line.decision}.`);
    terminal.print(JSON.stringify({ id, decision: line.decision, records: line.records.length, jobs }));
    return 0;
  });
}

async function list(invocation: Invocation): Promise<number> {
  return withStore(invocation, async (store) => {
    for (const { line, ...one } of await destructions(visitOf(invocation, store)))
      invocation.terminal.print(JSON.stringify({ ...one, line: line ?? null }));
    return 0;
  });
}

/** Long work that took one of the records out, or was sent one, goes with its files. */
async function removeFiles(visit: Visit, store: Store, { records }: DestroyedLine): Promise<number> {
  const ids = records.map((name) => name.split("/")[1] ?? "");
  const jobs = (await visit.files?.mentioning(ids.flatMap((id) => [`"id":"${id}"`, `"id": "${id}"`]))) ?? [];
  await store.writeAsOwner((tx) => tx.destruction.removeJobs(jobs));
  for (const job of jobs) await visit.files?.remove(job);
  return jobs.length;
}

function visitOf({ config, clock }: Invocation, store: Store): Visit {
  const scopes = [{ type: "Practitioner", verbs: new Set(["r", "s"] as const) }];
  const actor = { kind: "client", name: "destroy", scopes, careProvider: null, careUnit: null } as const;
  return { ...journalOptions(config, store, clock), actor, request: randomUUID() };
}

/** Adds a line to the list and has it durable; a line that is there is not added. */
function keepLine(dataDir: string, line: DestroyedLine): void {
  const path = join(resolve(dataDir), DESTROYED_FILE);
  if (linesIn(path).some(({ destruction }) => destruction === line.destruction)) return;
  const file = openSync(path, "a", 0o600);
  try {
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What a list says was destroyed; nothing when there is no such file. Errors: a line that is none. */
export function linesIn(path: string): readonly DestroyedLine[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line, at) => {
      const found = JSON.parse(line) as Partial<DestroyedLine>;
      const { destruction, decision, authority, at: when, whole = null, records } = found;
      if (destruction === undefined || decision === undefined || authority === undefined || when === undefined)
        throw new Error(`${path}, line ${at + 1}, does not tell of a destruction.`);
      if (!Array.isArray(records)) throw new Error(`${path}, line ${at + 1}, names no records.`);
      return { destruction, decision, authority, at: when, whole, records };
    });
}
