/**
 * Reporter for node:test: one JSON line per event that scripts/testing needs. It runs inside the test runner's process,
 * so it is plain JavaScript and only passes on; counting and telling is done by whoever started the runner.
 */
import { inspect } from "node:util";

/** Turns the runner's events into JSON lines. */
// oxlint-disable-next-line import/no-default-export -- node:test takes a reporter by its default export
export default async function* events(source) {
  for await (const { type, data } of source) {
    if (type === "test:pass" || type === "test:fail") yield `${JSON.stringify(resultOf(type, data))}\n`;
    if (type === "test:stdout" || type === "test:stderr") {
      yield `${JSON.stringify({ kind: "output", file: data.file, text: data.message })}\n`;
    }
  }
}

function resultOf(type, { name, file, skip, todo, details }) {
  return {
    kind: details?.type === "suite" ? "suite" : "test",
    passed: type === "test:pass",
    name,
    file,
    skipped: skip === undefined && todo === undefined ? undefined : String(skip || todo || true),
    seconds: (details?.duration_ms ?? 0) / 1000,
    error: details?.error === undefined ? undefined : inspect(details.error.cause ?? details.error, { depth: 4 }),
  };
}
