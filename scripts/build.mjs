/**
 * `npm run build`: builds what is older than its sources into dist/; `--force` builds everything.
 * Names of targets (server, web) choose among them. `npm start` runs this in a process of its own.
 */
import { refuseOldNode } from "./prepare/node-version.mjs";

refuseOldNode();
const { prepare } = await import("./prepare/prepare.mjs");
const { targets } = await import("./prepare/targets.mjs");

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith("--"));
await prepare(named.length > 0 ? named : Object.keys(targets), { force: words.includes("--force") });
