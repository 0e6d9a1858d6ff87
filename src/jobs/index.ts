/** Work that no request waits for. SPEC: SPEC.md in this folder. */
export { startHousekeeping } from "./housekeeping.ts";
