/**
 * `npm run eira -- <command>`: the command line. Prepares like `npm start`, but says nothing on standard output
 * (`eira token` prints a token and nothing else) and builds the web application only for `serve`.
 */
import { refuseOldNode } from "./prepare/node-version.mjs";

refuseOldNode();
const { prepare } = await import("./prepare/prepare.mjs");
const { runProgram } = await import("./prepare/run-program.mjs");

const command = process.argv.slice(2);
await prepare(command[0] === "serve" ? ["server", "web"] : ["server"]);
await runProgram(command);
