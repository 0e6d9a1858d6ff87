/**
 * The demonstration region: a believable fictional Swedish region whose people and records follow from a seed and a day.
 * Synthetic throughout, for demonstrations and tests; not clinical guidance. Pure: no clock, no entropy. SPEC DEMO
 */
export {
  generateRegion,
  type DemoRegion,
  type RegionOptions,
  type RegionSummary,
  type StaffSummary,
} from "./region.ts";
export type { DemoTemplate } from "./catalogue/letters.ts";
export type { DemoEntry } from "./chart/chart.ts";
export { ANALYSES, type Analysis, type AnalysisKey } from "./codes/analyses.ts";
export { PANELS } from "./codes/panels.ts";
export { TEST_PERSONNUMMER } from "./test-numbers.ts";
export { demoUnit } from "./directory/units.ts";
