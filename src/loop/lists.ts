/**
 * What people see of the ledger: their inbox, what they and their unit have sent, a patient's open matters, and the steps that one has
 * taken. Only ids and states: what a loop is about is read through the journal by whoever shows it.
 *
 * SPEC LOOP-LIST · F3, F9, F15
 */
import { fhirError, isFhirId } from "../fhir/index.ts";
import { disclosedAfter, groundText, logEntry, type Disclosed, type Visit } from "../journal/index.ts";
import type { LoopAsk, StoredLoopEvent } from "../store/index.ts";
import type { Kind, Loop, Worklist } from "./model.ts";
import { staffOf, type Staff } from "./staff.ts";
import { loopOf, worklistOf } from "./stored.ts";

/** Which of the reader's lists, and what of them. */
export type ListAsk = {
  readonly side: "owner" | "sender";
  /** Only what the reader answers for, or asked for. */
  readonly mine: boolean;
  readonly kinds: readonly Kind[] | null;
  readonly late: boolean;
  /** Also what was done since (ms). */
  readonly doneSince: number | null;
  readonly after: LoopAsk["after"];
  readonly limit: number;
};

export type LoopPage = {
  readonly loops: readonly Loop[];
  /** Where the next page begins; null when there is none. */
  readonly next: LoopAsk["after"];
  /** The lists that stand on the page, by id. */
  readonly worklists: ReadonlyMap<string, Worklist>;
};

const MOST = 200;

/** A page of the reader's lists. Errors: FORBIDDEN for others than staff. */
export async function loopsOf(visit: Visit, ask: ListAsk): Promise<Disclosed<LoopPage>> {
  const { person, reach } = await staff(visit);
  const limit = Math.min(Math.max(1, ask.limit), MOST);
  return visit.store.read(reach, async (look) => {
    const rows = await look.loops.page({
      side: ask.side,
      person: ask.mine ? person.hsaId : null,
      kinds: ask.kinds,
      lateAt: ask.late ? visit.clock().getTime() : null,
      doneSince: ask.doneSince,
      after: ask.after,
      limit: limit + 1,
    });
    const loops = rows.slice(0, limit).map(loopOf);
    const last = rows.length > limit ? loops.at(-1) : undefined;
    const next =
      last === undefined ? null : { risk: last.risk, deadline: last.deadline ?? Number.MAX_SAFE_INTEGER, id: last.id };
    return disclosedAfter(visit, [], { loops, next, worklists: await namesOf(look, loops) });
  });
}

/** How many of each kind the reader's lists have. Errors: FORBIDDEN. */
export async function loopCounts(
  visit: Visit,
): Promise<Disclosed<readonly { kind: Kind; open: number; mine: number; late: number; critical: number }[]>> {
  const { person, reach } = await staff(visit);
  const rows = await visit.store.read(reach, (look) => look.loops.counts(person.hsaId, visit.clock().getTime()));
  return disclosedAfter(
    visit,
    [],
    rows.map((row) => ({ ...row, kind: row.kind as Kind })),
  );
}

/** A patient's loops that are on the reader's lists, newest first. Errors: FORBIDDEN, NOT_FOUND. */
export async function loopsOfPatient(visit: Visit, patient: string, doneSince: number): Promise<Disclosed<LoopPage>> {
  const { reach, grounds } = await staff(visit);
  if (!isFhirId(patient)) throw fhirError("NOT_FOUND");
  const page = await visit.store.read(reach, async (look) => {
    const loops = (await look.loops.ofPatient(patient, doneSince, MOST)).map(loopOf);
    return { loops, next: null, worklists: await namesOf(look, loops) };
  });
  if (page.loops.length > 0)
    await visit.store.recordAccess(page.loops.slice(0, 1).map((loop) => shown(visit, grounds, loop)));
  return disclosedAfter(visit, [], page);
}

/** The steps of one loop, first to last. Errors: FORBIDDEN, NOT_FOUND (also of what is on none of the reader's lists). */
export async function loopSteps(
  visit: Visit,
  id: string,
): Promise<
  Disclosed<{
    readonly loop: Loop;
    readonly steps: readonly StoredLoopEvent[];
    readonly worklists: ReadonlyMap<string, Worklist>;
  }>
> {
  const { reach, grounds } = await staff(visit);
  const found = await visit.store.read(reach, async (look) => {
    const [row] = await look.loops.byIds([id]); // the one that is asked for
    if (row === undefined) return undefined;
    const loop = loopOf(row);
    const steps = await look.loops.events(id);
    const lists = steps.flatMap(({ owner }) => (owner === null ? [] : [owner]));
    return { loop, steps, worklists: await namesOf(look, [loop], lists) };
  });
  if (found === undefined) throw fhirError("NOT_FOUND");
  await visit.store.recordAccess([shown(visit, grounds, found.loop)]);
  return disclosedAfter(visit, [], found);
}

type Look = {
  readonly loops: { readonly worklistsAbove: (ids: readonly string[]) => Promise<Parameters<typeof worklistOf>[0][]> };
};

async function namesOf(
  look: Look,
  loops: readonly Loop[],
  more: readonly string[] = [],
): Promise<ReadonlyMap<string, Worklist>> {
  const ids = new Set([...more, ...loops.flatMap(({ owner, sender, receiver }) => [owner, sender, receiver])]);
  const known = [...ids].filter((one) => one !== null);
  return new Map((await look.loops.worklistsAbove(known)).map((row) => [row.id, worklistOf(row)]));
}

const INBOX = { what: "loops", sentence: "Inkorgen är för personal med medarbetaruppdrag." } as const;

function staff(visit: Visit): Promise<Staff> {
  return staffOf(visit, "search", INBOX);
}

function shown(
  visit: Visit,
  grounds: Parameters<typeof groundText>[0],
  loop: Loop,
): Parameters<Visit["store"]["recordAccess"]>[0][number] {
  const act = { action: "read", outcome: "granted", ground: groundText(grounds) } as const;
  return logEntry(visit, act, { home: loop.home, patient: loop.patient, what: [`loop ${loop.id}`] });
}
