/**
 * Runs test files with node:test in the order in which they are given, so that the longest can begin first (`node --test` sorts them
 * by name), and tells one JSON line per event. Its one argument is the JSON of `files`, `concurrency` and `timeout`.
 */
import { run } from "node:test";
import events from "./events.mjs";

const results = run(JSON.parse(process.argv[2] ?? "{}"));
results.on("test:fail", () => (process.exitCode = 1));
results.compose(events).pipe(process.stdout);
