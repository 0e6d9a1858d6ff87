/**
 * The rules by which accesses are chosen for review, each with its Swedish explanation. A rule that applies makes an access
 * likelier to be drawn; it says nothing about whether the access was right. What is not known applies to nobody.
 *
 * SPEC JRN-LOG-RISK
 */

/** Everything that one person did in one patient's record at one unit on one Swedish day. */
export type Access = {
  /** The AuditEvent id of its first row. */
  readonly id: string;
  readonly first: string;
  readonly day: string;
  readonly actor: string;
  readonly person: string;
  readonly patient: string;
  readonly unit: string | null;
  readonly unitId: string | null;
  readonly provider: string | null;
  readonly providerId: string | null;
  readonly actions: readonly string[];
  readonly rows: number;
  readonly refused: number;
  readonly emergencies: number;
  /** Rows outside working hours. */
  readonly outside: number;
};

/** A person as the rules compare people: family names, addresses and identity numbers in one form. */
export type Traits = {
  readonly families: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
};

export type RiskFacts = {
  /** Nothing when the record has no such patient (any longer). */
  readonly patient: Traits | undefined;
  readonly reader: Pick<Traits, "families" | "addresses">;
  readonly isStaff: boolean;
  readonly isKnown: boolean;
  /** Whether the patient has an encounter at the reader's unit; undefined when the unit's id is not known. */
  readonly hasRelation: boolean | undefined;
};

export type RiskRule =
  | "same-surname"
  | "same-address"
  | "colleague"
  | "no-relation"
  | "known-person"
  | "emergency"
  | "refused-repeated"
  | "outside-hours";

export type RiskConfig = {
  readonly weights: Readonly<Record<RiskRule, number>>;
  /** Working hours, Swedish time, Monday to Friday. */
  readonly hours: readonly [from: number, until: number];
  /** From how many refused attempts in one access on. */
  readonly refusals: number;
  /** How long before the access an encounter makes a relation. */
  readonly relationDays: number;
};

export const USUAL_CONFIG: RiskConfig = {
  weights: {
    "same-surname": 4,
    "same-address": 8,
    colleague: 6,
    "no-relation": 4,
    "known-person": 10,
    emergency: 10,
    "refused-repeated": 6,
    "outside-hours": 1,
  },
  hours: [6, 20],
  refusals: 3,
  relationDays: 365,
};

export type RiskFinding = { readonly rule: RiskRule; readonly weight: number; readonly explanation: string };

type Judge = (access: Access, facts: RiskFacts, config: RiskConfig) => string | undefined;

const JUDGES: Readonly<Record<RiskRule, Judge>> = {
  "same-surname": (_, { patient, reader }) =>
    shares(patient?.families, reader.families) ? "Läsaren och patienten har samma efternamn." : undefined,
  "same-address": (_, { patient, reader }) =>
    shares(patient?.addresses, reader.addresses) ? "Läsaren och patienten har samma adress." : undefined,
  colleague: (_, { isStaff }) => (isStaff ? "Patienten finns själv i personalkatalogen." : undefined),
  "no-relation": ({ unit, unitId }, { hasRelation }, { relationDays }) =>
    hasRelation === false
      ? `Patienten har ingen vårdkontakt vid ${unit ?? unitId ?? "enheten"} inom ${relationDays} dagar före åtkomsten.`
      : undefined,
  "known-person": (_, { isKnown }) => (isKnown ? "Patienten står på listan över kända personer." : undefined),
  emergency: ({ emergencies }) => (emergencies > 0 ? "Nödöppning användes." : undefined),
  "refused-repeated": ({ refused }, _, { refusals }) =>
    refused >= refusals ? `${refused} försök nekades samma dag.` : undefined,
  "outside-hours": ({ outside, rows }, _, { hours: [from, until] }) =>
    outside > 0 ? `${outside} av ${rows} loggrader ligger utanför arbetstid (vardagar ${from}–${until}).` : undefined,
};

/** The rules that apply, in a fixed order; one with weight 0 is turned off. */
export function judgeAccess(access: Access, facts: RiskFacts, config: RiskConfig): RiskFinding[] {
  return (Object.keys(JUDGES) as RiskRule[]).flatMap((rule) => {
    const weight = config.weights[rule];
    const explanation = weight === 0 ? undefined : JUDGES[rule](access, facts, config);
    return explanation === undefined ? [] : [{ rule, weight, explanation }];
  });
}

function shares(some: ReadonlySet<string> | undefined, others: ReadonlySet<string>): boolean {
  return some !== undefined && [...some].some((one) => others.has(one));
}

/** A configuration from a file's JSON; what it leaves out is as usual. Errors: anything that it does not know. */
export function riskConfigIn(json: unknown): RiskConfig {
  const given = objectIn(json, "the rules");
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(USUAL_CONFIG, name));
  if (unknown !== undefined) throw new Error(`The rules know no "${unknown}".`);
  const weights: Record<RiskRule, number> = { ...USUAL_CONFIG.weights };
  for (const [rule, weight] of Object.entries(objectIn(given["weights"] ?? {}, "weights"))) {
    if (!Object.hasOwn(weights, rule)) throw new Error(`There is no rule "${rule}".`);
    weights[rule as RiskRule] = wholeIn(weight, rule, 1000);
  }
  const hours = given["hours"] ?? USUAL_CONFIG.hours;
  if (!Array.isArray(hours) || hours.length !== 2) throw new Error("hours are to be two numbers.");
  return {
    weights,
    hours: [wholeIn(hours[0], "hours", 24), wholeIn(hours[1], "hours", 24)],
    refusals: wholeIn(given["refusals"] ?? USUAL_CONFIG.refusals, "refusals", 1000),
    relationDays: wholeIn(given["relationDays"] ?? USUAL_CONFIG.relationDays, "relationDays", 36_500),
  };
}

function objectIn(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${name} is to be an object.`);
  return value as Record<string, unknown>;
}

function wholeIn(value: unknown, name: string, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most)
    throw new Error(`${name} is to be a whole number from 0 to ${most}.`);
  return value;
}
