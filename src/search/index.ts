/**
 * FHIR search as pure functions: from a query string to a plan, from a plan to SQL, from a resource to the keys that
 * SQL finds it by. No clock, no database. SPEC: SPEC.md in this folder.
 */
export { primaryDateColumn, primaryDateOf, rangeColumns, resourceTableSql, tableOf, type RangeColumn } from "./layout.ts";
export { parameterOf, parametersOf, type SearchParameter, type SearchType } from "./registry.ts";
