/**
 * FHIR search as pure functions: from a query string to a plan, from a plan to SQL, from a resource to the keys that
 * SQL finds it by. No clock, no database. SPEC: SPEC.md in this folder.
 */
export {
  compileCount,
  compileIncludes,
  compileRevinclude,
  compileSearch,
  hasOnePlan,
  pageOf,
  type FoundRow,
  type Page,
} from "./compile.ts";
export {
  compileNamed,
  compileNames,
  compileWhole,
  encounterTypesOf,
  linkedNames,
  PATIENT_TYPES,
  type Focus,
  type Whole,
  type WholeRow,
} from "./everything.ts";
export { hasCompartment } from "./compartment.ts";
export { compileContainers, containedMatches, MOST_CONTAINERS } from "./contained.ts";
export { encodeCursor } from "./cursor.ts";
export { extractKeys, type ExtractOptions, type SearchKeys } from "./extract.ts";
export { includeTargets, type IncludeTarget } from "./includes.ts";
export { chainsOf, compileHolders, withHeld } from "./inside.ts";
export { referenceToken, systemCodeValue, tokenKey } from "./keys.ts";
export {
  CODE_KEY,
  codeParameterOf,
  rangeColumns,
  resourceTableSql,
  tableOf,
  timeColumnsOf,
  type RangeColumn,
} from "./layout.ts";
export { compileLastN } from "./last-n.ts";
export { compileLabels } from "./labels.ts";
export { nextQuery, selfQuery } from "./links.ts";
export { narrowedSql, narrowingKeys, type NarrowedRows } from "./narrowed.ts";
export { compileMatching } from "./matching.ts";
export { compileReferring } from "./referring.ts";
export { sureHomeOf } from "./patient.ts";
export { compileProtected } from "./protected.ts";
export { parseSearch, parseSystemSearch, type SearchOptions, type SearchParameters } from "./parse.ts";
export type { Compartment, Condition, Cursor, Include, SearchPlan, SortKey, Summary, Total } from "./plan.ts";
export { resolveTerminology } from "./terminology.ts";
export { parametersOf, type SearchParameter, type SearchType } from "./registry.ts";
export { compileDeletions, compileSlice, type SliceAsk, type SliceRow } from "./slice.ts";
export type { AccessPredicate, Statement } from "./sql.ts";
export { unitOf } from "./ucum.ts";
export { findsUnstored } from "./unstored.ts";
export { isNarrowing } from "./where.ts";
