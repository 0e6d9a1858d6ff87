/**
 * A patient in HL7 v2 (PID) and in FHIR. What a message does not mention stays as it is here, HL7's null takes it away, and numbers are
 * only added: an old number still finds its patient. SPEC EXCH-MAP-PATIENT
 */
import type { JsonObject, JsonValue } from "../../fhir/index.ts";
import type { NewField, NewRepetition, NewSegment, Segment } from "../hl7v2/codec/index.ts";
import { NotMapped } from "./exceptions.ts";
import { cxOf, numbersAt, numbersIn, OWN_NAMESPACE, type AssignedNumber } from "./identifiers.ts";
import { isSaid, listOf, objectIn, objectsIn, said, textIn, textsIn } from "./json.ts";
import { isNullAt, repeatsOf, textAt } from "./segments.ts";
import { union } from "./standing.ts";
import { ADDRESS_USE, NAME_USE, SEX, TELECOM } from "./tables/index.ts";
import { toDate, toDateTime, toHl7Time } from "./time.ts";

/**
 * The patient as the message says, over what stands here; numbers that are `another`'s are not taken from them. @throws NotMapped for a date or a code
 * that cannot be read.
 */
export function patientFrom(
  pid: Segment,
  before: JsonObject | undefined,
  another: readonly AssignedNumber[] = [],
): JsonObject {
  const { meta: _meta, text: _text, ...kept } = before ?? { resourceType: "Patient" };
  const numbers = numbersAt(pid, 3).map(({ system, value }) => ({ system, value }));
  const known = [...numbersIn(kept), ...another].map(({ system, value }) => `${system}|${value}`);
  const added = numbers.filter(({ system, value }) => !known.includes(`${system}|${value}`));
  return said({
    ...kept,
    identifier: union(kept["identifier"], added),
    ...told(pid, 5, "name", () =>
      repeatsOf(pid, 5)
        .map((place) => nameAt(pid, place))
        .filter(isSaid),
    ),
    ...told(pid, 7, "birthDate", () => read(pid, 7, toDate)),
    ...told(pid, 8, "gender", () => read(pid, 8, SEX.toFhir)),
    ...told(pid, 11, "address", () =>
      repeatsOf(pid, 11)
        .map((place) => addressAt(pid, place))
        .filter(isSaid),
    ),
    ...telecomFrom(pid, kept),
    ...deceasedFrom(pid, kept),
  });
}

/** A member that a field tells of: left alone when the field is empty, taken away by HL7's null. */
function told(pid: Segment, field: number, name: string, value: () => JsonValue | undefined): JsonObject {
  if ((pid.fields[field] ?? "") === "") return {};
  if (pid.repetitions(field).length === 1 && isNullAt(pid, String(field))) return { [name]: undefined };
  return { [name]: value() };
}

function read(pid: Segment, field: number, meaning: (text: string) => string | undefined): string {
  const found = meaning(textAt(pid, String(field)) ?? "");
  if (found === undefined)
    throw new NotMapped(field === 8 ? "code-unknown" : "time-unreadable", `${pid.place}-${field}`);
  return found;
}

function nameAt(pid: Segment, place: string): JsonObject | undefined {
  const part = (number: string): string | undefined => textAt(pid, `${place}.${number}`);
  const kind = part("7");
  const use = kind === undefined ? "official" : NAME_USE.toFhir(kind);
  const name = said({ family: part("1.1"), given: listOf(part("2"), part("3")) });
  return Object.keys(name).length === 0 ? undefined : said({ use, ...name });
}

function nameField(name: JsonObject): NewRepetition | undefined {
  const use = textIn(name["use"]);
  const kind = NAME_USE.toHl7(use ?? "official");
  if (kind === undefined) return undefined; // names that are not to be used any more are not sent
  const [first, ...others] = textsIn(name["given"]);
  if (first === undefined && textIn(name["family"]) === undefined) return undefined; // withheld
  const second = others.length === 0 ? undefined : others.join(" ");
  return [textIn(name["family"]), first, second, undefined, undefined, undefined, kind];
}

function addressAt(pid: Segment, place: string): JsonObject | undefined {
  const part = (number: string): string | undefined => textAt(pid, `${place}.${number}`);
  const kind = part("7");
  const address = said({
    use: kind === undefined ? undefined : ADDRESS_USE.toFhir(kind),
    line: listOf(part("1.1"), part("2")),
    city: part("3"),
    state: part("4"),
    postalCode: part("5"),
    country: part("6"),
  });
  return Object.keys(address).some((name) => name !== "use") ? address : undefined;
}

function addressField(address: JsonObject): NewRepetition | undefined {
  if (!Object.keys(address).some((name) => name !== "use" && name !== "extension")) return undefined; // withheld
  const [first, ...others] = textsIn(address["line"]);
  const part = (name: string): string | undefined => textIn(address[name]);
  const kind = ADDRESS_USE.toHl7(part("use") ?? "");
  const second = others.length === 0 ? undefined : others.join(", ");
  return [first, second, part("city"), part("state"), part("postalCode"), part("country"), kind];
}

/** PID-13 and PID-14 together are what is known of how to reach somebody. */
function telecomFrom(pid: Segment, before: JsonObject): JsonObject {
  const fields = [13, 14].filter((field) => (pid.fields[field] ?? "") !== "");
  if (fields.length === 0) return {};
  const places = fields.flatMap((field) => repeatsOf(pid, field).map((place) => ({ field, place })));
  const found = places.map(({ field, place }) => telecomAt(pid, place, field)).filter(isSaid);
  const others = objectsIn(before["telecom"]).filter(({ system }) => !/^(phone|email|fax)$/.test(textIn(system) ?? ""));
  return { telecom: [...found, ...others] };
}

function telecomAt(pid: Segment, place: string, field: number): JsonObject | undefined {
  const part = (number: number): string | undefined => textAt(pid, `${place}.${number}`);
  const usual = field === 14 ? "WPN^PH" : "PRN^PH";
  const kind = part(2) === undefined && part(3) === undefined ? usual : `${part(2) ?? ""}^${part(3) ?? ""}`;
  const [system, use] = (TELECOM.toFhir(kind) ?? "other|").split("|");
  const value = (system === "email" ? part(4) : undefined) ?? part(1) ?? part(12);
  return value === undefined ? undefined : said({ system, value, use });
}

function telecomField(point: JsonObject): NewRepetition | undefined {
  const [system, value, use] = ["system", "value", "use"].map((name) => textIn(point[name]) ?? "");
  const kind = TELECOM.toHl7(`${system}|${use}`);
  if (kind === undefined || value === "") return undefined;
  const [purpose, equipment] = kind.split("^");
  return system === "email" ? [undefined, purpose, equipment, value] : [value, purpose, equipment];
}

/** PID-29 and PID-30. That somebody lives is only said by `N`. */
function deceasedFrom(pid: Segment, before: JsonObject): JsonObject {
  const at = textAt(pid, "29");
  const indicator = textAt(pid, "30");
  if (at !== undefined) {
    const deceasedDateTime = toDateTime(at);
    if (deceasedDateTime === undefined) throw new NotMapped("time-unreadable", `${pid.place}-29`);
    return { deceasedDateTime, deceasedBoolean: undefined };
  }
  if (indicator === "Y") return before["deceasedDateTime"] === undefined ? { deceasedBoolean: true } : {};
  return indicator === "N" || isNullAt(pid, "29") ? { deceasedBoolean: undefined, deceasedDateTime: undefined } : {};
}

/** PID of a patient: the numbers of all kinds, with the id here last. */
export function pidOf(patient: JsonObject): NewSegment {
  const own: NewRepetition = [textIn(patient["id"]), undefined, undefined, OWN_NAMESPACE, "PI"];
  const { deceasedDateTime, deceasedBoolean } = patient;
  const died = textIn(deceasedDateTime);
  return [
    "PID",
    {
      1: "1",
      3: { repeats: [...numbersIn(patient).map(cxOf), own] },
      5: repeated(objectsIn(patient["name"]).map(nameField)),
      7: toHl7Time(textIn(patient["birthDate"]) ?? ""),
      8: SEX.toHl7(textIn(patient["gender"]) ?? ""),
      11: repeated(objectsIn(patient["address"]).map(addressField)),
      13: repeated(objectsIn(patient["telecom"]).map(telecomField)),
      29: died === undefined ? undefined : toHl7Time(died),
      30: died !== undefined || deceasedBoolean === true ? "Y" : undefined,
    },
  ];
}

function repeated(some: readonly (NewRepetition | undefined)[]): NewField {
  return { repeats: some.filter((one) => one !== undefined) };
}

/** Just enough of a patient for an order: numbers and name, birth date and sex. */
export function briefPidOf(patient: JsonObject): NewSegment {
  const { address: _address, telecom: _telecom, ...rest } = patient;
  return pidOf(rest);
}

/** The id of the patient that a resource is about. */
export function patientIdOf(subject: JsonValue | undefined): string {
  return (textIn(objectIn(subject)["reference"]) ?? "").replace(/^Patient\//, "");
}
