/**
 * `npm run check`: everything that a tool can judge without running the product. Installs and builds what is missing
 * first (the page budgets are measured on the build).
 */
import { refuseOldNode } from "./prepare/node-version.mjs";

refuseOldNode();
const { prepare } = await import("./prepare/prepare.mjs");
const { runTypeScript } = await import("./prepare/run-program.mjs");

await prepare(["server", "web"], { development: true });
process.exitCode = await runTypeScript("scripts/checks/run.ts", process.argv.slice(2));
