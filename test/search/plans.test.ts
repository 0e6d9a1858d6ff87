/** Which index answers which question, also under row-level security, where PostgreSQL trusts only leakproof operators. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  compileContainers,
  compileRevinclude,
  compileSearch,
  type SearchOptions,
  type Statement,
} from "../../src/search/index.ts";
import { worldOf } from "./corpus.ts";
import { ALL, planOf, SearchDatabase, type Stored } from "./search-database.ts";

/** What a search asks indexes with and PostgreSQL does not call leakproof by itself. SPEC SEARCH-INDEX-2 names them. */
const OPERATORS = [
  "arraycontains(anyarray, anyarray)",
  "arrayoverlap(anyarray, anyarray)",
  "ts_match_vq(tsvector, tsquery)",
  "numeric_lt(numeric, numeric)",
  "numeric_le(numeric, numeric)",
  "numeric_gt(numeric, numeric)",
  "numeric_ge(numeric, numeric)",
];

const QUESTIONS: readonly (readonly [type: string, query: string, index: string, options?: SearchOptions])[] = [
  ["Patient", "identifier=urn:x|1", "patient_tokens"],
  ["Observation", "code=a,b,c", "observation_tokens"],
  ["Patient", "name=ann", "patient_strings"],
  ["Patient", "birthdate=2024-03", "patient_birthdate_lo"],
  ["Encounter", "date=ge2024-03&date=lt2024-04", "encounter_date_lo"],
  ["Observation", "value-quantity=gt100", "observation_value_quantity_lo"],
  ["Observation", "component-code-value-quantity=a$gt100", "observation_tokens"],
  ["Observation", "patient=p1&code=a&_sort=-date", "observation_patient"],
  ["Observation", "", "observation_others", { compartment: { type: "Patient", id: "p1" } }],
  ["Observation", "_lastUpdated=ge2026-01-05", "observation_last_updated"],
  ["Observation", "_sort=-date&_count=5", "observation_date_lo"],
  ["Patient", "_id=pat1", "patient_pkey"],
  ["Observation", "encounter.class=x", "observation_tokens"],
  ["Observation", "patient=p1&encounter.class=x", "encounter_key"],
  ["Observation", "subject:Patient.birthdate=2024-03-31", "observation_patient"],
  ["Organization", "_has:Patient:organization:identifier=x", "organization_key"],
  ["Observation", "_sort=-_lastUpdated&_count=5", "observation_last_updated"],
  ["Observation", "subject:Patient.identifier=urn:x|1", "patient_tokens"],
  ["Observation", "value-quantity=gt100|http://unitsofmeasure.org|mg", "observation_(?:value_quantity_lo|tokens)"],
  ["Observation", "patient=p1&value-quantity=gt100|http://unitsofmeasure.org|mg", "observation_patient"],
  ["Observation", "patient=p1&_content=ord", "observation_patient"],
  ["Observation", "_filter=code eq a", "observation_tokens"],
  ["Observation", "", "observation_tokens", { compartment: { type: "Practitioner", id: "p1" } }],
  ["Patient", "_list=l1", "patient_key"],
  ["Encounter", "location:below=l1", "encounter_tokens"],
  ["Encounter", "location:below=l1", "location_tokens"],
  ["Encounter", "location:above=l1", "location_key"],
  ["ValueSet", "url:below=http://example.com/vs", "valueset_tokens"],
];

function manyLocations(): Stored[] {
  return Array.from({ length: 3000 }, (_, n) => ({
    resource: {
      resourceType: "Location",
      id: `far-${n}`,
      name: `Sal ${n}`,
      partOf: { reference: `Location/far-${n % 50}` },
    },
    lastUpdated: "2026-01-02T08:00:00.000Z",
    careProvider: "north",
  }));
}

let database: SearchDatabase;

before(async () => {
  database = await SearchDatabase.open();
  for (const [type, stored] of worldOf(5)) await database.insert(type, stored);
  await database.insert("Location", manyLocations()); // a small table has no need of its indexes
  const { client } = database;
  await client.query(
    "DO $$ BEGIN CREATE ROLE search_reader NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
  );
  const { rows } = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  for (const { name } of rows) {
    await client.query(`ALTER TABLE "${name}" ENABLE ROW LEVEL SECURITY`);
    await client.query(
      `CREATE POLICY reach ON "${name}" TO search_reader USING (care_provider = current_setting('search.reach', true))`,
    );
    await client.query(`GRANT SELECT ON "${name}" TO search_reader`);
  }
  await database.analyze();
  await client.query("SET ROLE search_reader; SET search.reach = 'north'; SET enable_seqscan = off; SET jit = off");
});
after(() => database.close());

async function planText({ text, values }: Statement): Promise<string> {
  const { rows } = await database.client.query<Record<string, string>>(`EXPLAIN (COSTS OFF) ${text}`, [...values]);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

async function declare(property: "LEAKPROOF" | "NOT LEAKPROOF"): Promise<void> {
  await database.client.query("RESET ROLE");
  for (const operator of OPERATORS) await database.client.query(`ALTER FUNCTION pg_catalog.${operator} ${property}`);
  await database.client.query("SET ROLE search_reader");
}

test("SEARCH-INDEX-1 each kind of question has the index that the table in SPEC.md names, under row-level security too", async () => {
  await declare("LEAKPROOF");
  for (const [type, query, index, options] of QUESTIONS) {
    const plan = await planText(compileSearch(planOf(type, query, options), ALL));
    assert.match(plan, new RegExp(`\\b${index}\\b`), `${type}?${query}\n${plan}`);
  }
  const containers = await planText(compileContainers(planOf("Medication", "").types, ALL));
  assert.match(containers, /\bmedicationrequest_tokens\b/);
  assert.doesNotMatch(containers, /Seq Scan/);
  const [revinclude] = planOf("Patient", "_revinclude=Observation:subject").revincludes;
  assert.ok(revinclude !== undefined);
  const statement = compileRevinclude(revinclude, [{ type: "Patient", id: "pat1" }], ALL, 10);
  assert.ok(statement !== undefined);
  assert.match(await planText(statement), /\bobservation_patient\b/);
});

test("SEARCH-INDEX-2 without that declaration row-level security keeps PostgreSQL from its own GIN and numeric indexes", async () => {
  await declare("NOT LEAKPROOF");
  for (const [type, query] of [
    ["Patient", "identifier=urn:x|1"],
    ["Patient", "name=ann"],
    ["Observation", "value-quantity=gt100"],
  ] as const) {
    const plan = await planText(compileSearch(planOf(type, query), ALL));
    assert.doesNotMatch(plan, /Index Cond/, plan);
  }
  await declare("LEAKPROOF");
});
