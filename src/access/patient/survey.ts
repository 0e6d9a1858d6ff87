/**
 * What a chart may tell of one patient's sources: which are open and on what grounds, and of the others only that they
 * exist, why they are hidden and what could open them. Of blocked sources not even how many there are is told.
 *
 * SPEC ACC-SURVEY · PDL (2008:355) 4 kap. 4 §, lag (2022:913), HSLF-FS 2016:40 4 kap. (active choice)
 */
import { isOwn, type ClosedClause } from "./block.ts";
import { blockedBy, gateTo, openingClause } from "./decide-record.ts";
import type { Closed, PatientReach } from "./reach.ts";
import { isId } from "./read-facts.ts";
import type { AccessRule } from "./rules.ts";

/** Where records of a patient were written. */
export type Source = { readonly careProvider: string; readonly careUnit: string };

/**
 * A source that is open, but for what its closed clauses hold (a block of some time or of some types). The clauses are for the
 * statement: they carry the block's dates, which no chart may show.
 */
export type OpenSource = {
  readonly source: Source;
  readonly grounds: AccessRule;
  readonly closed: readonly ClosedClause[];
};

/** Something exists and is hidden. Without a source, because naming it would tell what the patient has hidden. */
export type HiddenNotice = Closed & { readonly source: Source | null };

export type Survey = {
  /** Set when the person sees nothing of this patient, not even that something exists. */
  readonly refusal: Closed | null;
  readonly open: readonly OpenSource[];
  readonly hidden: readonly HiddenNotice[];
  readonly alarms: readonly string[];
};

/** Judges the sources that hold something of the patient. Their order and repetitions do not matter. */
export function surveySources(reach: PatientReach, sources: readonly Source[]): Survey {
  const sound = sources.filter(({ careProvider, careUnit }) => isId(careProvider) && isId(careUnit));
  const alarms = sound.length === sources.length ? reach.alarms : [...reach.alarms, "sources"];
  if (reach.refusal !== null) return { refusal: reach.refusal, open: [], hidden: [], alarms };
  const judged = [...distinct(sound, keyOf)].map((source) => judge(reach, source));
  return {
    refusal: null,
    open: judged.flatMap(({ open }) => (open === undefined ? [] : [open])),
    hidden: distinct(
      judged.flatMap(({ hidden }) => hidden),
      ({ rule, sentence, source }) => `${rule} ${sentence} ${source === null ? "" : keyOf(source)}`,
    ),
    alarms,
  };
}

type Judged = { readonly open: OpenSource | undefined; readonly hidden: readonly HiddenNotice[] };

function judge(reach: PatientReach, source: Source): Judged {
  const closed = isOwn(reach.reader, source) ? [] : reach.closed.filter((clause) => holds(clause, source));
  const blocked = closed.map((clause) => ({
    ...blockedBy(clause),
    source: reach.mayNameBlocked && reach.mayNameSources ? source : null,
  }));
  if (closed.some(isWhole)) return { open: undefined, hidden: blocked };
  const clause = openingClause(reach, source);
  if (clause !== undefined) return { open: { source, grounds: clause.grounds, closed }, hidden: blocked };
  const gate = { ...gateTo(reach, source), source: reach.mayNameSources ? source : null };
  return { open: undefined, hidden: [...blocked, gate] };
}

function holds({ careProvider, careUnit }: ClosedClause, source: Source): boolean {
  return (
    (careProvider ?? source.careProvider) === source.careProvider && (careUnit ?? source.careUnit) === source.careUnit
  );
}

/** A block of all times and types leaves nothing of a source. */
function isWhole({ period, except }: ClosedClause): boolean {
  return period.first === -Infinity && period.last === Infinity && except.length === 0;
}

function keyOf({ careProvider, careUnit }: Source): string {
  return `${careProvider} ${careUnit}`;
}

/** One of each key, in the order of the keys, which says nothing of how often or in what order they came. */
function distinct<T>(all: readonly T[], key: (one: T) => string): readonly T[] {
  const byKey = new Map(all.map((one) => [key(one), one]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
