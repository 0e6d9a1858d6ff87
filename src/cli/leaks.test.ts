/** The leak crawl over what the commands print and write, what goes out in bulk, and what lies in other tables than records. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { RESOURCE_TYPES } from "../fhir/index.ts";
import {
  filesOf,
  readHistory,
  readJob,
  readResource,
  readersOf,
  runExport,
  searchResources,
  startJob,
} from "../journal/index.ts";
import {
  CANARIES,
  canaryPatient,
  canaryResources,
  journalOfTest,
  STAFF_CANARY,
  wordsIn,
} from "../journal/testing/index.ts";
import { startWork } from "../jobs/index.ts";
import { run } from "./run.ts";
import { Installation, type Ran } from "./testing/index.ts";

const journal = await journalOfTest({ after });
journal.clock.forward(Date.now() - journal.clock().getTime());
const [ONE] = CANARIES;
if (ONE === undefined) throw new Error("there is a canary");
for (const resource of canaryResources()) await journal.put(resource);

/** Somebody with protected identity has read, changed nothing, searched and been refused: it is all in the log. */
const doctor = journal.person();
const hidden = {
  ...doctor,
  actor: {
    ...doctor.actor,
    name: `${STAFF_CANARY.mark}tilltal ${STAFF_CANARY.mark}namn`,
    hsaId: STAFF_CANARY.hsaId,
    protectedIdentity: true as const,
  },
};
for (const { id, number, mark } of CANARIES) {
  await readResource(hidden, "Patient", id);
  await readHistory(hidden, { type: "Patient", id, count: 10 });
  await searchResources(hidden, "Patient", [["identifier", number]]);
  await searchResources(hidden, "Patient", [["name", `${mark}namn`]]);
  await readersOf(hidden, id, { count: 20 });
  await readResource(hidden, "Patient", number).catch(() => undefined);
}

const installation = new Installation(join(tmpdir(), `eira-leaks-${randomBytes(6).toString("hex")}`));

/** The program on the test's own database, two minutes later: the last minute may still be on its way into the log. */
async function program(...args: string[]): Promise<Ran> {
  const [printed, told]: [string[], string[]] = [[], []];
  const terminal = {
    print: (line: string) => void printed.push(line),
    tell: (line: string) => void told.push(line),
    progress: (line: string) => void told.push(line),
    onStop: () => undefined,
  };
  const invocation = installation.invocation(args, terminal);
  const config = { ...invocation.config, databaseUrl: journal.database.url };
  const clock = (): Date => new Date(Date.now() + 120_000);
  return { code: await run({ ...invocation, config, clock }), printed, told: told.join("\n") };
}

const written = (name: string): string => readFileSync(join(installation.folder, name), "utf8");
const wordsOf = (text: string): readonly string[] => wordsIn(text).map(({ word }) => word);
const out = (name: string): readonly string[] => ["--out", join(installation.folder, name)];
const PERIOD = ["--from", "2026-01-01"] as const;

test("CLI-LEAK-1 no command prints anything of the protected, and what it writes has no more than is listed", async () => {
  const bad = { ...canaryPatient(ONE), birthDate: `${ONE.mark}stad`, gender: ONE.number };
  mkdirSync(installation.folder, { recursive: true });
  after(() => rm(installation.folder, { recursive: true, force: true }));
  writeFileSync(join(installation.folder, "bad.ndjson"), `${JSON.stringify(bad)}\n{"name":"${ONE.mark}namn"\n`);
  const files: Record<string, readonly string[]> = {};
  const runs: Ran[] = [];
  for (const args of [
    ["import", join(installation.folder, "bad.ndjson")],
    ["audit", "export", "--format", "storelog", ...PERIOD, ...out("log.xml")],
    ["audit", "export", "--format", "storelog", ...PERIOD, "--patient", ONE.id, ...out("one.xml")],
    ["audit", "extract", "--patient", ONE.id, ...out("extract.csv")],
    ["audit", "extract", "--patient", ONE.id, "--format", "json", ...out("extract.json")],
    ["audit", "extract", "--patient", ONE.id, "--format", "riv", ...out("extract.xml")],
    ["audit", "extract", "--patient", ONE.number, ...out("none.csv")],
    ["audit", "sample", ...PERIOD, "--size", "10", "--seed", "1", ...out("sample.json")],
    ["audit", "statistics", "--from", "2026-10", "--to", "2026-11", ...out("statistics.csv")],
    ["audit", "verify"],
    ["audit", "seals"],
    ["directory", "review"],
    ["directory", "review", "--units", "0", "--older-than", "0"],
    ["session", "list", "--person", STAFF_CANARY.hsaId],
    ["client", "list"],
    ["subscriptions", "list"],
    ["doctor"],
  ])
    runs.push(await program(...args));
  for (const name of readdirSync(installation.folder).filter((one) => one !== "bad.ndjson" && one.includes(".")))
    files[name] = wordsOf(written(name));
  assert.deepEqual(
    runs.flatMap(({ printed, told }) => wordsOf(`${printed.join("\n")}\n${told}`)),
    [],
  );
  // The national log names patients by number, and nothing else; the extract goes to the patient, by number as the service asks.
  const [numbers, own] = [CANARIES.map(({ number }) => number), [ONE.number]];
  assert.deepEqual(files, {
    "extract.csv": [],
    "extract.json": [],
    "extract.xml":
      existsSync(join(installation.folder, "extract.xml")) && wordsOf(written("extract.xml")).length > 0 ? own : [],
    "log.xml": numbers,
    "one.xml": own,
    "sample.json": [],
    "statistics.csv": [],
  });
});

test("CLI-LEAK-2 the whole record leaves by the commands that are for that, into files that only the operator reads", async () => {
  const folder = join(installation.folder, "whole");
  const { printed, told, code } = await program("export", folder);
  assert.deepEqual([code, wordsOf(`${printed.join("\n")}\n${told}`)], [0, []]);
  assert.ok(wordsOf(readFileSync(join(folder, "Patient.ndjson"), "utf8")).includes(`${ONE.mark}gatan`));
  assert.deepEqual([statSync(folder).mode & 0o077, statSync(join(folder, "Patient.ndjson")).mode & 0o077], [0, 0]);
});

test("CLI-LEAK-3 what a system with scopes by type takes out in bulk has nothing of the protected", async (t) => {
  const scope = "system/Patient.rs system/Observation.rs system/RelatedPerson.rs system/Practitioner.rs";
  const client = { client: "lab", scope, careProvider: null, careUnit: null };
  await journal.store.addClient(randomBytes(32).toString("base64url"), client, new Date(Date.now() + 3_600_000));
  const visit = journal.client(scope, null);
  const types = ["Patient", "Observation", "RelatedPerson", "Practitioner"];
  const id = await startJob(visit, "export", { url: "x", types, elements: [], filters: {} });
  const faults: unknown[] = [];
  const loop = startWork({
    journal: journal.options,
    runners: { export: runExport },
    onFault: (fault) => void faults.push(fault),
    every: 20,
    leaseSeconds: 10,
  });
  t.after(() => loop.stop());
  const stateOf = async (): Promise<string> => (await readJob(visit, id)).value.state;
  for (let tries = 0; tries < 500 && (await stateOf()) !== "done"; tries += 1) await setTimeout(10);
  const { result } = (await readJob(visit, id)).value;
  assert.deepEqual([faults, result?.files.length], [[], types.length]);
  for (const { name, bytes } of result?.files ?? []) {
    const parts: Buffer[] = [];
    for await (const part of filesOf(visit).read(id, name, 0, bytes)) parts.push(part as Buffer);
    assert.deepEqual(wordsOf(Buffer.concat(parts).toString("utf8")), [], name);
  }
});

test("CLI-LEAK-4 nothing of the protected lies in any other table than the records' own", async () => {
  const records = new Set(["history", ...RESOURCE_TYPES.map((type) => type.toLowerCase())]);
  const tables = await journal.sql<{ name: string }>(
    "SELECT c.relname AS name FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace",
  );
  const others = tables.map(({ name }) => name).filter((name) => !records.has(name));
  assert.ok(others.length > 10 && tables.length > 100);
  const found: Record<string, readonly string[]> = {};
  for (const name of others) {
    const rows = await journal.sql<{ text: string }>(`SELECT t::text AS text FROM "${name}" AS t`);
    const words = wordsOf(rows.map(({ text }) => text).join("\n"));
    if (words.length > 0) found[name] = words;
  }
  // The log is to say who has read: its extracts and exports leave the name out (CLI-LEAK-1).
  assert.deepEqual(found, { access_log: [`${STAFF_CANARY.mark}namn`, `${STAFF_CANARY.mark}tilltal`] });
});
