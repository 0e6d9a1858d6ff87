/**
 * The code systems that the region's data use, each named once, and the small constructors of coded values.
 * What has no national or international code that we are sure of carries a local one, which says so in its system.
 * SPEC DEMO-CODE · identifiers from ../shared/domain-sweden.md section 1.7
 */
import type { CodeableConcept, Coding, Extension, Identifier } from "fhir/r4";

export const SYSTEM = {
  hsaId: "urn:oid:1.2.752.29.4.19",
  personnummer: "http://electronichealth.se/identifier/personnummer",
  samordningsnummer: "http://electronichealth.se/identifier/samordningsnummer",
  nationalReserve: "http://electronichealth.se/identifier/nationelltReservnummer",
  regionalReserve: "urn:oid:1.2.752.113.11.0.2.1.1.1",
  occupation: "urn:oid:1.2.752.116.3.1.3",
  security: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel",
  addressType: "http://hl7.se/fhir/ig/base/StructureDefinition/SEBaseAddressPersonExtension",
  snomed: "http://snomed.info/sct",
  loinc: "http://loinc.org",
  icd10se: "https://www.icd10.se/",
  kva: "urn:oid:1.2.752.116.1.3.2.3.6",
  atc: "http://www.whocc.no/atc",
  npu: "urn:oid:1.2.752.108.1",
  ucum: "http://unitsofmeasure.org",
  requestStatus: "urn:oid:1.2.752.129.2.2.2.43",
  noteType: "urn:oid:1.2.752.129.2.2.2.11",
  language: "urn:ietf:bcp:47",
  actCode: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
  maritalStatus: "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus",
  roleCode: "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
} as const;

/** Local systems of the demonstration: the code is a Swedish word and the meaning is its display. */
export const LOCAL = {
  unitType: "urn:eira:demo:enhetstyp",
  role: "urn:eira:demo:roll",
  analysis: "urn:eira:demo:analys",
  procedure: "urn:eira:demo:atgard",
  note: "urn:eira:demo:anteckningstyp",
  task: "urn:eira:demo:uppgift",
  contact: "urn:eira:demo:kontakttyp",
  observation: "urn:eira:demo:observation",
  flag: "urn:eira:demo:uppmarksamhet",
  plan: "urn:eira:demo:plan",
  document: "urn:eira:demo:dokumenttyp",
  referral: "urn:eira:demo:remisstyp",
  specimen: "urn:eira:demo:provmaterial",
} as const;

/** The roles that access is given in, as the directory keeps them. */
export const ROLE_SYSTEM = "urn:eira:roll";

/** One part of an extension that is put together. */
export function part(url: string, valueString: string): Extension {
  return { url, valueString };
}

/** A concept with one coding; the text is what a Swedish reader sees. */
export function concept(system: string, code: string, text: string): CodeableConcept {
  return { coding: [{ system, code, display: text }], text };
}

export function coding(system: string, code: string, display?: string): Coding {
  return display === undefined ? { system, code } : { system, code, display };
}

/** A concept of an HL7 code system under terminology.hl7.org. */
export function hl7(name: string, code: string, text?: string): CodeableConcept {
  const one = coding(`http://terminology.hl7.org/CodeSystem/${name}`, code);
  return text === undefined ? { coding: [one] } : { coding: [one], text };
}

/** A local concept: the code is made from the text. */
export function local(system: string, text: string): CodeableConcept {
  return concept(system, slug(text), text);
}

export function hsaIdentifier(value: string): Identifier {
  return { type: hl7("v2-0203", "PRN"), system: SYSTEM.hsaId, value };
}

export function conceptExtension(url: string, value: CodeableConcept): Extension {
  return { url, valueCodeableConcept: value };
}

/** Lower-case letters and digits joined by hyphens, Swedish letters folded. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[åä]/g, "a")
    .replace(/[öø]/g, "o")
    .replace(/[éè]/g, "e")
    .replace(/ü/g, "u")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
