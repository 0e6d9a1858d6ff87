/**
 * FHIR R4 as pure functions: JSON text with numbers kept as written, references, dates with precision,
 * outcomes, definitions, validation. No clock, no network, no database. SPEC: SPEC.md in this folder.
 */
export {
  ExactNumber,
  isJsonArray,
  isJsonObject,
  isNumber,
  numberOf,
  numberText,
  parseJson,
  writeJson,
  type JsonArray,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
} from "./json.ts";
export { listOf, objectOf } from "./json-value.ts";
export { parseXml, writeXml, type XmlLimits } from "./xml/index.ts";
export {
  FhirError,
  fhirError,
  fhirErrorAt,
  fhirErrorWith,
  informationOutcome,
  isError,
  outcomeOf,
  safeWord,
  type Issue,
  type Language,
  type Phrase,
  type Severity,
  type Word,
} from "./outcomes.ts";
export { OUTCOMES, type IssueCode, type OutcomeCode, type OutcomeEntry } from "./outcome-catalogue.ts";
export { isResourceType, type ResourceType } from "./resource-types.ts";
export { RESOURCE_TYPES } from "./generated/resource-types.ts";
export {
  searchParametersOf,
  type SearchComponent,
  type SearchParameterDefinition,
  type SearchParameterType,
} from "./search-parameters.ts";
export { definitionTextsOf } from "./definitions.ts";
export { SEARCH_PARAMETERS } from "./generated/search-parameters.ts";
export { OTHER_COMPARTMENTS, PATIENT_COMPARTMENT } from "./generated/compartments.ts";
export { isFhirId, parseReference, type ParsedReference } from "./references.ts";
export { applyJsonPatch, applyResourcePatch } from "./json-patch.ts";
export { applyFhirPathPatch, loadFhirPath } from "./path/index.ts";
export { dateRange, type DateRange } from "./dates.ts";
export { elementsOf, isPrimitiveType, memberName, type ElementDefinition, type ElementType } from "./elements.ts";
export { requiredCodes } from "./required-codes.ts";
export { validateResource } from "./validation/validate.ts";
export { boundedPattern, PatternError } from "./pattern.ts";
export {
  canonicalParts,
  claimsOf,
  codeIssue,
  ProfileSet,
  type CodeQuestion,
  type Judgement,
  type JudgeOptions,
} from "./profiles/index.ts";
export { isEqualJson } from "./json-equal.ts";
export { isSubset, subsetResource, type Subset } from "./subset.ts";
export {
  CONFIDENTIAL_CODES,
  CONFIDENTIALITY_SYSTEM,
  isProtectionLabel,
  mayBeProtected,
  PERSON_TYPES,
  PROTECTION_CODES,
  PROTECTION_SYSTEM,
  protectionLabels,
} from "./protection.ts";
