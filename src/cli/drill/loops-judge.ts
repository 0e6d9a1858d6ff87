/** What is there of the orders that were acknowledged: their loops, their answers, and whose they are. SPEC DRILL-LOOPS */
import { setTimeout as sleep } from "node:timers/promises";
import { ledgerOf, type OrderSeen } from "../../loop/index.ts";
import type { Store } from "../../store/index.ts";

export type Judged = {
  readonly orders: number;
  readonly loops: number;
  readonly orphans: number;
  readonly doubles: number;
  readonly unanswered: number;
  readonly ownerless: number;
  readonly parked: number;
  readonly words: readonly string[];
};

/** So long nothing is answered before what still waits counts as unanswered. */
const SETTLE_MS = 180_000;
const PAUSE_MS = 500;
const PART = 500;

/** Waits until what was ordered is answered, then looks at all of it. `orders` are the ids that were acknowledged. */
export async function judgeLoops(store: Store, orders: readonly string[]): Promise<Judged> {
  await settled(store, orders);
  const seen = await look(store, orders);
  const parked = (await store.read("*", (read) => read.hl7.received.parked(1000))).length;
  const standing = await store.read("*", (read) => read.loops.standing(Date.now()));
  const orphans = seen.filter(({ orders: found }) => found.length === 0);
  const doubles = seen.filter(({ orders: found, results }) => found.length > 1 || results.length > 1);
  const unanswered = seen.filter(isWaiting);
  const ownerless = seen.filter(({ results }) =>
    results.some(({ owner, closed }) => owner === null && closed === null),
  );
  return {
    orders: orders.length,
    loops: seen.reduce((sum, one) => sum + one.orders.length + one.results.length, 0),
    orphans: orphans.length,
    doubles: doubles.length,
    unanswered: unanswered.length,
    ownerless: ownerless.length + standing.ownerless,
    parked,
    words: [
      ...orphans.map(({ id }) => `order ${id} was acknowledged and has no loop`),
      ...doubles.map(({ id }) => `order ${id} was done twice`),
      ...unanswered.map(({ id, orders: [first] }) => `order ${id} has no answer (${first?.state ?? ""})`),
      ...ownerless.map(({ id }) => `the answer to ${id} is nobody's`),
      ...(parked > 0 ? [`${parked} messages are parked`] : []),
    ],
  };
}

/** Waits as long as answers come. Only those that still wait are looked at again. */
async function settled(store: Store, orders: readonly string[]): Promise<void> {
  let waiting = orders;
  for (let end = Date.now() + SETTLE_MS; waiting.length > 0 && Date.now() < end; await sleep(PAUSE_MS)) {
    const still = (await look(store, waiting)).filter(isWaiting).map(({ id }) => id);
    if (still.length < waiting.length) end = Date.now() + SETTLE_MS;
    waiting = still;
  }
}

function isWaiting({ orders, results }: OrderSeen): boolean {
  return orders.length > 0 && (results.length === 0 || orders.some(({ state }) => state !== "answered"));
}

async function look(store: Store, orders: readonly string[]): Promise<OrderSeen[]> {
  const seen: OrderSeen[] = [];
  for (let at = 0; at < orders.length; at += PART) seen.push(...(await ledgerOf(store, orders.slice(at, at + PART))));
  return seen;
}
