/** The loops of some requests and of their answers, for whoever checks the whole ledger: no person's and no client's view. SPEC LOOP-OF */
import type { Store } from "../store/index.ts";
import type { Loop } from "./model.ts";
import { loopOf } from "./stored.ts";

/** A request by its id, its own loops, and those of its answers. */
export type OrderSeen = { readonly id: string; readonly orders: readonly Loop[]; readonly results: readonly Loop[] };

/** What the ledger has of some ServiceRequests, in the order in which they were asked for. */
export async function ledgerOf(store: Store, requests: readonly string[]): Promise<OrderSeen[]> {
  const rows = await store.read("*", (look) => look.loops.ofRequests(requests));
  const loops = rows.map(loopOf);
  const byRequest = grouped(
    loops.filter(({ subject }) => subject.type === "ServiceRequest"),
    ({ subject }) => subject.id,
  );
  const byParent = grouped(
    loops.filter(({ kind }) => kind === "result"),
    ({ parent }) => parent ?? "",
  );
  return requests.map((id) => {
    const orders = byRequest.get(id) ?? [];
    return { id, orders, results: orders.flatMap((one) => byParent.get(one.id) ?? []) };
  });
}

function grouped(loops: readonly Loop[], nameOf: (loop: Loop) => string): Map<string, Loop[]> {
  const found = new Map<string, Loop[]>();
  for (const loop of loops) {
    const before = found.get(nameOf(loop));
    if (before === undefined) found.set(nameOf(loop), [loop]);
    else before.push(loop);
  }
  return found;
}
