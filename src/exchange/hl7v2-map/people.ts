/**
 * Whom a message is about: the one patient that its numbers lead to, whoever has been joined with another led to the one who stands for both.
 * SPEC EXCH-MAP-ADT
 */
import type { JsonObject } from "../../fhir/index.ts";
import type { Visit } from "../../journal/index.ts";
import type { Hl7Message, Segment } from "../hl7v2/codec/index.ts";
import { NotMapped } from "./exceptions.ts";
import { escaped, find } from "./find.ts";
import { isIdentitySystem, numbersAt, numbersIn, type AssignedNumber } from "./identifiers.ts";
import { nameOf, objectsIn, referenceIn } from "./json.ts";

const MOST_PATIENTS = 20;

/** The one PID of a message, and the patient that it means, if there is one here. @throws NotMapped for no PID, or several. */
export async function personIn(
  visit: Visit,
  message: Hl7Message,
): Promise<{ readonly pid: Segment; readonly known: JsonObject | undefined; readonly people: readonly JsonObject[] }> {
  const [pid, ...others] = message.all("PID");
  if (pid === undefined) throw new NotMapped("code-missing", "PID");
  if (others.length > 0) throw new NotMapped("patient-several", "PID[2]");
  const people = await peopleWith(visit, numbersAt(pid, 3));
  return { pid, known: patientOf(pid, 3, people), people };
}

/** The one PID of a message, whose patient must be here. @throws NotMapped */
export async function patientIn(visit: Visit, message: Hl7Message): Promise<JsonObject> {
  const { pid, known } = await personIn(visit, message);
  if (known === undefined) throw new NotMapped("patient-unknown", `${pid.place}-3`);
  return known;
}

/** Everybody here whom some numbers belong to, and those that they are linked with. */
export async function peopleWith(visit: Visit, numbers: readonly AssignedNumber[]): Promise<readonly JsonObject[]> {
  if (numbers.length === 0) return [];
  const values = numbers.map(({ system, value }) => `${escaped(system)}|${escaped(value)}`);
  const found = await find(visit, "Patient", [
    ["identifier", [...new Set(values)].join(",")],
    ["_include:iterate", "Patient:link"],
    ["_count", String(MOST_PATIENTS)],
  ]);
  return [...found.values()];
}

/** The patient of a PID (or the field of another segment); nothing when the numbers are not known. @throws NotMapped for none, or several people. */
export function patientOf(segment: Segment, field: number, people: readonly JsonObject[]): JsonObject | undefined {
  const numbers = numbersAt(segment, field);
  const place = `${segment.place}-${field}`;
  if (!numbers.some(({ system }) => isIdentitySystem(system)) && field === 3)
    throw new NotMapped("number-missing", place);
  if (numbers.length === 0) throw new NotMapped("number-missing", place);
  const named = people.filter((one) =>
    numbersIn(one).some(({ system, value }) => numbers.some((told) => told.system === system && told.value === value)),
  );
  const standing = new Map(named.map((one) => standingFor(one, people)).map((one) => [nameOf(one), one]));
  const [first, ...others] = standing.values();
  if (others.length > 0) throw new NotMapped("patient-several", place);
  return first;
}

/** Whom somebody has been joined with, as far as that goes; circles end. */
export function standingFor(patient: JsonObject, people: readonly JsonObject[]): JsonObject {
  const seen = new Set<string>();
  let one = patient;
  while (!seen.has(nameOf(one))) {
    seen.add(nameOf(one));
    const other = objectsIn(one["link"]).find(({ type }) => type === "replaced-by")?.["other"];
    const next = people.find((each) => nameOf(each) === referenceIn(other));
    if (next === undefined) return one;
    one = next;
  }
  return one;
}
