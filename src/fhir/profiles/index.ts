/** Profiles: StructureDefinitions as judges of resources. SPEC FHIR-PROFILE · https://hl7.org/fhir/R4/profiling.html */
export { claimsOf, ProfileSet, type Judgement, type JudgeOptions } from "./profile-set.ts";
export { codeIssue } from "./code-answers.ts";
export { partsOf as canonicalParts } from "./canonical.ts";
export type { AskedCode, CodeQuestion } from "./run.ts";
