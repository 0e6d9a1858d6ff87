/** The command line. SPEC: SPEC.md in this folder. */
export type { Terminal } from "./command.ts";
export { configOf } from "./config.ts";
export { run } from "./run.ts";
