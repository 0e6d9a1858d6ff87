/**
 * The reader's own lists with those who work through them, who of these is away and who stands in, and who is on duty. Whoever works
 * through a list registers for themselves and for the others on it; who did is kept, and nothing is taken away.
 *
 * SPEC LOOP-ROSTER · F9, F10, F11
 */
import { newId } from "../base/index.ts";
import { fhirError, fhirErrorAt } from "../fhir/index.ts";
import type { Visit } from "../journal/index.ts";
import type { FoundList, LoopTotals, StoredAbsence, StoredTurn } from "../store/index.ts";
import { staffOf } from "./staff.ts";

export type OwnList = FoundList & { readonly people: readonly string[] };
export type NewAbsence = Omit<StoredAbsence, "id">;
export type NewTurn = Omit<StoredTurn, "id">;
export type DutyRoster = { readonly absences: readonly StoredAbsence[]; readonly turns: readonly StoredTurn[] };

const DAY = 86_400_000;
const LONGEST_ABSENCE = 400 * DAY;
const LONGEST_TURN = 7 * DAY;
const MOST_FOUND = 12;
const MOST_WORDS = 5;

/** The reader's lists, each with those who work through it today. Errors: FORBIDDEN. */
export async function ownLists(visit: Visit): Promise<readonly OwnList[]> {
  const { reach, at } = await staffOf(visit, "search");
  return visit.store.read(reach, async (look) => {
    const own = await look.loops.own();
    const members = await look.lists.members(own, at);
    return (await look.lists.titled(own)).map((list) => ({
      ...list,
      people: members.flatMap(({ worklist, person }) => (worklist === list.id ? [person] : [])),
    }));
  });
}

/** Lists of the region that somebody works through, by words of their titles. Errors: FORBIDDEN. */
export async function findLists(
  visit: Visit,
  words: string,
): Promise<{ readonly items: readonly FoundList[]; readonly more: boolean }> {
  const { reach } = await staffOf(visit, "search");
  const wanted = words.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const found = await visit.store.read(reach, (look) => look.lists.find(wanted, MOST_FOUND + 1));
  return { items: found.slice(0, MOST_FOUND), more: found.length > MOST_FOUND };
}

/** How much the reader's lists hold. Errors: FORBIDDEN. */
export async function loopTotals(
  visit: Visit,
  ask: { readonly side: "owner" | "sender"; readonly mine: boolean; readonly kinds: readonly string[] | null },
): Promise<LoopTotals> {
  const { reach, at, person } = await staffOf(visit, "search");
  return visit.store.read(reach, (look) =>
    look.lists.totals({ side: ask.side, kinds: ask.kinds, person: ask.mine ? person.hsaId : null, at }),
  );
}

/** Who of those on the reader's lists is or will be away, and who is or will be on duty at them. Errors: FORBIDDEN. */
export async function dutyRoster(visit: Visit): Promise<DutyRoster> {
  const { reach, at, person } = await staffOf(visit, "search");
  return visit.store.read(reach, async (look) => {
    const own = await look.loops.own();
    const people = await look.lists.members(own, at);
    return {
      absences: await look.lists.absences([person.hsaId, ...people.map((one) => one.person)], at),
      turns: await look.lists.turns(own, at),
    };
  });
}

/** Registers that somebody is away. What they answer for goes to the deputy when it begins. Errors: FORBIDDEN, LOOP_INVALID. */
export async function registerAbsence(visit: Visit, absence: NewAbsence): Promise<void> {
  await within(visit, async ({ tx, at, by, colleagues }) => {
    refuseBadTime(absence, { at, longest: LONGEST_ABSENCE });
    if (!colleagues.has(absence.person)) throw fhirErrorAt("LOOP_INVALID", "person", absence.person);
    if (absence.deputy !== null && (absence.deputy === absence.person || !colleagues.has(absence.deputy)))
      throw fhirErrorAt("LOOP_INVALID", "deputy", absence.deputy);
    await tx.lists.addAbsence({ ...absence, id: idOf(visit) }, { at, by });
    if (absence.since <= at) await tx.loops.restaff(at);
  });
}

/** Ends an absence that was registered. Errors: FORBIDDEN, NOT_FOUND. */
export async function endAbsence(visit: Visit, id: string): Promise<void> {
  await within(visit, async ({ tx, at, colleagues }) => {
    if (!(await tx.lists.end("absence", { id, among: [...colleagues], at }))) throw fhirError("NOT_FOUND");
    await tx.loops.restaff(at);
  });
}

/** Registers that somebody is on duty at one of the reader's lists. Errors: FORBIDDEN, LOOP_INVALID. */
export async function registerTurn(visit: Visit, turn: NewTurn): Promise<void> {
  await within(visit, async ({ tx, at, by, members }) => {
    refuseBadTime(turn, { at, longest: LONGEST_TURN });
    if (!Number.isInteger(turn.rank) || turn.rank < 1 || turn.rank > 9)
      throw fhirErrorAt("LOOP_INVALID", "rank", "1-9");
    if (!members.some(({ worklist }) => worklist === turn.worklist))
      throw fhirErrorAt("LOOP_INVALID", "worklist", turn.worklist);
    if (!members.some(({ worklist, person }) => worklist === turn.worklist && person === turn.person))
      throw fhirErrorAt("LOOP_INVALID", "person", turn.person);
    await tx.lists.addTurn({ ...turn, id: idOf(visit) }, { at, by });
  });
}

/** Ends a turn on duty at one of the reader's lists. Errors: FORBIDDEN, NOT_FOUND. */
export async function endTurn(visit: Visit, id: string): Promise<void> {
  await within(visit, async ({ tx, at, members }) => {
    const among = [...new Set(members.map(({ worklist }) => worklist))];
    if (!(await tx.lists.end("duty", { id, among, at }))) throw fhirError("NOT_FOUND");
  });
}

type Inside = {
  readonly tx: Parameters<Parameters<Visit["store"]["write"]>[1]>[0];
  readonly at: number;
  readonly by: string;
  readonly members: readonly { readonly worklist: string; readonly person: string }[];
  /** The reader, and those on the reader's lists. */
  readonly colleagues: ReadonlySet<string>;
};

async function within(visit: Visit, work: (inside: Inside) => Promise<void>): Promise<void> {
  const { reach, at, person } = await staffOf(visit, "update");
  if (person.assignment.footing?.kind === "student") throw fhirError("FORBIDDEN", "a student registers nobody");
  await visit.store.write(reach, async (tx) => {
    const members = await tx.lists.members(await tx.loops.own(), at);
    const colleagues = new Set([person.hsaId, ...members.map((one) => one.person)]);
    await work({ tx, at, by: person.hsaId, members, colleagues });
  });
}

function refuseBadTime(
  { since, until }: { readonly since: number; readonly until: number },
  { at, longest }: { readonly at: number; readonly longest: number },
): void {
  if (!Number.isFinite(since)) throw fhirErrorAt("LOOP_INVALID", "from", "");
  if (!Number.isFinite(until) || until <= since || until <= at || until - since > longest)
    throw fhirErrorAt("LOOP_INVALID", "to", "");
}

function idOf({ clock, random }: Visit): string {
  return newId(0, clock().getTime(), random(10));
}
