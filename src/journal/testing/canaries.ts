/**
 * Canaries: two patients and one of the staff with protected identity, every telling element of whom holds a word that stands
 * nowhere else. A leak crawl pushes them through everything and greps what came out. SPEC HTTP-LEAK
 */
import type { JsonObject } from "../../fhir/index.ts";

const LABELS = "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel";
const NUMBERS = "http://electronichealth.se/identifier/personnummer";
const HSA = "urn:oid:1.2.752.29.4.19";

/** What a word tells, and of whom: `name` and `number` are the patient's own, which a chart shows. */
export type Kind = "name" | "number" | "place" | "call" | "relative" | "unit" | "copy" | "staff";
export type Word = { readonly word: string; readonly kind: Kind; readonly of: string };

type Canary = { readonly id: string; readonly mark: string; readonly number: string; readonly code: string };

/** The two protected examples of HL7 Sweden, whose numbers are test numbers. */
export const CANARIES: readonly Canary[] = [
  { id: "fagel1", mark: "Azurmes", number: "200001252386", code: "sekretessmarkering" },
  { id: "fagel2", mark: "Videsparv", number: "189602029812", code: "skyddadFolkbokforing" },
];
export const STAFF_CANARY = { id: "fagel-doktor", mark: "Lappuggla", hsaId: "SE2321000131-FAGEL" } as const;

/** The words of a patient. Each begins with the mark, so that a part of one is found too. */
function wordsOf({ id, mark, number }: Canary): readonly Word[] {
  const word = (kind: Kind, text: string): Word => ({ word: text, kind, of: id });
  return [
    word("name", `${mark}namn`),
    word("name", `${mark}tilltal`),
    word("number", number),
    word("place", `${mark}gatan`),
    word("place", `${mark}stad`),
    word("place", `${mark}kommun`),
    word("place", `${mark}kyrka`),
    word("call", `070-99${number.slice(-5)}`),
    word("call", `${mark}post@exempel.se`),
    word("relative", `${mark}syster`),
    word("relative", `${mark}systersgata`),
    word("unit", `${mark}centralen`),
    word("unit", `"Organization/${id}-centralen"`),
    word("copy", `${mark}avskrift`), // a name that other resources repeat
    word("copy", `${mark}berättelse`), // narrative
  ];
}

export const WORDS: readonly Word[] = [
  ...CANARIES.flatMap(wordsOf),
  ...["namn", "tilltal", "gatan", "post@exempel.se", "avskrift"].map((end): Word => ({
    word: `${STAFF_CANARY.mark}${end}`,
    kind: "staff",
    of: STAFF_CANARY.id,
  })),
];

/** The words that stand in a text, in any case and also percent-encoded or escaped. */
export function wordsIn(text: string): readonly Word[] {
  const plain = plainOf(text);
  return WORDS.filter(({ word }) => plain.includes(word.toLowerCase()));
}

function plainOf(text: string): string {
  let decoded = text;
  try {
    if (/%[0-9a-f]{2}/i.test(text))
      decoded = `${text}\n${decodeURIComponent(text.replaceAll("%", "%25").replaceAll(/%25([0-9a-f]{2})/gi, "%$1"))}`;
  } catch {
    // Not percent-encoded after all.
  }
  const unescaped = decoded.includes("\\u")
    ? `${decoded}\n${decoded.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))}`
    : decoded;
  return unescaped.replaceAll('\\"', '"').toLowerCase();
}

/** Everything of the canaries, to be put in this order; `changes` are second versions of the patients. */
export function canaryResources(): readonly JsonObject[] {
  return [...CANARIES.flatMap(patientResources), ...staffResources()];
}

/** The Patient as it stands. */
export function canaryPatient({ id, mark, number, code }: Canary): JsonObject {
  const unit = { reference: `Organization/${id}-centralen`, display: `${mark}centralen` };
  const calls = [
    { system: "phone", value: `070-99${number.slice(-5)}` },
    { system: "email", value: `${mark}post@exempel.se` },
  ];
  const address = [
    { line: [`${mark}gatan 1`], city: `${mark}stad`, district: `${mark}kommun`, text: `${mark}gatan 1, ${mark}stad` },
  ];
  return {
    resourceType: "Patient",
    id,
    meta: { security: [{ system: LABELS, code }] },
    text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml">${mark}berättelse</div>` },
    extension: [
      {
        url: "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
        valueAddress: { city: `${mark}kommun`, text: `${mark}kyrka` },
      },
    ],
    identifier: [{ system: NUMBERS, value: number }],
    name: [{ use: "official", family: `${mark}namn`, given: [`${mark}tilltal`] }],
    telecom: calls,
    gender: "female",
    birthDate: `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}`,
    address,
    contact: [{ name: { text: `${mark}syster` }, telecom: calls, address: { line: [`${mark}systersgata 2`] } }],
    generalPractitioner: [unit],
    managingOrganization: unit,
  };
}

function patientResources(canary: Canary): readonly JsonObject[] {
  const { id, mark } = canary;
  const whole = canaryPatient(canary);
  const { meta: _protected, ...before } = whole;
  const subject = { reference: `Patient/${id}`, display: `${mark}avskrift` };
  const doctor = { reference: `Practitioner/${STAFF_CANARY.id}`, display: `${STAFF_CANARY.mark}avskrift` };
  const encounter = { reference: `Encounter/${id}-besok` };
  return [
    { resourceType: "Organization", id: `${id}-centralen`, name: "Vårdcentralen" },
    before,
    whole,
    {
      resourceType: "RelatedPerson",
      id: `${id}-syster`,
      patient: subject,
      name: [{ text: "Syster" }],
      telecom: whole["telecom"] ?? [],
      address: [{ line: [`${mark}systersgata 2`] }],
    },
    {
      resourceType: "Encounter",
      id: `${id}-besok`,
      status: "in-progress", // what has ended opens the records for 90 days only, and these dates stand still
      class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
      subject,
      participant: [{ individual: doctor }],
      period: { start: "2026-11-01T08:00:00Z" },
    },
    {
      resourceType: "Observation",
      id: `${id}-puls`,
      status: "final",
      code: { coding: [{ system: "http://loinc.org", code: "8867-4" }], text: "Puls" },
      subject,
      encounter,
      performer: [doctor],
      effectiveDateTime: "2026-11-01T08:10:00Z",
      valueQuantity: { value: 70, unit: "/min" },
    },
    {
      resourceType: "Composition",
      id: `${id}-anteckning`,
      status: "final",
      type: { text: "Besöksanteckning" },
      subject,
      encounter,
      date: "2026-11-01T08:20:00Z",
      author: [doctor],
      title: "Besöksanteckning",
    },
    {
      resourceType: "AllergyIntolerance",
      id: `${id}-allergi`,
      patient: subject,
      recorder: doctor,
      code: { text: "Penicillin" },
      clinicalStatus: {
        coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
      },
    },
    { resourceType: "Group", id: `${id}-grupp`, type: "person", actual: true, member: [{ entity: subject }] },
    { resourceType: "List", id: `${id}-lista`, status: "current", mode: "working", entry: [{ item: subject }] },
  ];
}

function staffResources(): readonly JsonObject[] {
  const { id, mark, hsaId } = STAFF_CANARY;
  return [
    {
      resourceType: "Practitioner",
      id,
      meta: { security: [{ system: LABELS, code: "sekretessmarkering" }] },
      active: true,
      identifier: [{ system: HSA, value: hsaId }],
      name: [{ use: "official", family: `${mark}namn`, given: [`${mark}tilltal`], text: `${mark}tilltal ${mark}namn` }],
      telecom: [{ system: "email", value: `${mark}post@exempel.se` }],
      address: [{ line: [`${mark}gatan 3`] }],
    },
    {
      resourceType: "PractitionerRole",
      id: `${id}-uppdrag`,
      active: true,
      practitioner: { reference: `Practitioner/${id}`, display: `${mark}avskrift` },
      code: [{ text: "Läkare" }],
    },
  ];
}
