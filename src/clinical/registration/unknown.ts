/**
 * Registering somebody whom nobody knows, and a child that is born: one command, in one commit with the visit, which gives the unit that
 * registers the care relation at once. Blood, drugs and imaging can be ordered in the next moment. What is guessed says that it is.
 *
 * SPEC CLIN-REGISTER-1 to CLIN-REGISTER-5 · F31 · https://hl7.org/fhir/R4/patient.html
 */
import type { PersonActor } from "../../access/index.ts";
import { isoUtc, zonedDate } from "../../base/index.ts";
import {
  FhirError,
  fhirError,
  fhirErrorAt,
  listOf,
  objectOf,
  protectionLabels,
  type JsonObject,
} from "../../fhir/index.ts";
import {
  commit,
  disclosedAfter,
  readResource,
  refuseVisit,
  requireNeed,
  seeAlsoCommand,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { onceUnder, roleReference, unitReference } from "../acting.ts";
import { objectIn, textIn } from "../said.ts";
import { drawIdentity, type Drawn, type Sex } from "./reserve.ts";

export const ESTIMATED_URL = "urn:eira:registrering:uppskattad";
const OLDEST = 115;
const LONGEST_KEY = 100;
const CHILD = 18;

export type UnknownWish = {
  /** One person however often it is sent. */
  readonly key: string;
  readonly sex: Sex;
  /** Years, as somebody guesses; null when nobody can. */
  readonly age: number | null;
  readonly reason: string | null;
};
export type ChildWish = { readonly key: string; readonly sex: Sex };
export type Registered = { readonly id: string };

/** Errors: REGISTER_INVALID, RESERVE_NUMBERS_OUT, FORBIDDEN, those of `commit`. */
export async function registerUnknown(visit: Visit, wish: UnknownWish): Promise<Disclosed<Registered>> {
  const person = await registering(visit);
  refuseBadKey(wish.key);
  const { sex, age, reason } = wish;
  if (age !== null && (!Number.isInteger(age) || age < 0 || age > OLDEST)) throw fhirErrorAt("REGISTER_INVALID", "age", `0-${OLDEST}`); // prettier-ignore
  const now = visit.clock();
  const born = age === null ? null : String(Number(zonedDate(now.getTime()).slice(0, 4)) - age);
  const drawn = await drawIdentity(visit, {
    by: `${person.hsaId} ${wish.key}`,
    sex,
    born,
    name: unknownName(sex, age),
  });
  const patient: JsonObject = {
    ...bodyOf(drawn, sex),
    ...(born === null ? {} : { birthDate: born, _birthDate: { extension: [{ url: ESTIMATED_URL, valueBoolean: true }] } }), // prettier-ignore
  };
  const visitOf = await encounterOf(visit, person, { className: "EMER", display: "akut", reason });
  return registered(visit, [visitOf, newPatient(patient)], { key: `unknown ${person.hsaId} ${wish.key}`, wish });
}

/**
 * A child that somebody here has given birth to: its own number, the day of birth, and its mother as its relative, who is said to be the same
 * as the patient. Errors: those of `registerUnknown`, NOT_FOUND, NO_CARE_RELATION for the mother.
 */
export async function registerChild(visit: Visit, mother: string, wish: ChildWish): Promise<Disclosed<Registered>> {
  const person = await registering(visit);
  refuseBadKey(wish.key);
  await requireNeed(visit, mother, `Patient/${mother} child`);
  const known = objectIn((await readResource(visit, "Patient", mother)).value.content);
  const { sex } = wish;
  const born = zonedDate(visit.clock().getTime());
  const drawn = await drawIdentity(visit, {
    by: `${person.hsaId} ${mother} ${wish.key}`,
    sex,
    born,
    name: NEWBORN[sex],
  });
  const relative = "urn:uuid:5f0a2c5e-7d0b-4c1c-9a3e-0b8f6c1d2e3f";
  const commands = async (): Promise<readonly Command[]> => [
    await encounterOf(visit, person, { className: "IMP", display: "sluten vård", reason: "Född här" }),
    newPatient({ ...bodyOf(drawn, sex), birthDate: born }),
    { kind: "create", type: "RelatedPerson", where: "RelatedPerson", fullUrl: relative, resource: motherOf(known) },
    await seeAlsoCommand(visit, mother, relative),
  ];
  const once = { key: `child ${person.hsaId} ${mother} ${wish.key}`, wish: { ...wish, mother } };
  // Somebody may write in the mother's record meanwhile: that keeps no child from being registered.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await registered(visit, await commands(), once);
    } catch (error) {
      if (!(error instanceof FhirError && error.code === "VERSION_CONFLICT") || attempt === 3) throw error;
    }
  }
}

/** Who registers: staff in Eira itself, who are no students. */
async function registering(visit: Visit): Promise<PersonActor> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "register", "Personer registreras av personal med medarbetaruppdrag, i Eira.");
  if (actor.assignment.footing?.kind === "student")
    return refuseVisit(visit, "register", "En student registrerar ingen patient.");
  return actor;
}

const NEW_PATIENT = "urn:uuid:0b9d2a70-3c55-4b1e-8f67-1d5a9e2c7b40";

function newPatient(resource: JsonObject): Command {
  return { kind: "create", type: "Patient", where: "Patient", fullUrl: NEW_PATIENT, resource };
}

async function registered(
  visit: Visit,
  commands: readonly Command[],
  { key, wish }: { readonly key: string; readonly wish: object },
): Promise<Disclosed<Registered>> {
  const { value } = await commit(visit, commands, onceUnder(key, wish));
  const made = value.find(({ type }) => type === "Patient");
  if (made === undefined) throw fhirError("NOT_FOUND"); // one was asked for
  return disclosedAfter(visit, [], { id: made.id });
}

function bodyOf({ system, value, label }: Drawn, sex: Sex): JsonObject {
  return {
    resourceType: "Patient",
    identifier: [{ use: "temp", system, value }],
    active: true,
    name: [{ use: "temp", text: label }],
    gender: sex,
  };
}

const NEWBORN: Readonly<Record<Sex, string>> = {
  female: "Nyfödd flicka",
  male: "Nyfödd pojke",
  unknown: "Nyfött barn",
};

function unknownName(sex: Sex, age: number | null): string {
  const isChild = age !== null && age < CHILD;
  if (sex === "unknown") return isChild ? "Okänt barn" : "Okänd person";
  if (sex === "female") return isChild ? "Okänd flicka" : "Okänd kvinna";
  return isChild ? "Okänd pojke" : "Okänd man";
}

type Arrival = { readonly className: "EMER" | "IMP"; readonly display: string; readonly reason: string | null };

/** The visit that gives the unit its care relation, from the moment at which it is written. */
async function encounterOf(
  visit: Visit,
  person: PersonActor,
  { className, display, reason }: Arrival,
): Promise<Command> {
  const said = reason?.trim() ?? "";
  const resource: JsonObject = {
    resourceType: "Encounter",
    status: "in-progress",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: className, display },
    subject: { reference: NEW_PATIENT },
    participant: [{ individual: roleReference(person) }],
    period: { start: isoUtc(visit.clock().getTime()) },
    ...(said === "" ? {} : { reasonCode: [{ text: said }] }),
    serviceProvider: await unitReference(visit, person.assignment.unitHsaId),
  };
  return { kind: "create", type: "Encounter", where: "Encounter", resource };
}

/** The mother as the child's relative: by number alone, since her name may be another tomorrow; of somebody protected not even that. */
function motherOf(mother: JsonObject): JsonObject {
  const isProtected = protectionLabels(mother).length > 0;
  const [number] = listOf(mother["identifier"]).map(objectOf).filter(({ use }) => use !== "old"); // prettier-ignore
  const { system, value } = number ?? {};
  const known = !isProtected && textIn(system) !== undefined && textIn(value) !== undefined;
  return {
    resourceType: "RelatedPerson",
    ...(known ? { identifier: [{ system, value }] } : {}),
    active: true,
    patient: { reference: NEW_PATIENT },
    relationship: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-RoleCode", code: "MTH", display: "mor" }] }], // prettier-ignore
  };
}

/** Errors: REGISTER_INVALID. */
export function refuseBadKey(key: string): void {
  if (!/^[\x20-\x7e]{8,}$/.test(key) || key.length > LONGEST_KEY) throw fhirErrorAt("REGISTER_INVALID", "key", `8-${LONGEST_KEY}`); // prettier-ignore
}
