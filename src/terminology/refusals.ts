/** The refusals of the terminology service, each with where it stands in the request. SPEC TERM-REFUSE */
import { fhirError, fhirErrorAt, type FhirError } from "../fhir/index.ts";

const WHY = {
  concepts: { sv: "för många begrepp att gå igenom", en: "too many concepts to look at" },
  time: { sv: "det tar för lång tid", en: "it takes too long" },
  size: { sv: "för många begrepp i svaret", en: "too many concepts in the answer" },
  depth: { sv: "för många urval i varandra", en: "value sets nested too deep" },
  pattern: { sv: "mönstret är för stort", en: "the pattern is too large" },
} as const;

export function tooCostly(why: keyof typeof WHY): FhirError {
  return fhirError("TERMINOLOGY_TOO_COSTLY", WHY[why]);
}

/** @param canonical url, with version when one was asked for */
export function unknownCanonical(type: "CodeSystem" | "ValueSet" | "ConceptMap", canonical: string): FhirError {
  return fhirErrorAt("TERMINOLOGY_UNKNOWN", type, canonical);
}

export function unknownCode(code: string, system: string): FhirError {
  return fhirErrorAt("CODE_UNKNOWN", "code", code, system);
}

export function unsupportedFilter(text: string): FhirError {
  return fhirErrorAt("FILTER_NOT_SUPPORTED", "ValueSet.compose.include.filter", text);
}

export function valueSetLoop(url: string): FhirError {
  return fhirErrorAt("VALUE_SET_LOOP", "ValueSet.compose", url);
}

/** @param name of the parameter; never its value */
export function parameterMissing(name: string): FhirError {
  return fhirErrorAt("OPERATION_PARAMETER", name, name);
}
