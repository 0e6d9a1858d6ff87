/**
 * The directory as it is meant: who may work where, as what, on whose analysis, from when to when. The same shape comes
 * from a source file and from what is stored, so that the two can be compared.
 *
 * SPEC CLIN-DIRECTORY · HSA's words (healthCareProvider, healthCareUnit, person, commission)
 */

/** First and last day that something holds (YYYY-MM-DD), both included; null is open. */
export type Span = { readonly from: string | null; readonly until: string | null };

export type Provider = {
  readonly hsaId: string;
  readonly name: string;
  readonly orgNo: string | null;
  readonly span: Span;
};

export type Unit = {
  readonly hsaId: string;
  readonly name: string;
  /** The unit or the care provider that it is part of. */
  readonly parent: string;
  /** False for what only holds others together, such as a hospital: nobody has an assignment there. */
  readonly isCareUnit: boolean;
  readonly span: Span;
};

/** The need-and-risk analysis (behovs- och riskanalys) that a role rests on. */
export type Analysis = { readonly id: string; readonly date: string };

export type Role = { readonly id: string; readonly name: string; readonly analysis: Analysis | null };

export type Person = {
  readonly hsaId: string;
  readonly given: string;
  readonly family: string;
  readonly title: string;
  /** The person's own identity is protected: the name stands in no list. */
  readonly isProtected: boolean;
  readonly span: Span;
};

export type Right = { readonly activity: string; readonly informationClass: string; readonly scope: string };

/** On what footing somebody has an assignment; `by` is the supervisor, the one stood in for, or the one who delegates. */
export type Footing =
  | { readonly kind: "ordinary" }
  | { readonly kind: "student" | "deputy" | "delegation"; readonly by: string; readonly task: string | null };

/** One person's assignment (medarbetaruppdrag): membership of a commission at a care unit. */
export type Duty = {
  /** HSA-id of the commission; null for what was written before there were any. */
  readonly commission: string | null;
  readonly name: string;
  readonly purpose: string;
  readonly rights: readonly Right[];
  readonly person: string;
  readonly unit: string;
  readonly role: string;
  readonly footing: Footing;
  readonly span: Span;
};

/** Everything by its key: HSA-id, role id, and `dutyKey`. */
export type Directory = {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly units: ReadonlyMap<string, Unit>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly people: ReadonlyMap<string, Person>;
  readonly duties: ReadonlyMap<string, Duty>;
};

export const EMPTY: Directory = {
  providers: new Map(),
  units: new Map(),
  roles: new Map(),
  people: new Map(),
  duties: new Map(),
};

/** A commission that moves to another unit is another assignment: what was signed under the old one still says where. */
export function dutyKey({ commission, person, unit, role }: Duty): string {
  return commission === null ? `- ${person} ${unit} ${role}` : `${commission} ${person} ${unit}`;
}

const EARLIEST = "0001-01-01";
const LATEST = "9999-12-31";

export const OPEN: Span = { from: null, until: null };

/** The days that all of the spans share; nothing when there is none. */
export function shared(...spans: readonly Span[]): Span | undefined {
  const from = spans.reduce(
    (latest, one) => ((one.from ?? EARLIEST) > latest ? (one.from ?? EARLIEST) : latest),
    EARLIEST,
  );
  const until = spans.reduce((first, one) => ((one.until ?? LATEST) < first ? (one.until ?? LATEST) : first), LATEST);
  if (until < from) return undefined;
  return { from: from === EARLIEST ? null : from, until: until === LATEST ? null : until };
}

/** Whether a span lies wholly inside another. */
export function isWithin(inner: Span, outer: Span): boolean {
  return (inner.from ?? EARLIEST) >= (outer.from ?? EARLIEST) && (inner.until ?? LATEST) <= (outer.until ?? LATEST);
}

export function holdsOn({ from, until }: Span, day: string): boolean {
  return (from ?? day) <= day && (until ?? day) >= day;
}

/** A unit with all that it is part of, itself first, as far as they are known; a cycle ends where it began. */
export function chainOf(units: ReadonlyMap<string, Unit>, hsaId: string): readonly Unit[] {
  const chain: Unit[] = [];
  const seen = new Set<string>();
  for (let one = units.get(hsaId); one !== undefined && !seen.has(one.hsaId); one = units.get(one.parent)) {
    seen.add(one.hsaId);
    chain.push(one);
  }
  return chain;
}

/** The HSA-id of the care provider that a unit belongs to, as far as it can be told. */
export function providerOf(units: ReadonlyMap<string, Unit>, hsaId: string): string | undefined {
  const top = chainOf(units, hsaId).at(-1);
  return top === undefined || units.has(top.parent) ? undefined : top.parent;
}
