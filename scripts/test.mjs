/**
 * `npm test`: the whole test run on a fresh checkout. Installs and builds what is missing, then checks, unit, database,
 * browser and fault tests. The last line is always `N passed, N failed`. `-- --only unit,database` chooses parts.
 */
import { refuseOldNode } from "./prepare/node-version.mjs";

refuseOldNode();
const { prepare } = await import("./prepare/prepare.mjs");
const { runTypeScript } = await import("./prepare/run-program.mjs");

const sayThatNothingRan = () => console.log("0 passed, 1 failed");
process.once("exit", sayThatNothingRan); // preparing ends the process when it cannot go on
await prepare(["server", "web"], { development: true });
process.off("exit", sayThatNothingRan);

process.exitCode = await runTypeScript("scripts/testing/run.ts", process.argv.slice(2));
