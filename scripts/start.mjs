/**
 * `npm start`: from a fresh checkout to a running Eira. Installs what is missing, builds what has changed, then serves.
 * Needs nothing but Node itself, so that it can run before anything is installed.
 */
import { refuseOldNode } from "./prepare/node-version.mjs";

refuseOldNode();
const { prepare } = await import("./prepare/prepare.mjs");
const { runProgram } = await import("./prepare/run-program.mjs");

// What is tried out is answered: a simulated laboratory and radiology department, in a demonstration only.
process.env.EIRA_SIMULATORS ??= "on";
await prepare(["server", "web"]);
await runProgram(["serve", ...process.argv.slice(2)]);
