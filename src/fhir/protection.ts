/**
 * Labels that say that a person's identity is protected: HL7 Sweden's (sekretessmarkering, skyddad folkbokföring) and R4's own
 * for what only few may see.
 *
 * SPEC FHIR-PROTECTION · https://hl7.org/fhir/R4/security-labels.html · HL7 Sweden SecurityLabel
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";

/** Any code of this system protects: one that is not known here may mean no less. */
export const PROTECTION_SYSTEM = "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel";
/** These protect whatever system they are said to be of, none too. */
export const PROTECTION_CODES: readonly string[] = [
  "sekretessmarkering",
  "Sekretessmarkering",
  "skyddadFolkbokforing",
  "SkyddadFolkbokforing",
  "skyddadfolkbokforing",
];
export const CONFIDENTIALITY_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/** Restricted and very restricted. */
export const CONFIDENTIAL_CODES: readonly string[] = ["R", "V"];

/** Types that are a person. What a relative's says tells of the patient that the relative belongs to. */
export const PERSON_TYPES: ReadonlySet<string> = new Set(["Patient", "Practitioner", "Person", "RelatedPerson"]);

/** The labels of a resource that protect a person; none for most. */
export function protectionLabels({ meta }: JsonObject): readonly JsonObject[] {
  const labels = isJsonObject(meta) ? meta["security"] : undefined;
  return isJsonArray(labels) ? labels.filter(isProtectionLabel) : [];
}

/** Whether a security label is one that protects a person. */
export function isProtectionLabel(label: JsonValue): label is JsonObject {
  if (!isJsonObject(label)) return false;
  const { system, code } = label;
  if (system === PROTECTION_SYSTEM || PROTECTION_CODES.includes(code as string)) return true;
  return system === CONFIDENTIALITY_SYSTEM && CONFIDENTIAL_CODES.includes(code as string);
}

const MARKS = [
  "ekretessmarkering",
  "kyddadFolkbokforing",
  "kyddadfolkbokforing",
  PROTECTION_SYSTEM,
  CONFIDENTIALITY_SYSTEM,
];

/**
 * False when the text of a resource surely has no label that protects, so that it need not be parsed: the texts that the
 * journal keeps escape no letter.
 */
export function mayBeProtected(content: string): boolean {
  return MARKS.some((mark) => content.includes(mark));
}
