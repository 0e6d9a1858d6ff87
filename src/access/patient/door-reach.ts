/**
 * What a reader at the patient's own door reaches, as one thing that a statement can carry: the patient's rows, at some units
 * or all, but for those with labels that never leave this way. It lets through exactly what `decideAtDoor` opens; a test says so.
 *
 * SPEC ACC-DOOR-8 · PDL (2008:355) 5 kap. 5 §
 */
import { decideAtDoor, grantedUnitsOf, type AskedAtDoor } from "./door.ts";
import type { DoorFacts, Reader } from "./door-facts.ts";
import type { AccessRule } from "./rules.ts";

/** The label of what is not approved for the patient (EHDS-TK PDL-001). */
export const NOT_FOR_PATIENT = "NOPATIENT";

export type DoorReach = {
  readonly kind: "door";
  readonly patient: string;
  /** HSA-ids of the units whose records are open; null is all of them. */
  readonly units: readonly string[] | null;
  /** Search keys of the security labels whose records are closed. */
  readonly closed: readonly string[];
  /** Search keys of which a Task or a Communication has one that the patient sees: the own questions, and letters to the patient. */
  readonly tasks: readonly string[];
  /** The patient reads, and may decide about the own records; a guardian or a proxy only reads. */
  readonly isOwn: boolean;
};

export type DoorAccess =
  | { readonly grounds: AccessRule; readonly reach: DoorReach; readonly alarms: readonly string[] }
  | { readonly refusal: AccessRule; readonly alarms: readonly string[] };

/** How the search finds what the door asks for. */
export type DoorKeys = { readonly label: (code: string) => string; readonly tasks: readonly string[] };

/** Types that are read at the door. Row-level security knows no others (migration of the door); a test compares. */
export const DOOR_TYPES: ReadonlySet<string> = new Set([
  "AllergyIntolerance",
  "Appointment",
  "CarePlan",
  "Communication",
  "Composition",
  "Condition",
  "DiagnosticReport",
  "DocumentReference",
  "Encounter",
  "Immunization",
  "MedicationRequest",
  "Observation",
  "Patient",
  "Procedure",
  "ServiceRequest",
  "Task",
]);

/** What somebody may read of a patient at the door at a moment. */
export function accessAtDoor(
  { reader, patient, person }: { readonly reader: Reader; readonly patient: string; readonly person: DoorFacts },
  asked: AskedAtDoor,
  keys: DoorKeys,
): DoorAccess {
  const units = grantedUnitsOf(reader, person, asked);
  // A record without labels, at a unit that is open if any is: what closes it closes everything.
  const record = { ...PLAIN, careUnit: units?.[0] ?? PLAIN.careUnit };
  const decision = decideAtDoor(reader, { person, record }, asked);
  const { alarms } = decision;
  if ("refusal" in decision) {
    const { rule, law, sentence } = decision.refusal;
    return { refusal: { rule, law, sentence }, alarms };
  }
  const { neverClasses, notForOthersClasses } = asked.rules;
  const closed = [NOT_FOR_PATIENT, ...neverClasses, ...(reader.kind === "patient" ? [] : notForOthersClasses)];
  const reach: DoorReach = {
    kind: "door",
    patient,
    units,
    closed: [...new Set(closed)].map(keys.label),
    tasks: keys.tasks,
    isOwn: reader.kind === "patient",
  };
  return { grounds: decision.grounds, reach, alarms };
}

const PLAIN = {
  careProvider: "ANY",
  careUnit: "ANY",
  start: null,
  end: null,
  type: null,
  classes: [],
  isNotForPatient: false,
} as const;

/** The rows of a reader at the door, in SQL; it says what row-level security says of the door's own role. */
export function doorPredicateSql(
  { patient, units, closed, tasks }: DoorReach,
  { alias, type, isVersion }: { readonly alias: string; readonly type: string; readonly isVersion: boolean },
  bind: (value: unknown) => string,
): string {
  // Older versions have no labels to go by: none of them is open.
  if (isVersion || !DOOR_TYPES.has(type)) return "FALSE";
  const own = bind(patient);
  if (type === "Patient") return `${alias}.id = ${own}`;
  const parts = [
    `${alias}.patient = ${own}`,
    `(${alias}.other_patients IS NULL OR ${alias}.other_patients <@ ARRAY[${own}]::text[])`,
    `NOT ${alias}.tokens && ${bind(closed)}::int8[]`,
    ...(units === null ? [] : [`${alias}.care_unit = ANY (${bind(units)}::text[])`]),
    ...(type === "Task" || type === "Communication" ? [`${alias}.tokens && ${bind(tasks)}::int8[]`] : []),
    ...(type === "Communication" ? [`${alias}.content::json ->> 'status' IN (${SENT})`] : []),
  ];
  return `(${parts.join(" AND ")})`;
}

/** States of a letter that has been sent; what somebody is still writing is not the patient's yet. */
const SENT = "'in-progress', 'completed', 'entered-in-error'";

/** The setting that the door's row-level security goes by: words parted by blanks, lists by commas. */
export function doorSetting({ patient, units, closed, tasks, isOwn }: DoorReach): string {
  const open = units === null ? "*" : units.join(",") || "-";
  return ["door", patient, open, closed.join(","), tasks.join(","), isOwn ? "own" : "other"].join(" ");
}

/** True of what may be done at the door: looking at what stands now, of the types that are read there. */
export function isOpenAtDoor(interaction: string, type: string): boolean {
  return (interaction === "read" || interaction === "search") && DOOR_TYPES.has(type);
}
