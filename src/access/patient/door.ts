/**
 * The patient's own door: the patient, a guardian or a proxy reads. Ages are configuration with the days they hold; what is
 * not approved for the patient never leaves this way, and nothing tells that it exists. And who may register a block.
 *
 * SPEC ACC-DOOR · PDL (2008:355) 4 kap. 4 §, 5 kap. 5 § (section numbers not verified), Ds 2023:26
 */
import { ageInYears } from "../../base/index.ts";
import { readRecord } from "./block.ts";
import type { AgeRule, DoorFacts, DoorRules, Reader } from "./door-facts.ts";
import type { RecordFacts } from "./facts.ts";
import { dayOf, instantOf, isWithin, spanOf, swedishDay } from "./moments.ts";
import { hasHappened, isId, membersOf, rawOf } from "./read-facts.ts";
import { closedBy, protectionOf } from "./reach.ts";
import { CLOSES, OPENS, type AccessRule } from "./rules.ts";
import type { RecordDecision } from "./decide-record.ts";

/** When something is asked at the door, and the rules of the installation. */
export type AskedAtDoor = { readonly at: string; readonly rules: DoorRules };

/** Decides one record for a reader at the patient's door. */
export function decideAtDoor(
  reader: Reader,
  { person, record }: { readonly person: DoorFacts; readonly record: RecordFacts },
  asked: AskedAtDoor,
): RecordDecision {
  if (!isReader(reader)) return { refusal: closedBy(CLOSES.malformed), alarms: ["reader"] };
  const known = knownAtDoor(reader, person, asked);
  const isSound = isDoorRecord(record);
  const alarms = isSound ? known.alarms : [...known.alarms, "record"];
  const closed =
    closedToReader(reader, known) ??
    (isSound ? closedRecord(reader, known, { record, rules: asked.rules }) : CLOSES.malformed);
  return closed === undefined ? { grounds: OPENS[reader.kind], alarms } : { refusal: closedBy(closed), alarms };
}

/** The units whose records alone a reader may see; null is all of them, none when nothing is open. */
export function grantedUnitsOf(reader: Reader, person: DoorFacts, asked: AskedAtDoor): readonly string[] | null {
  const { access, grantedUnits } = knownAtDoor(reader, person, asked);
  return access === "all" ? null : [...new Set(grantedUnits)].toSorted();
}

type Access = AgeRule["patient"];
type KnownAtDoor = {
  readonly isMalformed: boolean;
  readonly hasRight: boolean;
  readonly isProtected: boolean;
  readonly isAgeKnown: boolean;
  readonly access: Access;
  readonly grantedUnits: readonly string[];
  readonly alarms: readonly string[];
};

function knownAtDoor(reader: Reader, person: DoorFacts, { at, rules }: AskedAtDoor): KnownAtDoor {
  const moment = instantOf(at);
  const facts = rawOf(person);
  const age = moment === undefined ? undefined : ageOf(facts["birthDate"], moment);
  const set = moment === undefined ? undefined : ruleSetOf(rules, moment);
  const isProtected = protectionOf(facts["protection"]);
  const stands = readAll(facts["representations"], "representations", (raw) =>
    readFor(raw, moment ?? Number.NaN, REPRESENTATION),
  );
  const grants = readAll(facts["grants"], "grants", (raw) => readFor(raw, moment ?? Number.NaN, GRANT));
  const unread = [
    ...(moment === undefined ? ["at"] : []),
    ...(age === undefined ? ["birthDate"] : []),
    ...(set === undefined ? ["rules"] : []),
  ];
  const rule =
    typeof age === "number" ? set?.find(({ from, to }) => from <= age && (to === null || age < to)) : undefined;
  const asking = reader.kind === "patient" ? null : reader.person;
  return {
    isMalformed: unread.length > 0,
    hasRight: reader.kind === "patient" || stands.read.some((one) => one.kind === reader.kind && one.person === asking),
    isProtected: isProtected ?? true,
    isAgeKnown: age !== null,
    access: rule?.[reader.kind] ?? "nothing",
    grantedUnits: grants.read.flatMap(({ kind, person: to, careUnit }) => {
      const isMine = reader.kind === "patient" ? kind === "child" : kind === reader.kind && to === asking;
      return isMine && careUnit !== null ? [careUnit] : [];
    }),
    alarms: [...unread, ...stands.alarms, ...grants.alarms, ...(isProtected === undefined ? ["protection"] : [])],
  };
}

/** What closes the whole record to the reader. */
function closedToReader({ kind }: Reader, known: KnownAtDoor): AccessRule | undefined {
  if (known.isMalformed) return CLOSES.malformed;
  if (!known.hasRight) return CLOSES.right;
  if (kind === "guardian" && known.isProtected) return CLOSES.protected;
  if (!known.isAgeKnown) return CLOSES.ageUnknown;
  return known.access === "nothing" ? CLOSES.age : undefined;
}

/** What closes this one record. */
function closedRecord(
  { kind }: Reader,
  { access, grantedUnits }: KnownAtDoor,
  { record, rules }: { readonly record: RecordFacts; readonly rules: DoorRules },
): AccessRule | undefined {
  const { classes, careUnit, isNotForPatient } = record;
  if (isNotForPatient || classes.some((one) => rules.neverClasses.includes(one))) return CLOSES.notForPatient;
  if (kind !== "patient" && classes.some((one) => rules.notForOthersClasses.includes(one))) return CLOSES.notForOthers;
  return access === "all" || grantedUnits.includes(careUnit) ? undefined : CLOSES.age;
}

function isReader(value: Reader): boolean {
  const { kind, person } = rawOf(value);
  return kind === "patient" || ((kind === "guardian" || kind === "proxy") && isId(person));
}

/** Time and type of the information do not matter at the door. */
function isDoorRecord(record: RecordFacts): boolean {
  return readRecord({ ...rawOf(record), careProvider: "ANY", start: null, end: null, type: null }) !== undefined;
}

/** Whole years at a moment; a birthday counts from its midnight in Sweden. Null is unknown, undefined cannot be. */
export function ageOf(birthDate: unknown, at: number): number | null | undefined {
  if (birthDate === null) return null;
  const birth = dayOf(birthDate);
  return birth === undefined ? undefined : ageInYears(birth, swedishDay(at));
}

/** The age rules that hold on the day; undefined unless exactly one set does. */
export function ruleSetOf({ ages }: DoorRules, at: number): readonly AgeRule[] | undefined {
  const today = swedishDay(at);
  const sets = ages.filter(({ from, until }) => from <= today && (until === null || today <= until));
  return sets.length === 1 ? sets[0]?.rules : undefined;
}

type Held = {
  readonly kind: string;
  readonly person: string | null;
  readonly careUnit: string | null;
  readonly isInForce: boolean;
};
type Form = { readonly kinds: readonly string[]; readonly endedBy: string; readonly hasUnit: boolean };

const REPRESENTATION: Form = { kinds: ["guardian", "proxy"], endedBy: "ended", hasUnit: false };
const GRANT: Form = { kinds: ["child", "guardian"], endedBy: "cancelled", hasUnit: true };

function readFor(
  raw: Readonly<Record<string, unknown>>,
  at: number,
  { kinds, endedBy, hasUnit }: Form,
): Held | undefined {
  const { kind, person, careUnit, start, end } = raw;
  const span = start === null ? undefined : spanOf(start, end);
  const isEnded = hasHappened(raw[endedBy], at);
  if (typeof kind !== "string" || !kinds.includes(kind) || span === undefined || isEnded === undefined)
    return undefined;
  if (!isId(person) && !(kind === "child" && person === null)) return undefined;
  const unit = hasUnit ? careUnit : null;
  if (hasUnit && !isId(unit)) return undefined;
  return { kind, person, careUnit: isId(unit) ? unit : null, isInForce: !isEnded && isWithin(span, at) };
}

function readAll(
  list: unknown,
  name: string,
  read: (raw: Readonly<Record<string, unknown>>) => Held | undefined,
): { readonly read: readonly Held[]; readonly alarms: readonly string[] } {
  const all = membersOf(list).map(read);
  return {
    read: all.flatMap((one) => (one?.isInForce === true ? [one] : [])),
    alarms: all.flatMap((one, index) => (one === undefined ? [`${name}/${index}`] : [])),
  };
}

/** Who asks that a block be registered. */
export type BlockRequest = { readonly reader: Reader; readonly person: DoorFacts; readonly isFoundMature: boolean };

/**
 * Whether somebody may have a block registered at the door: the patient may, a child when old enough to read everything
 * itself or found mature enough, and nobody else: a guardian cannot block a child's records.
 */
export function refuseBlockRequest(
  { reader, person, isFoundMature }: BlockRequest,
  asked: AskedAtDoor,
): AccessRule | undefined {
  if (rawOf(reader)["kind"] !== "patient") return BLOCK_OTHERS;
  const known = knownAtDoor(reader, person, asked);
  if (known.isMalformed) return CLOSES.malformed;
  return known.access === "all" || isFoundMature ? undefined : BLOCK_MATURITY;
}

const BLOCK_OTHERS: AccessRule = {
  rule: "ACC-BLOCK-ONLY-PATIENT",
  law: "PDL 4 kap. 4 §",
  sentence: "Bara patienten själv kan spärra sina uppgifter; en vårdnadshavare kan inte spärra ett barns uppgifter.",
};
const BLOCK_MATURITY: AccessRule = {
  rule: "ACC-BLOCK-MATURITY",
  law: "PDL 4 kap. 4 §",
  sentence: "Ett barn kan spärra sina uppgifter när vården har bedömt att barnet är moget för det.",
};
