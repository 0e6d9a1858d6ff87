/**
 * How far one person under one assignment reaches into one patient's records now: the three gates (need inside the care
 * provider, inner block, cohesive care between care providers) as clauses. A record is visible exactly when one open clause
 * holds it and no closed clause does, so that the same facts decide one record and make the condition of a statement.
 *
 * SPEC ACC-GATE, ACC-REACH · PDL (2008:355) 4 kap. 1–5 §§, lag (2022:913), HSLF-FS 2016:40 4 kap.
 */
import { closedClausesOf, type BlockReader, type ClosedClause } from "./block.ts";
import type { AccessLimits, PatientFacts, Staff } from "./facts.ts";
import { USUAL_LIMITS } from "./facts.ts";
import { instantOf } from "./moments.ts";
import {
  membersOf,
  rawOf,
  readChoice,
  readConsent,
  readEmergency,
  readReason,
  readRelation,
  readStaff,
  type Opening as ReadOpening,
  type ReadStaff,
} from "./read-facts.ts";
import { CLOSES, OPENS, type AccessRule, type Opening } from "./rules.ts";

/** Records of this owner are open, on these grounds. A null unit is every unit of another care provider. */
export type OpenClause = {
  readonly careProvider: string;
  readonly careUnit: string | null;
  readonly grounds: AccessRule;
};

/** A refusal with what could open it, in the order in which it is done. */
export type Closed = AccessRule & { readonly openings: readonly Opening[] };

/** What holds when nothing opens a record of another unit or of another care provider. */
export type PatientReach = {
  readonly reader: BlockReader;
  /** Set when the person sees nothing at all of this patient; then there are no clauses. */
  readonly refusal: Closed | null;
  readonly open: readonly OpenClause[];
  readonly closed: readonly ClosedClause[];
  readonly otherUnit: Closed;
  readonly otherProvider: Closed;
  /** Whether the person may be told who has blocked: only with consent or in an emergency. */
  readonly mayNameBlocked: boolean;
  /** Whether places may be named at all: of a protected person only for somebody with a relation of his or her own. */
  readonly mayNameSources: boolean;
  /** Facts that do not hold together, by place (`blocks/2`): somebody has to look at them. */
  readonly alarms: readonly string[];
};

/** When something is asked, and how long what opens may last. */
export type Asked = { readonly at: string; readonly limits?: AccessLimits };

const NOBODY: BlockReader = { employee: "", careProvider: "", careUnit: "" };

/** Works out the reach. Pure and total: whatever the facts look like, there is an answer, and it never widens. */
export function patientReach(staff: Staff, patient: PatientFacts, { at, limits = USUAL_LIMITS }: Asked): PatientReach {
  const moment = instantOf(at);
  const read = moment === undefined ? undefined : readStaff(staff, moment);
  const alarms = [...(moment === undefined ? ["at"] : []), ...(read === undefined ? ["staff"] : [])];
  if (moment === undefined || read === undefined) return nothing(NOBODY, closedBy(CLOSES.malformed), alarms);
  const known = knownOf(read, rawOf(patient), { at: moment, limits });
  const refusal = refusalOf(read, known);
  if (refusal !== undefined) return nothing(read, refusal, known.alarms);
  return {
    ...gatesOf(read, known),
    reader: read,
    refusal: null,
    closed: known.closed,
    mayNameBlocked: known.isInEmergency || known.consents.length > 0,
    mayNameSources: !known.isProtected || known.isRelated || known.isInEmergency,
    alarms: known.alarms,
  };
}

/** A refusal with what could open it. */
export function closedBy(rule: AccessRule, openings: readonly Opening[] = []): Closed {
  return { ...rule, openings };
}

function nothing(reader: BlockReader, refusal: Closed, alarms: readonly string[]): PatientReach {
  const none = { open: [], closed: [], otherUnit: refusal, otherProvider: refusal };
  return { ...none, reader, refusal, mayNameBlocked: false, mayNameSources: false, alarms };
}

/** What the patient's facts say of this reader at this moment. */
type Known = {
  readonly need: AccessRule | undefined;
  /** By a relation of the person's own, not only the unit's. */
  readonly isRelated: boolean;
  readonly isInEmergency: boolean;
  readonly consents: readonly ("Consent" | "Emergency")[];
  readonly choices: readonly ReadOpening[];
  readonly closed: readonly ClosedClause[];
  readonly isProtected: boolean;
  readonly alarms: readonly string[];
};

type Raw = Readonly<Record<string, unknown>>;
type Moment = { readonly at: number; readonly limits: AccessLimits };

function knownOf(reader: ReadStaff, patient: Raw, { at, limits }: Moment): Known {
  const alarms: string[] = [];
  const inForce = <T extends ReadOpening>(list: string, read: (raw: Raw) => T | undefined): readonly T[] =>
    membersOf(patient[list]).flatMap((raw, index) => {
      const one = read(raw);
      if (one === undefined) alarms.push(`${list}/${index}`);
      return one?.isInForce === true && isAbout(one, reader) ? [one] : [];
    });
  const isHere = ({ careProvider, careUnit }: ReadOpening): boolean =>
    (careProvider ?? reader.careProvider) === reader.careProvider && (careUnit ?? reader.careUnit) === reader.careUnit;
  const relations = inForce("relations", (raw) => readRelation(raw, at)).filter(isHere);
  const reasons = inForce("reasons", (raw) => readReason(raw, at, limits)).filter(isHere);
  const choices = inForce("choices", (raw) => readChoice(raw, at, limits));
  const consents = inForce("consents", (raw) => readConsent(raw, at, limits)).filter(isHere);
  const isInEmergency = inForce("emergencies", (raw) => readEmergency(raw, at, limits)).length > 0;
  const blocks = closedClausesOf(reader, patient["blocks"], at);
  const isProtected = protectionOf(patient["protection"]);
  alarms.push(
    ...blocks.unreadable.map((index) => `blocks/${index}`),
    ...(isProtected === undefined ? ["protection"] : []),
  );
  return {
    need: needOf(relations.length > 0, reasons.length > 0, isInEmergency),
    isRelated: relations.some(({ employee }) => employee !== null),
    isInEmergency,
    consents: consents.map(({ type }) => type),
    choices,
    closed: blocks.clauses,
    isProtected: isProtected ?? true,
    alarms,
  };
}

/** A fact for one employee is nobody else's. */
function isAbout({ employee }: ReadOpening, reader: ReadStaff): boolean {
  return employee === null || employee === reader.employee;
}

/** Whether the population register protects the person; undefined when that cannot be read. */
export function protectionOf(value: unknown): boolean | undefined {
  const { sekretessmarkering, skyddadFolkbokforing } = rawOf(value);
  if (typeof sekretessmarkering !== "boolean" || typeof skyddadFolkbokforing !== "boolean") return undefined;
  return sekretessmarkering || skyddadFolkbokforing;
}

function needOf(isRelated: boolean, hasReason: boolean, isInEmergency: boolean): AccessRule | undefined {
  if (isRelated) return OPENS.relation;
  if (hasReason) return OPENS.reason;
  return isInEmergency ? OPENS.emergency : undefined;
}

/** The first gate: an assignment in care, a role that has been analysed, and a need of this patient's records. */
function refusalOf({ isAssigned, isInCare, isAnalysed }: ReadStaff, { need }: Known): Closed | undefined {
  if (!isAssigned) return closedBy(CLOSES.assignment);
  if (!isInCare) return closedBy(CLOSES.purpose);
  if (!isAnalysed) return closedBy(CLOSES.analysis);
  if (need === undefined) return closedBy(CLOSES.need, ["register-relation", "give-reason", "emergency-access"]);
  return undefined;
}

/** What need, active choice and cohesive care open, and what is said of the rest. */
function gatesOf(
  reader: ReadStaff,
  { need, isRelated, isInEmergency, consents, choices }: Known,
): Pick<PatientReach, "open" | "otherUnit" | "otherProvider"> {
  const { careProvider, careUnit } = reader;
  const isAgreed = consents.length > 0 || isInEmergency;
  const cohesive = consents.includes("Consent") ? OPENS.consent : OPENS.cohesiveEmergency;
  const chosen = choices.flatMap((choice): OpenClause[] => {
    if (choice.careProvider === null) return [];
    const source = { careProvider: choice.careProvider, careUnit: choice.careUnit };
    if (source.careProvider === careProvider)
      return source.careUnit === null ? [] : [{ ...source, grounds: OPENS.choice }];
    return isRelated && isAgreed ? [{ ...source, grounds: cohesive }] : [];
  });
  const own: OpenClause[] = need === undefined ? [] : [{ careProvider, careUnit, grounds: need }];
  const missing: Opening[] = [
    ...(isRelated ? [] : (["register-relation"] as const)),
    ...(isAgreed ? [] : (["record-consent", "emergency-access"] as const)),
    "choose",
  ];
  const first = isRelated ? (isAgreed ? CLOSES.otherProvider : CLOSES.consent) : CLOSES.relation;
  return {
    open: [...own, ...chosen],
    otherUnit: closedBy(CLOSES.otherUnit, ["choose"]),
    otherProvider: closedBy(first, missing),
  };
}
