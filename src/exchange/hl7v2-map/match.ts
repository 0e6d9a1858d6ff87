/**
 * Matching an answer to its order: by order number, identity number and specimen, all three, and never by name. Whatever does not hold
 * keeps the answer out of the record. SPEC EXCH-MAP-MATCH · failure mode F41
 */
import type { JsonObject } from "../../fhir/index.ts";
import type { Segment } from "../hl7v2/codec/index.ts";
import { NotMapped } from "./exceptions.ts";
import {
  entityAt,
  isIdentitySystem,
  nameText,
  numbersAt,
  numbersIn,
  type AssignedNumber,
  type Named,
} from "./identifiers.ts";
import { objectIn, objectsIn, referenceIn } from "./json.ts";
import type { Partner } from "./partner.ts";
import type { OrderGroup } from "./segments.ts";
import { textAt } from "./segments.ts";

/** What is here of the order that a message names. */
export type OrderFacts = {
  readonly order: JsonObject | undefined;
  /** The order's patient, and those that are linked to it. */
  readonly patients: readonly JsonObject[];
  readonly specimens: readonly JsonObject[];
  /** Reports, observations and the task of the order, by `Type/id`. */
  readonly others: ReadonlyMap<string, JsonObject>;
  /** Whose the order is, by HSA-id. */
  readonly owner: { readonly careProvider: string | null; readonly careUnit: string | null };
};

/** The order number of a group, the same wherever it stands. @throws NotMapped when there is none, or two. */
export function placerAt({ orc, obr }: OrderGroup): Named {
  const names = [entityAt(orc, "2"), entityAt(obr, "2")].filter((one) => one !== undefined);
  const [first, second] = names;
  const place = (orc ?? obr)?.place ?? "ORC";
  if (first === undefined) throw new NotMapped("order-missing", `${place}-2`);
  if (second !== undefined && nameText(first) !== nameText(second)) throw new NotMapped("order-missing", `${place}-2`);
  return first;
}

/** The order that the group is about. @throws NotMapped when order, identity number or specimen do not hold. */
export function matchOrder(
  group: OrderGroup,
  pid: Segment | undefined,
  facts: OrderFacts,
  partner: Partner,
): JsonObject {
  const { order } = facts;
  const place = (group.orc ?? group.obr)?.place ?? "ORC";
  if (order === undefined) throw new NotMapped("order-unknown", `${place}-2`);
  const performers = objectsIn(order["performer"]).map(referenceIn);
  if (performers.length > 0 && !performers.includes(partner.organization.reference))
    throw new NotMapped("order-not-yours", `${place}-2`);
  matchPatient(pid, facts.patients);
  matchSpecimens(group, facts.specimens);
  if (order["status"] === "entered-in-error") throw new NotMapped("order-mistaken", `${place}-2`);
  return order;
}

/** One of the numbers must be the patient's, and none of another person's kind may contradict it. */
function matchPatient(pid: Segment | undefined, patients: readonly JsonObject[]): void {
  const told = pid === undefined ? [] : numbersAt(pid, 3);
  const identities = told.filter(({ system }) => isIdentitySystem(system));
  if (identities.length === 0) throw new NotMapped("number-missing", "PID[1]-3");
  const known = patients.flatMap(numbersIn);
  const isKnown = (one: AssignedNumber): boolean =>
    known.some(({ system, value }) => system === one.system && value.replaceAll("-", "") === one.value);
  if (!identities.every(isKnown)) throw new NotMapped("number-mismatch", "PID[1]-3");
}

/** Each specimen that the answer names is the order's; an order with specimens is answered with one of them. */
function matchSpecimens({ specimens: told, obr, orc }: OrderGroup, specimens: readonly JsonObject[]): void {
  const place = `${(obr ?? orc)?.place ?? "OBR"}`;
  const named = told.map((spm) => ({ spm, name: specimenAt(spm) }));
  for (const { spm, name } of named) {
    if (name === undefined) throw new NotMapped("specimen-missing", `${spm.place}-2`);
    if (specimens.length > 0 && !specimens.some((one) => isSpecimen(one, name)))
      throw new NotMapped("specimen-mismatch", `${spm.place}-2`);
  }
  const isNumbered = specimens.some(
    (one) => one["accessionIdentifier"] !== undefined || one["identifier"] !== undefined,
  );
  if (isNumbered && named.length === 0) throw new NotMapped("specimen-missing", place);
}

/** The specimen's number from the one who ordered (SPM-2.1), else the laboratory's own (SPM-2.2). */
export function specimenAt(spm: Segment): AssignedNumber | { readonly own: string } | undefined {
  for (const component of ["2.1", "2.2"]) {
    const value = textAt(spm, `${component}.1`);
    if (value === undefined) continue;
    const name = textAt(spm, `${component}.2`);
    const universal = textAt(spm, `${component}.3`);
    if (name === "EIRA") return { own: value };
    if (universal !== undefined) return { system: universal.includes(":") ? universal : `urn:oid:${universal}`, value };
    return { system: name === undefined ? "" : `urn:eira:hl7v2:utgivare:${name}`, value };
  }
  return undefined;
}

function isSpecimen(specimen: JsonObject, name: AssignedNumber | { readonly own: string }): boolean {
  if ("own" in name) return specimen["id"] === name.own;
  const numbers = [objectIn(specimen["accessionIdentifier"]), ...objectsIn(specimen["identifier"])];
  return numbers.some((one) => one["value"] === name.value && (name.system === "" || one["system"] === name.system));
}

/** The specimens of the order that the group names. */
export function specimensOf({ specimens: told }: OrderGroup, specimens: readonly JsonObject[]): readonly JsonObject[] {
  const names = told.map(specimenAt).filter((one) => one !== undefined);
  return specimens.filter((one) => names.some((name) => isSpecimen(one, name)));
}

/** The patient whom an order is for, as a reference. */
export function subjectOf(order: JsonObject): JsonObject {
  return objectIn(order["subject"]);
}
