/** Work that no request waits for. SPEC: SPEC.md in this folder. */
export { startHousekeeping } from "./housekeeping.ts";
export { startLoopWatch } from "./loop-watch.ts";
export { startLoop, underLease, type Loop, type LoopOptions, type Round } from "./loop.ts";
export { startWork, type WorkOptions } from "./work.ts";
