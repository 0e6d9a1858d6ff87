/**
 * Patient and RelatedPerson of a planned person, after the Swedish base profiles. For protected identity the record
 * holds no home, no telephone, no centre and no relative: only the tax agency's forwarding address. SPEC DEMO-PAT
 */
import type { Address, Patient, RelatedPerson } from "fhir/r4";
import { coding, concept, conceptExtension, hl7, SYSTEM } from "../codes/systems.ts";
import type { Directory } from "../directory/directory.ts";
import { dayText, timeText } from "../time.ts";
import type { IdentityOfPerson, NumberKind, Person, Relation } from "./person.ts";

const NUMBER_SYSTEM: Record<NumberKind, string> = {
  personnummer: SYSTEM.personnummer,
  samordningsnummer: SYSTEM.samordningsnummer,
  "nationellt-reservnummer": SYSTEM.nationalReserve,
  "regionalt-reservnummer": SYSTEM.regionalReserve,
};

const MARITAL: Record<NonNullable<Person["married"]>, string> = {
  gift: "M",
  ogift: "U",
  skild: "D",
  "änka/änkling": "W",
};

const REGISTERED = { code: "63381000052101", display: "folkbokföringsadress" };
const SPECIAL = { code: "63391000052104", display: "särskild postadress" };

/** The Patient resource. */
export function patientOf(person: Person, directory: Directory): Patient {
  const hidden = person.protection !== undefined;
  const centre = directory.unit(person.centre);
  return {
    resourceType: "Patient",
    id: person.id,
    meta: { security: securityOf(person) },
    identifier: [identifierOf(person.identity)],
    active: person.death === undefined,
    name: [
      {
        use: person.birth === undefined && person.sex === "unknown" ? "temp" : "official",
        family: person.family,
        given: givenOf(person),
        text: fullName(person),
      },
    ],
    gender: person.sex,
    ...(person.birth === undefined ? {} : { birthDate: dayText(person.birth) }),
    ...(person.death === undefined ? {} : { deceasedDateTime: timeText(person.death) }),
    ...(hidden || !person.phone
      ? {}
      : {
          telecom: [{ system: "phone", use: person.phone.startsWith("070") ? "mobile" : "home", value: person.phone }],
        }),
    ...addressOf(person),
    ...(person.married ? { maritalStatus: hl7("v3-MaritalStatus", MARITAL[person.married], person.married) } : {}),
    ...languageOf(person),
    ...(hidden || person.birth === undefined ? {} : { generalPractitioner: [centre.ref] }),
  };
}

/** One RelatedPerson for each relation; ids are given by the caller. */
export function relativeOf(person: Person, relation: Relation, id: string): RelatedPerson {
  const [given, ...rest] = relation.name.split(" ");
  return {
    resourceType: "RelatedPerson",
    id,
    ...(relation.identity ? { identifier: [identifierOf(relation.identity)] } : {}),
    active: true,
    patient: { reference: `Patient/${person.id}`, display: fullName(person) },
    relationship: [concept(SYSTEM.roleCode, relation.code, relation.word)],
    name: [{ use: "official", family: rest.join(" "), given: [given!], text: relation.name }],
    telecom: [{ system: "phone", use: "mobile", value: relation.phone }],
  };
}

export function fullName(person: Person): string {
  return `${person.given} ${person.family}`;
}

function givenOf(person: Person): string[] {
  return person.middle ? [person.given, person.middle] : [person.given];
}

function identifierOf(identity: IdentityOfPerson): { system: string; value: string } {
  return { system: NUMBER_SYSTEM[identity.kind], value: identity.value };
}

function securityOf(person: Person): { system: string; code: string; display?: string }[] {
  const demo = { system: SYSTEM.actCode, code: "DEMO" };
  return person.protection ? [demo, { system: SYSTEM.security, code: person.protection }] : [demo];
}

function addressOf(person: Person): { address?: Address[] } {
  if (person.protection) {
    const line = ["Förmedlingsuppdrag", "Box 2820"];
    return { address: [{ extension: [kindOf(SPECIAL)], line, city: "GÖTEBORG", postalCode: "403 20", country: "SE" }] };
  }
  if (!person.home) return {};
  const { line, postalCode, town } = person.home;
  return {
    address: [
      {
        extension: [kindOf(REGISTERED)],
        use: "home",
        type: "both",
        line: [line],
        city: town.name,
        district: town.municipality,
        postalCode,
        country: "SE",
      },
    ],
  };
}

function kindOf(kind: { code: string; display: string }): ReturnType<typeof conceptExtension> {
  return conceptExtension(SYSTEM.addressType, { coding: [coding(SYSTEM.snomed, kind.code, kind.display)] });
}

function languageOf(person: Person): Pick<Patient, "communication" | "extension"> {
  if (!person.language) return {};
  const [tag, name] = person.language;
  return {
    communication: [{ language: concept(SYSTEM.language, tag, name), preferred: true }],
    ...(person.needsInterpreter
      ? {
          extension: [
            { url: "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", valueBoolean: true },
          ],
        }
      : {}),
  };
}
