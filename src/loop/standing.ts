/**
 * The live invariant: how the whole ledger stands, asked every minute, kept for a day, and shown to everybody who works. Numbers only.
 *
 * SPEC LOOP-STANDING · law 5 of the house · failure modes F2, F5, F69
 */
import { disclosedAfter, type Disclosed, type JournalOptions, type Visit } from "../journal/index.ts";
import type { LedgerStanding, Store } from "../store/index.ts";
import { staffOf } from "./staff.ts";

/** One look: when, how long it took (ms), and what it saw. */
export type LedgerSeen = LedgerStanding & { readonly at: number; readonly tookMs: number };

const SETTING = "ledger-standing";
const EVERY_MS = 60_000;
/** Of each of these a look is kept for a day. */
const KEPT_EVERY_MS = 300_000;
const KEPT = 288;

type Kept = { readonly last: LedgerSeen; readonly past: readonly LedgerSeen[] };

/** Looks now, and keeps it; not more than once a minute by all servers together. Answers what was seen last. */
export async function lookAtLedger({ store, clock }: Pick<JournalOptions, "store" | "clock">): Promise<LedgerSeen> {
  const at = clock().getTime();
  const kept = await keptOf(store);
  if (kept !== undefined && at - kept.last.at >= 0 && at - kept.last.at < EVERY_MS) return kept.last;
  const last = await seenAt(store, at);
  const past = kept?.past ?? [];
  const isDue = at - (past.at(-1)?.at ?? 0) >= KEPT_EVERY_MS;
  await store.saveSetting(SETTING, { last, past: isDue ? [...past, last].slice(-KEPT) : past } satisfies Kept);
  return last;
}

/** How it stands now, and stood in the last day, oldest first. Errors: FORBIDDEN for others than staff. */
export async function ledgerStanding(
  visit: Visit,
): Promise<Disclosed<{ readonly now: LedgerSeen; readonly past: readonly LedgerSeen[] }>> {
  await staffOf(visit, "search", { what: "ledger", sentence: "Driftläget är för personal med medarbetaruppdrag." });
  const [now, kept] = await Promise.all([seenAt(visit.store, visit.clock().getTime()), keptOf(visit.store)]);
  return disclosedAfter(visit, [], { now, past: kept?.past ?? [] });
}

async function seenAt(store: Store, at: number): Promise<LedgerSeen> {
  const began = performance.now();
  const standing = await store.read("*", (look) => look.loops.standing(at));
  return { ...standing, at, tookMs: Math.round((performance.now() - began) * 10) / 10 };
}

async function keptOf(store: Store): Promise<Kept | undefined> {
  return (await store.setting(SETTING)) as Kept | undefined;
}
