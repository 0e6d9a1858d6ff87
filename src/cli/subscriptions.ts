/**
 * `eira subscriptions list | park | unpark | replay`: how the subscriptions stand, and what a person does about them. A line
 * is a patient, or a resource that is no patient's; without one the whole subscription is meant.
 *
 * SPEC CLI-SUBSCRIPTIONS
 */
import type { Store } from "../store/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "./command.ts";
import { withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("subscriptions");

export const subscriptionsCommand: Command = async (invocation) => {
  const [, verb] = invocation.args;
  if (verb === "list") return withStore(invocation, (store) => list(store, invocation));
  if (verb === "park" || verb === "unpark") return withStore(invocation, (store) => park(store, invocation, verb));
  if (verb === "replay") return withStore(invocation, (store) => replay(store, invocation));
  throw new Error(USAGE);
};

async function list(store: Store, { terminal }: Invocation): Promise<number> {
  const rows = await store.read("*", (look) => look.subscribers.all());
  for (const row of rows) {
    const { owner, state, why, lastNumber, lastSuccess, lastError, lastErrorAt, parked } = row;
    const load = await store.read("*", (look) => look.subscribers.load(row.id));
    terminal.print(
      JSON.stringify({ owner, state, why, lastNumber, lastSuccess, lastError, lastErrorAt, parked, ...load }),
    );
  }
  terminal.print(JSON.stringify({ subscriptions: rows.length }));
  return 0;
}

async function park(store: Store, { args, terminal }: Invocation, verb: "park" | "unpark"): Promise<number> {
  const id = idOf(args);
  const line = flag(args, "line");
  const isDone = await store.write("*", (tx) => tx.subscribers.park(id, line, verb === "park"));
  if (!isDone)
    throw new Error(
      line === undefined ? `There is no subscription ${id}.` : `Nothing waits for ${id} on the line ${line}.`,
    );
  terminal.print(JSON.stringify({ id, line: line ?? null, parked: verb === "park" }));
  return 0;
}

async function replay(store: Store, { args, terminal }: Invocation): Promise<number> {
  const id = idOf(args);
  if (flag(args, "from") === undefined) throw new Error(USAGE);
  const from = numberFlag(args, "from", 1);
  const events = await store.write("*", async (tx) =>
    (await tx.subscribers.one(id)) === undefined ? undefined : tx.subscribers.replay(id, from),
  );
  if (events === undefined) throw new Error(`There is no subscription ${id}.`);
  terminal.print(JSON.stringify({ id, from, events }));
  return 0;
}

function idOf(args: readonly string[]): string {
  const id = flag(args, "id");
  if (id === undefined) throw new Error(USAGE);
  return id;
}
