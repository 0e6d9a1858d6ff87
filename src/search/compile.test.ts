import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { homeOf } from "../base/index.ts";
import { FhirError } from "../fhir/index.ts";
import { compileCount, compileIncludes, compileRevinclude, compileSearch, hasOnePlan } from "./compile.ts";
import { parseInclude } from "./includes.ts";
import { parseSearch, parseSystemSearch } from "./parse.ts";
import type { SearchPlan } from "./plan.ts";
import type { AccessPredicate, Statement } from "./sql.ts";

const parse = (type: string, parameters: readonly (readonly [string, string])[]): SearchPlan =>
  parseSearch(type, parameters);
const query = (type: string, text: string): SearchPlan => parse(type, [...new URLSearchParams(text)]);
const MARKED: AccessPredicate = (alias, type, bind) => `${alias}.access_${type} = ${bind("reach")}`;

/** Statements of every shape, with the text that a caller controls in each place where it may stand. */
function statementsWith(text: string): Statement[] {
  const escaped = text.replace(/[\\,|$]/g, "\\$&");
  const plans = [
    parse("Patient", [
      ["name", escaped],
      ["family:exact", escaped],
      ["given:contains", escaped],
      ["identifier", `${escaped}|${escaped}`],
      ["identifier:text", escaped],
      ["identifier:of-type", `${escaped}|${escaped}|${escaped}`],
      ["gender:not", escaped],
    ]),
    parse("Observation", [
      ["subject", escaped],
      ["performer:identifier", escaped],
      ["subject:Patient.name", escaped],
      ["encounter.class", escaped],
      ["value-quantity", `5||${escaped}`],
      ["combo-code-value-quantity", `${escaped}$5||${escaped}`],
      ["component-code-value-concept", `${escaped}$${escaped}`],
      ["_id", escaped],
      ["_tag", escaped],
    ]),
    parse("Patient", [
      ["_has:Observation:performer:code", escaped],
      ["_has:Observation:subject:code", escaped],
      ["_sort", "family,-gender,birthdate"],
    ]),
    parse("ValueSet", [
      ["url:below", escaped],
      ["url:above", escaped],
      ["context-type-quantity", `${escaped}$5||${escaped}`],
      ["_profile", escaped],
    ]),
    parse("DocumentReference", [["relationship", `${escaped}$${escaped}`]]),
    parse("Observation", [
      ["_sort", "code,-value-string,_id"],
      ["code", escaped],
    ]),
  ];
  const sorted = plans.map((plan) => ({
    ...plan,
    cursor: { type: "Patient", id: text, values: plan.sort.map(() => text) },
  }));
  const access: AccessPredicate = (_alias, _type, bind) => `TRUE OR ${bind(text)} = 'x'`;
  return [...plans, ...sorted].flatMap((plan) => [compileSearch(plan, access), compileCount(plan, access)]);
}

test("SEARCH-SQL-1 what a caller writes is never part of a statement's text, only of its values", () => {
  const hostile = [
    "x' OR '1'='1",
    "$1",
    "\\",
    "--",
    "%",
    "');DROP TABLE patient;",
    ":*",
    "'a':* | 'b'",
    "/* ",
    "Patient/1",
  ];
  let carried = 0;
  fc.assert(
    fc.property(fc.oneof(fc.string({ minLength: 1, maxLength: 60 }), fc.constantFrom(...hostile)), (written) => {
      const text = `qzx${written}`.replace(/[\s\0]/g, "_");
      for (const statement of statementsWith(text)) {
        assert.ok(!statement.text.includes("qzx"), statement.text);
        if (JSON.stringify(statement.values).includes("qzx")) carried += 1;
      }
    }),
  );
  assert.ok(carried > 1000, `the text was seen in the values of ${carried} statements`);
});

test("SEARCH-SQL-2 every table in every statement brings its own access condition", () => {
  const plans = [
    query("Observation", "code=x"),
    query("Observation", "subject:Patient.organization.name=x&encounter.location.name=y&performer:Practitioner.name=z"),
    query("Observation", "patient=1&encounter.class=AMB&_has:DiagnosticReport:result:status=final"),
    query("Patient", "_has:Observation:subject:_has:DiagnosticReport:result:status=final"),
    query("Encounter", "date=ge2026"),
    parseSystemSearch([
      ["_lastUpdated", "ge2026"],
      ["_sort", "_lastUpdated"],
    ]),
  ];
  const statements = plans.flatMap((plan) => [compileSearch(plan, MARKED), compileCount(plan, MARKED)]);
  const include = compileIncludes(
    [
      { type: "Patient", id: "1" },
      { type: "Group", id: "2" },
    ],
    MARKED,
  );
  const revinclude = compileRevinclude(
    parseInclude("_revinclude", undefined, "Observation:subject"),
    [{ type: "Patient", id: "1" }],
    MARKED,
    10,
  );
  assert.ok(include !== undefined && revinclude !== undefined);
  let tables = 0;
  for (const { text } of [...statements, include, revinclude]) {
    for (const [, table = "", alias = ""] of text.matchAll(/"([a-z]+)" AS (r\d+)/g)) {
      tables += 1;
      const condition = new RegExp(`\\(${alias}\\.access_([A-Za-z]+) = \\$\\d+\\)`).exec(text);
      assert.equal(condition?.[1]?.toLowerCase(), table, `${table} AS ${alias} in ${text.slice(0, 200)}`);
    }
    assert.equal(
      [...text.matchAll(/(?:FROM|JOIN) "/g)].length,
      [...text.matchAll(/"[a-z]+" AS r\d+/g)].length,
      "a table without an alias",
    );
  }
  assert.ok(tables > 300, `${tables} tables seen`);
});

test("SEARCH-SQL-3 placeholders and values agree in every statement", () => {
  for (const { text, values } of statementsWith("x")) {
    const used = new Set([...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    assert.deepEqual(
      [...used].toSorted((a, b) => a - b),
      values.map((_, at) => at + 1),
      text,
    );
  }
});

test("SEARCH-SQL-4 a search of one patient names the home and the patient, filters by keys, and asks no GIN", () => {
  for (const text of [
    "patient=p1&code=x,y&date=ge2026&_sort=-date",
    "subject=Patient/p1&status:not=final",
    "subject:Patient=p1&component-code-value-quantity=x$5",
  ]) {
    const statement = compileSearch(query("Observation", text), MARKED);
    assert.match(statement.text, /r1\.home = \$\d+ AND r1\.patient = \$\d+/, text);
    assert.ok(statement.values.includes(homeOf("p1")) && statement.values.includes("p1"));
    assert.doesNotMatch(statement.text, /tokens (@>|&&)/, text);
    assert.doesNotMatch(statement.text, /UNION ALL/, text);
  }
  assert.match(
    compileSearch(query("Patient", "_id=p1&gender=male"), MARKED).text,
    /r1\.home = \$\d+ AND r1\.id = \$\d+/,
  );
  assert.match(compileSearch(query("Observation", "patient=p1,p2"), MARKED).text, /r1\.home = ANY \(\$\d+::int4\[\]\)/);
});

test("SEARCH-SQL-5 a search of everyone asks GIN for what it can answer", () => {
  assert.match(compileSearch(query("Observation", "code=x"), MARKED).text, /r1\.tokens @> ARRAY\[\$\d+\]::int8\[\]/);
  assert.match(compileSearch(query("Observation", "code=x,y"), MARKED).text, /r1\.tokens && \$\d+::int8\[\]/);
  assert.match(compileSearch(query("Patient", "name=x"), MARKED).text, /r1\.strings @@ \$\d+::tsquery/);
});

test("SEARCH-SQL-6 a value that could be of another type than a patient does not narrow to a patient", () => {
  assert.doesNotMatch(compileSearch(query("Observation", "subject=p1"), MARKED).text, /\.patient = /);
  assert.doesNotMatch(compileSearch(query("Appointment", "patient=p1"), MARKED).text, /\.patient = /);
  assert.doesNotMatch(compileSearch(query("Observation", "performer=Patient/p1"), MARKED).text, /\.patient = /);
});

test("SEARCH-SQL-7 one plan serves a search that begins with a few patients or ids and only looks at their rows", () => {
  for (const text of [
    "patient=p1",
    "patient=p1,p2&code=x,y&date=ge2026&value-quantity=gt5&status:not=final&_sort=-date&_include=Observation:encounter",
    "_id=o1&_lastUpdated=gt2026&code:missing=false",
  ])
    assert.equal(hasOnePlan(query("Observation", text)), true, text);
  for (const [source, mayBeOnce] of [
    ["Condition:patient", true],
    ["Observation:subject", true],
    ["Observation:performer", false],
    ["Observation:*", false],
  ] as const)
    assert.equal(hasOnePlan(query("Patient", `_id=p1&_revinclude=${source}`)), mayBeOnce, source);
  assert.equal(hasOnePlan(query("Patient", "_id=p1&_revinclude:iterate=Condition:patient")), false);
  assert.equal(hasOnePlan(query("Group", "_id=g1&_revinclude=Observation:subject")), false); // found by the key alone
  for (const text of [
    "",
    "code=x",
    "date=ge2026",
    "subject=p1", // may be another's than a patient's
    "performer=Patient/p1",
    "patient=p1&encounter.class=x",
    "patient=p1&_has:DiagnosticReport:result:code=x",
    "patient=p1&_revinclude=DiagnosticReport:result",
  ])
    assert.equal(hasOnePlan(query("Observation", text)), false, text);
  const within = { compartment: { type: "Patient", id: "p1" } };
  assert.equal(hasOnePlan(parseSearch("Observation", [], within)), false); // it asks for those who share it, too
  assert.equal(hasOnePlan(parseSystemSearch([["_type", "Observation,Condition"]])), false);
});

test("SEARCH-TERM-3 a question to terminology that has not been answered is refused, not passed over", () => {
  assert.throws(
    () => compileSearch(query("Observation", "code:in=http://a.se/vs"), MARKED),
    (error) => error instanceof FhirError && error.code === "NOT_SUPPORTED",
  );
});

test("SEARCH-INCLUDE-3 nothing to look for is no statement", () => {
  assert.equal(compileIncludes([], MARKED), undefined);
  const include = parseInclude("_revinclude", undefined, "Observation:subject:Group");
  assert.equal(compileRevinclude(include, [{ type: "Patient", id: "1" }], MARKED, 10), undefined);
});

test("SEARCH-SORT-3 missing values are last both ways; without any, the order is written as the index has it", () => {
  const order = (text: string): string =>
    /ORDER BY (.*)/.exec(compileSearch(query("Observation", text), MARKED).text)?.[1] ?? "";
  assert.equal(order("_sort=-date"), `r1."date_lo" DESC NULLS LAST, r1.id`);
  assert.equal(order("_sort=date"), `r1."date_lo" NULLS LAST, r1.id`);
  assert.equal(order("date=ge2020&_sort=date"), `r1."date_lo" NULLS FIRST, r1.id`);
  assert.equal(order("value-quantity=5&_sort=-value-quantity"), `r1."value_quantity_lo" DESC NULLS FIRST, r1.id`);
  assert.equal(order("_sort=-_lastUpdated"), `r1.last_updated DESC NULLS FIRST, r1.id`);
  assert.equal(order(""), "r1.id");
});
