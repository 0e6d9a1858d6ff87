import assert from "node:assert/strict";
import { test } from "node:test";
import { requiredCodes } from "../../../fhir/index.ts";
import {
  BOOKING,
  digestOf,
  DOCUMENT_AVAILABILITY,
  DOCUMENT_COMPLETION,
  OBSERVATION_STATUS,
  ORDER_CONTROL_IN,
  ORDER_STATUS,
  PRIORITY,
  REPORT_STATUS,
  SEX,
  SET_VERSION,
  SET_VERSIONS,
  TABLES,
} from "./index.ts";
import { table } from "./table.ts";

test("EXCH-MAP-TABLE-1 every row of every table goes there and, unless it says otherwise, back; rows that do are a bijection", () => {
  let rows = 0;
  for (const one of TABLES) {
    const both = one.rows.filter(([, , way = "both"]) => way === "both");
    for (const [hl7, fhir, way = "both"] of one.rows) {
      rows += 1;
      if (way !== "out") assert.equal(one.toFhir(hl7), fhir, `${one.name} ${hl7}`);
      if (way !== "in") assert.equal(one.toHl7(fhir), hl7, `${one.name} ${fhir}`);
      if (way === "both") assert.equal(one.toHl7(one.toFhir(hl7) ?? ""), hl7, `${one.name} ${hl7}`);
    }
    assert.equal(new Set(both.map(([hl7]) => hl7)).size, both.length, one.name);
    assert.equal(new Set(both.map(([, fhir]) => fhir)).size, both.length, one.name);
    assert.ok(one.owner !== "" && one.source !== "", one.name);
    assert.equal(one.toFhir("no such code"), undefined);
    assert.equal(one.toHl7("no such code"), undefined);
  }
  assert.ok(rows > 150, `${rows} rows`);
  assert.equal(new Set(TABLES.map(({ name }) => name)).size, TABLES.length);
});

test("EXCH-MAP-TABLE-2 a row that gives a code two meanings is no table", () => {
  const about = { owner: "a", source: "b" };
  assert.throws(() => table("x", about, [["A", "one"], ["A", "two"]]), RangeError); // prettier-ignore
  assert.throws(() => table("x", about, [["A", "one"], ["B", "one"]]), RangeError); // prettier-ignore
  table("x", about, [["A", "one"], ["B", "one", "in"]]); // prettier-ignore
});

test("EXCH-MAP-TABLE-3 a changed row makes a new version: the rows of the last version are those that were written down for it", () => {
  const digest = digestOf(TABLES);
  assert.equal(
    SET_VERSIONS.at(-1)?.digest,
    digest,
    `the tables have changed: add { version, digest: "${digest}" } last`,
  );
  assert.equal(new Set(SET_VERSIONS.map(({ version }) => version)).size, SET_VERSIONS.length);
  assert.match(SET_VERSION, /^\d+$/);
  const [first, ...others] = TABLES;
  assert.ok(first !== undefined);
  for (const changed of [
    { ...first, rows: first.rows.slice(1) },
    { ...first, rows: first.rows.map(([hl7, fhir]) => [hl7, fhir, "in"] as const) },
    { ...first, source: "någon annanstans" },
  ])
    assert.notEqual(digestOf([changed, ...others]), digest);
});

test("EXCH-MAP-TABLE-4 what a table says of FHIR is a code that FHIR has there", () => {
  const places = [
    [SEX, "administrative-gender"],
    [REPORT_STATUS, "diagnostic-report-status"],
    [OBSERVATION_STATUS, "observation-status"],
    [PRIORITY, "request-priority"],
    [ORDER_STATUS, "task-status"],
    [ORDER_CONTROL_IN, "task-status"],
    [BOOKING, "appointmentstatus"],
    [DOCUMENT_COMPLETION, "composition-status"],
    [DOCUMENT_AVAILABILITY, "document-reference-status"],
  ] as const;
  for (const [one, set] of places) {
    const allowed = requiredCodesAt(set);
    for (const [, fhir] of one.rows) assert.ok(allowed.includes(fhir), `${set} ${fhir}`);
  }
});

function requiredCodesAt(name: string): readonly string[] {
  return Object.values(requiredCodes(`http://hl7.org/fhir/ValueSet/${name}`) ?? {}).flat();
}
