/**
 * What one person's facts open, of which sources and until when: the decision of `patientReach` over time. A statement cannot ask the
 * decision of each row; it asks whether an opening stands, and these are written with every fact that is registered or ended.
 *
 * SPEC ACC-OPENING · PDL (2008:355) 4 kap. 1–2 §§, lag (2022:913), HSLF-FS 2016:40 4 kap.
 */
import { USUAL_LIMITS, type AccessLimits, type CareRelation, type PatientFacts } from "./facts.ts";
import { firstOf, lastOf } from "./moments.ts";
import { patientReach } from "./reach.ts";
import type { BlockReader } from "./block.ts";

/** What opens; blocks close, and are asked of each row beside it. */
export type OpeningFacts = Pick<PatientFacts, "relations" | "reasons" | "choices" | "consents" | "emergencies">;

/** A source that is open to the person from one moment to another (UTC milliseconds, both included; null is open). */
export type Opened = {
  readonly careProvider: string;
  readonly careUnit: string | null;
  readonly rule: string;
  /** Holds only while something opens the person's own unit: an active choice is no need by itself. */
  readonly leans: boolean;
  readonly since: number;
  readonly until: number | null;
};

/** What is open from `from` (UTC milliseconds) on, by what is known now. */
export function openingsOf(
  reader: BlockReader,
  facts: OpeningFacts,
  { from, limits = USUAL_LIMITS }: { readonly from: number; readonly limits?: AccessLimits },
): readonly Opened[] {
  const turns = turnsOf(facts, from);
  const found: Opened[] = [];
  let standing = new Map<string, Opened>();
  for (const [index, at] of turns.entries()) {
    const next = turns[index + 1];
    const until = next === undefined ? null : next - 1;
    const now = new Map<string, Opened>();
    for (const one of openAt(reader, facts, { at, limits })) {
      const key = `${one.careProvider} ${one.careUnit ?? "*"} ${one.rule}`;
      now.set(key, { ...one, since: standing.get(key)?.since ?? at, until });
    }
    for (const [key, one] of standing) if (!now.has(key)) found.push(one);
    standing = now;
  }
  return [...found, ...standing.values()];
}

/** The moments at which something may begin or have ended, in their order. */
function turnsOf(facts: OpeningFacts, from: number): readonly number[] {
  const turns = new Set([from]);
  const add = (start: unknown, end: unknown): void => {
    const [first, last] = [firstOf(start), lastOf(end)];
    if (first !== undefined && first > from) turns.add(first);
    if (last !== undefined && last >= from) turns.add(last + 1);
  };
  for (const { start, end } of [...facts.relations, ...facts.reasons, ...facts.consents, ...facts.emergencies])
    add(start, end);
  for (const { chosen, expires } of facts.choices) add(chosen, expires);
  return [...turns].toSorted((a, b) => a - b);
}

function openAt(
  reader: BlockReader,
  facts: OpeningFacts,
  { at, limits }: { readonly at: number; readonly limits: AccessLimits },
): readonly Omit<Opened, "since" | "until">[] {
  const asked = { at: new Date(at).toISOString(), limits };
  const reach = (relations: readonly CareRelation[]) =>
    patientReach({ ...reader, ...ASSIGNED }, { ...facts, ...NOTHING_ELSE, relations }, asked).open;
  const isChoiceAtHome = ({ careProvider, careUnit }: { careProvider: string; careUnit: string | null }): boolean =>
    careProvider === reader.careProvider && careUnit !== reader.careUnit;
  const own = reach(facts.relations).filter((clause) => !isChoiceAtHome(clause));
  // As if the unit had a relation: whether it has one is asked of the rows, since contacts come and go without these facts.
  const chosen = reach([...facts.relations, relationOf(reader)]).filter(isChoiceAtHome);
  return [
    ...own.map(({ careProvider, careUnit, grounds }) => ({ careProvider, careUnit, rule: grounds.rule, leans: false })),
    ...chosen.map(({ careProvider, careUnit, grounds }) => ({
      careProvider,
      careUnit,
      rule: grounds.rule,
      leans: true,
    })),
  ];
}

/** The assignment is decided with each request, before anything is asked of rows. */
const ASSIGNED = {
  from: null,
  until: null,
  purpose: "Vård och behandling",
  isClinical: true,
  analysis: "decided with each request",
  term: null,
} as const;

const NOTHING_ELSE = { blocks: [], protection: { sekretessmarkering: false, skyddadFolkbokforing: false } } as const;

function relationOf({ careProvider, careUnit }: BlockReader): CareRelation {
  const always = { start: "0001-01-02", end: null, registered: "0001-01-02", cancelled: null, deleted: null };
  return { id: "unit", careProvider, careUnit, employee: null, ...always };
}
