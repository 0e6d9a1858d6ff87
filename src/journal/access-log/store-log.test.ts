/** Rules JRN-LOG-STORE of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, test } from "node:test";
import { validateXML } from "xmllint-wasm";
import { PERSONNUMMER_SYSTEM } from "../../base/index.ts";
import { FhirError } from "../../fhir/index.ts";
import type { AccessLogEntry, LogRow } from "../../store/index.ts";
import { journalOfTest, observation, OURS, patient, THEIRS } from "../testing/index.ts";
import { auditEventOf, logIdOf } from "./audit-event.ts";
import { lineOf } from "./extract.ts";
import { exportLog, type LogExportAsk } from "./export-log.ts";
import { patientLogOf } from "./patient-log.ts";
import { STORE_LOG_BEGIN, STORE_LOG_END, storeLogOf, UNKNOWN_ID } from "./store-log.ts";
import { entryOf, randomEntry } from "./testing.ts";

const CHAIN = "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
const SCHEMAS = resolve("../shared/data/rivta/schemas/ehr/log/schemas");
const STORE = [
  "interactions/store/StoreLogInteraction/StoreLogResponder_1.0.xsd",
  "core_components/store/ehr_logstore_1.0.xsd",
  "core_components/ehr_log_1.0.xsd",
];
const PATIENT_LOG = [
  "interactions/querying/GetAccessLogsForPatientInteraction/GetAccessLogsForPatientResponder_1.1.xsd",
  "core_components/querying/ehr_logquerying_1.1.xsd",
  "core_components/ehr_log_1.0.xsd",
];
const isThere = existsSync(SCHEMAS);
if (!isThere && process.env["CI"] === "true") throw new Error(`${SCHEMAS} is missing`);
const skip = isThere ? false : `SKIPPED: ${SCHEMAS} is missing`;

const SYSTEM = { id: "SE2321000131-S000000000001", name: "Eira" };
const AROUND = {
  system: SYSTEM,
  numberOf: (id: string) => (id === "p1" ? "191212121212" : undefined),
  ownerOf: (name: string) => (name.endsWith("1") ? { careProvider: OURS.careProvider, careUnit: null } : undefined),
};

/** Errors of the national schema in a message. */
async function faultsOf(xml: string, files: readonly string[] = STORE): Promise<string[]> {
  const schema = files.map((name) => ({
    fileName: name.replace(/^.*\//, ""),
    contents: readFileSync(resolve(SCHEMAS, name), "utf8").replaceAll(
      /schemaLocation=(['"])[^'"]*\//g,
      "schemaLocation=$1",
    ),
  }));
  const [first, ...preload] = schema;
  assert.ok(first);
  const { errors } = await validateXML({ xml: { fileName: "log.xml", contents: xml }, schema: [first], preload });
  return errors.map(({ message }) => message);
}

const row = (entry: AccessLogEntry, n = 1): LogRow => ({
  chain: CHAIN,
  seq: String(n),
  recorded: "",
  entry: JSON.stringify(entry),
});
const requestOf = (logs: readonly string[]): string => `${STORE_LOG_BEGIN}${logs.join("\n")}${STORE_LOG_END}`;

const UNPRINTABLE = "\u0000\u0007\ud800<&>\"'\r\n]]>\uffff🫀";
const ODD: readonly Partial<AccessLogEntry>[] = [
  { person: `${UNPRINTABLE}, ${"Å".repeat(400)}`, actor: "x".repeat(80), assignment: UNPRINTABLE, ground: UNPRINTABLE },
  { what: Array.from({ length: 3000 }, (_, n) => `Observation/${"o".repeat(60)}${n}/_history/1`) },
  { what: [] },
  {
    what: ["?code", "", "$export"],
    patient: null,
    person: null,
    actor: "client lab",
    careUnit: null,
    careProvider: null,
  },
  { careUnitId: undefined, careProviderId: undefined, outcome: "refused" },
];

test("JRN-LOG-STORE-1 every row is valid against the national schema", { skip }, async () => {
  const entries = [...Array.from({ length: 200 }, (_, n) => randomEntry(n)), ...ODD.map((more) => entryOf(more))];
  const logs = entries.map((entry, n) => storeLogOf(row(entry, n + 1), AROUND));
  assert.deepEqual(await faultsOf(requestOf(logs)), []);
  const [log = ""] = logs;
  assert.ok((await faultsOf(requestOf([log.replace(/<l:Purpose>.*<\/l:Purpose>/, "")]))).length > 0); // and it would tell
  assert.match(storeLogOf(row(entryOf({ outcome: "refused" })), AROUND), /<l:ActivityLevel>Nekad</);
  assert.match(storeLogOf(row(entryOf({})), AROUND), /<l:PatientId>191212121212</);
  assert.throws(() => storeLogOf(row(entryOf({ purpose: "Nyfikenhet" })), AROUND), /Nyfikenhet/);
});

test("JRN-LOG-PATIENT-1 an extract is a valid answer of GetAccessLogsForPatient", { skip }, async () => {
  const entries = [
    ...Array.from({ length: 100 }, (_, n) => randomEntry(n)),
    ...ODD.map((more) => entryOf(more)),
    entryOf({ protectedIdentity: true }),
  ];
  const lines = entries.map((entry, n) => lineOf(row(entry, n + 1)));
  const xml = patientLogOf(lines);
  assert.deepEqual(await faultsOf(xml, PATIENT_LOG), []);
  assert.equal(xml.match(/<q:AccessLog>/g)?.length, entries.length);
  const last = xml.slice(xml.lastIndexOf("<q:AccessLog>"));
  assert.match(last, /<q:UserId>skyddad<\/q:UserId><q:Purpose>/);
  assert.match(xml, /Vård och behandling, nödöppning/);
  for (const none of [patientLogOf([]), patientLogOf("too many")])
    assert.deepEqual(await faultsOf(none, PATIENT_LOG), []);
  assert.match(
    patientLogOf("too many"),
    /<q:ResultCode>MAX_QUERY_RESULT_EXCEEDED<[^]*(?<!AccesssLogs>)<\/AccessLogsResultType>/,
  );
});

/** What one element says, read without any of the code that wrote it. */
function said(xml: string, name: string, within = xml): string | undefined {
  const text = new RegExp(`<l:${name}>([^<]*)</l:${name}>`).exec(within)?.[1];
  return text?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function entryIn(log: string): AccessLogEntry {
  const args = JSON.parse(said(log, "ActivityArgs") ?? "") as Pick<
    AccessLogEntry,
    "patient" | "action" | "outcome" | "ground" | "request" | "what"
  >;
  const user = log.slice(0, log.indexOf("<l:Resources>"));
  const id = (name: string): string | null => {
    const value = said(user, name);
    return value === UNKNOWN_ID || value === undefined ? null : value;
  };
  const person = said(user, "Name");
  return {
    ...args,
    home: 0,
    recorded: new Date(said(log, "StartDate") ?? "").toISOString(),
    actor: said(user, "UserId") ?? "",
    person: person === undefined ? null : `${person}, ${said(user, "Title")}`,
    assignment: said(user, "Assignment") ?? null,
    careUnitId: id("CareUnitId"),
    careProviderId: id("CareProviderId"),
    careUnit: id("CareUnitName"),
    careProvider: id("CareProviderName"),
    purpose: said(log, "Purpose") ?? "",
  };
}

test("JRN-LOG-STORE-2 from AuditEvent to StoreLog and back nothing is lost", () => {
  for (let n = 0; n < 300; n += 1) {
    const given = row(randomEntry(n), n + 1);
    const log = storeLogOf(given, AROUND);
    const back = row(entryIn(log), n + 1);
    assert.deepEqual(auditEventOf(back), auditEventOf(given));
    assert.equal(said(log, "LogId"), logIdOf(given));
  }
});

const journal = await journalOfTest({ after });
const auditor = "system/AuditEvent.rs";

async function exported(ask: Partial<LogExportAsk>, scope = auditor) {
  const visit = journal.client(scope, null);
  const pages: (readonly string[])[] = [];
  let withoutId = 0;
  for await (const { value } of exportLog(visit, { period: { low: null, high: null }, system: SYSTEM, ...ask })) {
    pages.push(value.logs);
    withoutId += value.withoutId;
  }
  return { visit, pages, logs: pages.flat(), withoutId };
}

test("JRN-LOG-STORE-3 an export has each row once, with national numbers and owners", { skip }, async () => {
  await journal.put(patient("p1", { identifier: [{ system: PERSONNUMMER_SYSTEM, value: "19121212-1212" }] }));
  await journal.put(observation("o1"), THEIRS);
  const day = (n: number): string => new Date(Date.UTC(2026, 8, 1, 0, n)).toISOString();
  const ids = { careUnitId: OURS.careUnit, careProviderId: OURS.careProvider };
  const entries = Array.from({ length: 2500 }, (_, n) =>
    entryOf({
      ...ids,
      recorded: day(n),
      patient: n % 2 === 0 ? "p1" : "p2",
      request: `e${n}`,
      what: ["Observation/o1/_history/1"],
    }),
  );
  await journal.store.recordAccess(entries);
  const { careUnitId: _unit, careProviderId: _provider, ...old } = entryOf({ recorded: day(-1), request: "old" });
  await journal.store.recordAccess([old]);
  const period = { low: day(-10), high: day(2000) };
  const { pages, logs, withoutId } = await exported({ period });
  const requests = logs.map((log) => entryIn(log).request);
  assert.deepEqual(requests, ["old", ...entries.slice(0, 2000).map(({ request }) => request)]);
  assert.deepEqual([pages.map(({ length }) => length), withoutId], [[1000, 1000, 1], 1]);
  const [, first = ""] = logs;
  assert.match(first, /<l:PatientId>191212121212<\/l:PatientId>/);
  assert.match(first.slice(first.indexOf("<l:Resources>")), new RegExp(THEIRS.careProvider));
  assert.match(logs[2] ?? "", /"patient":"p2"/); // of whom there is no number
  assert.deepEqual(await faultsOf(requestOf(logs)), []);
  assert.equal((await exported({ period, patient: "p1" })).logs.length, 1001);
  assert.equal((await exported({ period, provider: OURS.careProvider })).logs.length, 2000);
  assert.equal((await exported({ period, provider: THEIRS.careProvider })).logs.length, 0);
});

test("JRN-LOG-STORE-4 the export is in the log before its first page, and others get none", async () => {
  const visit = journal.client(auditor, null);
  const pages = exportLog(visit, { period: { low: null, high: null }, system: SYSTEM });
  await pages.next();
  const rows = await journal.log(visit.request);
  assert.deepEqual(
    rows.map(({ action, outcome, patient: whose }) => [action, outcome, whose]),
    [["export access log", "granted", null]],
  );
  await pages.return(undefined);
  for (const scope of ["system/Patient.rs", "system/AuditEvent.r"])
    await assert.rejects(exported({}, scope), (error) => error instanceof FhirError && error.code === "FORBIDDEN");
});
