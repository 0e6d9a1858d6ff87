import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { configOf } from "./config.ts";
import { technicalLog, type TechnicalLog } from "./technical-log.ts";

test("CLI-LOG-1 a line is one JSON object with its time, and an identity number in it is a hash", (t) => {
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), "eira-log-")));
  t.after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  const lines: string[] = [];
  const terminal = {
    print: () => {},
    tell: (line: string) => void lines.push(line),
    progress: () => {},
    onStop: () => {},
  };
  const clock = (): Date => new Date("2026-11-22T12:00:00Z");
  const logOf = (dataDir = ""): TechnicalLog =>
    technicalLog({ config: { ...configOf({}, { webRoot: "", version: "0" }), dataDir }, terminal, clock });
  const [log, other] = [logOf(folders[0]), logOf(folders[1])];
  log("error", "about 19121212-1212", {
    error: 'Name 121212-1212\n{"level":"info"}',
    deep: { list: ["191212121212"] },
  });
  log("info", "x", {
    time: "never",
    address: "127.0.0.1",
    number: "19090909+0909",
    incident: "19121212-1212-4000-8000-000000000000",
  });
  other("error", "about 19121212-1212", {});
  assert.ok(lines.every((line) => !line.includes("\n") && !/1212121212|121212-1212(?!-4000)|19090909/.test(line)));
  const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, string>);
  const hash = /id-number:[0-9a-f]{16}/;
  const [found] = hash.exec(first?.["message"] ?? "") ?? [];
  assert.equal(first?.["message"], `about ${found}`);
  assert.equal(first["level"], "error");
  assert.deepEqual(first["deep"], { list: [found] });
  assert.equal(first["error"], `Name ${found}\n{"level":"info"}`);
  assert.notEqual(hash.exec(second?.["number"] ?? "")?.[0], found);
  assert.deepEqual(
    [second?.["address"], second?.["incident"], second?.["time"]],
    ["127.0.0.1", "19121212-1212-4000-8000-000000000000", "2026-11-22T12:00:00.000Z"],
  );
  assert.ok(lines.every((line) => line.startsWith('{"time":"2026-11-22T12:00:00.000Z",')));
  assert.notEqual(hash.exec(third?.["message"] ?? "")?.[0], found); // another installation's key
});
