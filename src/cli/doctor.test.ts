import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startEmbedded, type Health } from "../store/index.ts";
import {
  diskFinding,
  doctorCommand,
  healthFindings,
  keyFinding,
  layoutFindings,
  nodeFinding,
  type Finding,
} from "./doctor.ts";
import { Installation, type Ran } from "./testing/index.ts";

const WELL: Health = {
  version: "18.4",
  spread: false,
  schema: { found: 4, known: 4 },
  durability: [],
  leakproof: [],
  oldestTransaction: 0,
  content: {
    readers: [],
    outbox: { waiting: 0, parked: 0, overdueSeconds: 0 },
    subscribers: { failing: 0, parked: 0, waiting: 0, oldestSeconds: 0 },
    foreignTransactions: false,
    bytes: 1e9,
  },
};
const CONTENT = WELL.content as NonNullable<Health["content"]>;

/** What is not well, as `about state`. */
const unwell = (health: Health, isProduction = true): string[] =>
  healthFindings(health, isProduction)
    .filter(({ state }) => state !== "ok")
    .map(({ about, state }) => `${about} ${state}`);

const states = ({ printed }: Pick<Ran, "printed">): Record<string, Finding["state"]> =>
  (JSON.parse(printed.at(-1) ?? "") as { states: Record<string, Finding["state"]> }).states;

test("CLI-DOCTOR-1 a sound installation is well in every way", { timeout: 120_000 }, async (t) => {
  const installation = Installation.make(t);
  await installation.run("token", "--client", "lab", "--scope", "system/*.rs");
  const ran = await installation.run("doctor");
  assert.equal(ran.code, 0, ran.told);
  assert.equal(ran.printed.length, 1);
  const found = states(ran);
  assert.ok(Object.keys(found).length >= 10, ran.told);
  assert.deepEqual(new Set(Object.values(found)), new Set(["ok"]), ran.told);
  assert.match(ran.told, /database: PostgreSQL \d\d.*\n.*schema: number/);

  // The same installation, spoiled: the key first, then the database as well.
  const data = join(installation.folder, "data");
  const key = readFileSync(join(data, "audit-key.pem"));
  rmSync(join(data, "audit-key.pem"));
  const keyless = await installation.run("doctor");
  assert.deepEqual(
    [keyless.code, states(keyless)["audit key"], existsSync(join(data, "audit-key.pem"))],
    [1, "fault", false],
  );
  writeFileSync(join(data, "audit-key.pem"), key, { mode: 0o600 });
  // A database that does not answer.
  const printed: string[] = [];
  const terminal = {
    print: (line: string) => void printed.push(line),
    tell: () => undefined,
    progress: () => undefined,
    onStop: () => undefined,
  };
  const invocation = installation.invocation(["doctor"], terminal);
  const config = { ...invocation.config, databaseUrl: "postgresql://nobody@127.0.0.1:1/none" };
  const code = await doctorCommand({ ...invocation, config });
  assert.deepEqual([code, states({ printed })["database"]], [1, "fault"]);
});

test("CLI-DOCTOR-2 what is wrong is said with what to do", (t) => {
  const layout = (spread: boolean, isWanted: boolean): string[] =>
    layoutFindings({ spread }, isWanted).map(({ state, text }) => `${state} ${text.replace(/\..*/, "")}`);
  assert.deepEqual(layout(false, false), []);
  assert.deepEqual(layout(true, false), ["fault the rows are spread by Citus"]);
  assert.deepEqual(layout(false, true), ["fault EIRA_CITUS=on, and the rows are not spread"]);
  assert.match(layout(true, true).join(), /^ok /);
  for (const version of ["18.20.0", "20.18.1", "21.7.0", "22.11.0"])
    assert.match(nodeFinding(version).text, /Install/, version);
  for (const version of ["20.19.0", "22.12.0", "24.0.0"]) assert.equal(nodeFinding(version).state, "ok", version);
  assert.deepEqual(
    [0.5, 2, 100].map((gib) => diskFinding(gib * 2 ** 30).state),
    ["fault", "warning", "ok"],
  );

  const folder = mkdtempSync(join(tmpdir(), "eira-doctor-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "audit-key.pem");
  assert.match(keyFinding(path).text, /is missing.*Put it back/);
  writeFileSync(path, "no key", { mode: 0o600 });
  assert.match(keyFinding(path).text, /no Ed25519 key/);
  chmodSync(path, 0o640);
  assert.match(keyFinding(path).text, /others can read.*chmod 600/);

  assert.deepEqual(unwell(WELL), []);
  assert.deepEqual(unwell({ ...WELL, schema: { found: 3, known: 4 } }), ["schema fault"]);
  assert.deepEqual(unwell({ ...WELL, schema: { found: 5, known: 4 } }), ["schema fault"]);
  assert.deepEqual(unwell({ ...WELL, schema: { found: 0, known: 4 }, content: undefined }), ["schema fault"]);
  assert.deepEqual(unwell({ ...WELL, content: { ...CONTENT, foreignTransactions: true } }), ["change log fault"]);
});

test("CLI-DOCTOR-3 what is to be watched is not wrong, and unsafe settings are wrong in production only", () => {
  const unsafe = { ...WELL, durability: [{ setting: "fsync", value: "off", message: "fsync is off: set it on." }] };
  assert.deepEqual([unwell(unsafe), unwell(unsafe, false)], [["durability fault"], ["durability warning"]]);
  const watched: Health = {
    ...WELL,
    leakproof: ["numeric_lt(numeric, numeric)"],
    oldestTransaction: 90,
    content: {
      ...CONTENT,
      readers: [{ name: "capsule", behind: 12, seconds: 400 }],
      outbox: { waiting: 3, parked: 1, overdueSeconds: 0 },
      subscribers: { failing: 1, parked: 0, waiting: 4, oldestSeconds: 3 },
    },
  };
  assert.deepEqual(unwell(watched), [
    "indexes warning",
    "transactions warning",
    "change log warning",
    "outbox warning",
    "subscriptions warning",
  ]);
  const overdue: Health = { ...WELL, content: { ...CONTENT, outbox: { waiting: 3, parked: 0, overdueSeconds: 900 } } };
  assert.deepEqual(unwell(overdue), ["outbox warning"]);
  const busy: Health = { ...WELL, content: { ...CONTENT, readers: [{ name: "capsule", behind: 12, seconds: 20 }] } };
  assert.deepEqual(unwell(busy), []);
});

test("CLI-DOCTOR-4 nothing is made: no installation, no key, no schema", { timeout: 120_000 }, async (t) => {
  const installation = Installation.make(t);
  const data = join(installation.folder, "data");
  const nowhere = await installation.run("doctor");
  assert.deepEqual([nowhere.code, states(nowhere)["data directory"], existsSync(data)], [1, "fault", false]);
  mkdirSync(data);
  assert.equal((await installation.run("doctor")).code, 1); // an empty folder is none either
  const server = await startEmbedded({ dataDir: data });
  await server.stop();
  const bare = await installation.run("doctor");
  assert.deepEqual(
    [states(bare)["schema"], states(bare)["audit key"], states(bare)["change log"]],
    ["fault", "fault", undefined],
  );
  assert.equal(existsSync(join(data, "audit-key.pem")), false);
  assert.match((await installation.run("doctor")).told, /schema: number 0 is older/);
});
