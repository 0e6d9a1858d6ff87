/** FHIRPath, and patches told in it. SPEC FHIR-PATH, FHIR-PATHPATCH · http://hl7.org/fhirpath/N1/ */
export { loadFhirPath } from "./path.ts";
export { applyFhirPathPatch } from "./patch.ts";
