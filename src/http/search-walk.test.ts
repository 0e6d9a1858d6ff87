import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { findSourceMap } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "node:test";
import pg from "pg";
import { observation, patient } from "../journal/testing/index.ts";
import { serverOfTest } from "./testing/index.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FRAME = /at (?:async )?(?:(?<name>[\w$.<>]+) \()?(?:file:\/\/)?(?<file>\/[^:)]+):\d+:\d+\)?/;

/** One of our own functions on the way to a statement: `journal/search.ts runPlan`. */
type Step = string;
type Sent = { readonly text: string; readonly way: readonly Step[] };

/** Our functions on a stack, from the socket to the statement. */
function wayOf(stack: string): Step[] {
  const steps = stack.split("\n").flatMap((line) => {
    const { name, file } = FRAME.exec(line)?.groups ?? {};
    return file?.startsWith(ROOT) === true && !file.includes(".test.")
      ? [`${file.slice(ROOT.length)} ${name ?? ""}`.trim()]
      : [];
  });
  return steps.toReversed();
}

/** Notes every statement that goes to the driver and the way that it came, while `work` runs. */
async function statementsOf(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const query = Reflect.get(pg.Client.prototype, "query") as (...given: unknown[]) => unknown;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 60;
  pg.Client.prototype.query = function noted(this: pg.Client, ...given: unknown[]): never {
    const [first] = given;
    const text = typeof first === "string" ? first : (first as { text: string }).text;
    sent.push({ text, way: wayOf(new Error("here").stack ?? "") });
    return query.apply(this, given) as never;
  };
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query as never;
    Error.stackTraceLimit = stackTraceLimit;
  }
  return sent;
}

/** Which of our named functions ran while `work` ran, and how often. */
async function functionsOf(work: () => Promise<unknown>): Promise<ReadonlyMap<Step, number>> {
  const inspector = new Session();
  inspector.connect();
  await inspector.post("Profiler.enable");
  await inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await inspector.post("Profiler.takePreciseCoverage");
  await work();
  const { result } = await inspector.post("Profiler.takePreciseCoverage");
  inspector.disconnect();
  const ran = new Map<Step, number>();
  for (const { url, functions } of result) {
    const sourceAt = sourcesOf(url);
    for (const { functionName, ranges } of functions) {
      const [range] = ranges;
      if (functionName === "" || range === undefined || range.count === 0) continue;
      const file = sourceAt(range.startOffset + "function ".length); // its beginning is not always mapped
      const name = functionName.replace(/\d+$/, ""); // a bundle numbers the names that meet in it
      if (file.startsWith(ROOT)) ran.set(`${file.slice(ROOT.length)} ${name}`, range.count);
    }
  }
  return ran;
}

/** From which source a place of a loaded file comes: itself, or one of those that were bundled into it. */
function sourcesOf(url: string): (offset: number) => string {
  const path = url.replace("file://", "").split("?")[0] ?? "";
  const map = findSourceMap(path);
  if (map === undefined) return () => path;
  const lines = readFileSync(path, "utf8").split("\n");
  const starts = lines.map((line) => line.length + 1);
  return (offset) => {
    let line = 0;
    let column = offset;
    while (column >= (starts[line] ?? Infinity)) column -= starts[line++]!;
    const entry = map.findEntry(line, column);
    return "originalSource" in entry ? fileURLToPath(new URL(entry.originalSource, pathToFileURL(path))) : path;
  };
}

test("HTTP-WALK-1 a search walks from the socket to the statement in the six steps of the plan", async (t) => {
  const server = await serverOfTest(t);
  await server.put(patient("p1"));
  await server.put(observation("o1"));
  const token = await server.token();
  const search = async (criteria = "date=ge2000"): Promise<void> => {
    server.clock.forward(2_001); // the session is looked up again
    const answer = await server.call("GET", `Observation?${criteria}&_sort=-date`, { token });
    assert.deepEqual(answer.names(), ["Observation/o1"]);
  };
  await search();
  const sent = await statementsOf(search);

  // Who asks, then the search, then its row in the log; only then the answer.
  const [asked, found, logged] = [/FROM client_token/, /FROM "observation"/, /INSERT INTO access_log/].map((text) =>
    sent.findIndex((one) => text.test(one.text)),
  );
  assert.ok(asked! >= 0 && asked! < found! && found! < logged!, sent.map(({ text }) => text.slice(0, 60)).join("\n"));
  const filesOf = (at: number | undefined): string[] => [
    ...new Set(sent[at ?? -1]?.way.map((step) => step.split(" ")[0]!)),
  ];
  assert.deepEqual(
    filesOf(asked).filter((file) => file.startsWith("http/")),
    ["http/server.ts", "http/session.ts"],
  );
  const files = filesOf(found);
  const steps = ["http/fhir/search-type.ts", "journal/search.ts", "store/reading.ts", "store/connection.ts"];
  assert.deepEqual(
    files.filter((file) => steps.includes(file)),
    steps,
    files.join(),
  );

  // At most six named functions of ours, above the store's lending and sending.
  const named = [
    ...new Set(sent[found!]!.way.filter((step) => /^(http|journal|search)\//.test(step) && / [\w$]+$/.test(step))),
  ];
  assert.ok(named.length >= 3 && named.length <= 6, named.join("\n"));

  // Between the decision and the statement the plan is compiled: once, and with the access predicate.
  // A chart's search does the same, but goes to PostgreSQL with others of its turn.
  for (const criteria of ["date=ge2000", "patient=p1"]) {
    const ran = await functionsOf(() => search(criteria));
    for (const step of [
      "access/decide.ts decide",
      "journal/authorize.ts authorize",
      "journal/predicate.ts predicateFor",
      "search/parse.ts parseSearch",
      "search/compile.ts compileSearch",
      "http/search-bundle.ts bundleText",
    ]) {
      assert.ok(ran.has(step), `${step} did not run`);
    }
    assert.equal(ran.get("search/compile.ts compileSearch"), 1);
    assert.equal(ran.has("store/grouped-searches.ts ask"), criteria === "patient=p1", criteria);
  }
});
