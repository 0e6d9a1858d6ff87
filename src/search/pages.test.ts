import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FhirError } from "../fhir/index.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { includeTargets, parseInclude } from "./includes.ts";
import { nextQuery, selfQuery } from "./links.ts";
import { parseSearch } from "./parse.ts";
import type { Cursor, SearchPlan, SortKey, TerminologyQuestion } from "./plan.ts";
import { resolveTerminology, type CodesMeant } from "./terminology.ts";
import { typesAsked } from "./types-asked.ts";

const parse = (type: string, query: string): SearchPlan => parseSearch(type, [...new URLSearchParams(query)]);
const SORT: readonly SortKey[] = [
  { parameter: "birthdate", descending: false, as: "instant" },
  { parameter: "family", descending: true, as: "text" },
];

test("SEARCH-PAGE-1 a cursor comes back as it was, whatever text it holds, and is safe in a URL", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.constantFrom("infinity", null, "2026-11-21 10:00:00.123456+00", "0001-01-01 00:00:00+00"),
      (text, instant) => {
        const cursor: Cursor = { type: "Patient", id: "e1.-", values: [instant, text.replaceAll("\0", "")] };
        const encoded = encodeCursor(cursor, "f");
        assert.match(encoded, /^[A-Za-z0-9_-]+$/);
        assert.deepEqual(decodeCursor(encoded, "f", SORT), cursor);
        const back = { ...cursor, isBack: true };
        assert.deepEqual(decodeCursor(encodeCursor(back, "f"), "f", SORT), back);
      },
    ),
  );
});

test("SEARCH-PAGE-2 a cursor of another question, or one that has been touched, is refused before it comes near SQL", () => {
  const made = (parts: unknown): string =>
    btoa(JSON.stringify(parts)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const good = ["f", "Patient", "1", "2026-11-21 10:00:00+00", "x"];
  assert.doesNotThrow(() => decodeCursor(made(good), "f", SORT));
  for (const bad of [
    ["g", ...good.slice(1)],
    ["<g", ...good.slice(1)],
    ["<<f", ...good.slice(1)],
    ["f", "Nobody", "1", null, null],
    ["f", "Patient", "1' OR 1=1", null, null],
    ["f", "Patient", "1", null],
    ["f", "Patient", "1", "not an instant", "x"],
    ["f", "Patient", "1", null, 5],
    ["f", "Patient", "1", null, "a\u0000b"],
    ["f", "Patient", "1", null, "x".repeat(3000)],
    { 0: "f" },
    "f",
    null,
  ]) {
    assert.throws(() => decodeCursor(made(bad), "f", SORT), FhirError, JSON.stringify(bad));
  }
  for (const text of ["", "%", "!!!", "a".repeat(30_000), "AAAA"])
    assert.throws(() => decodeCursor(text, "f", SORT), FhirError, text.slice(0, 10));
});

test("SEARCH-PAGE-3 the question is what is asked for and in which order; the size of a page may change on the way", () => {
  const cursorOf = (plan: SearchPlan): string =>
    new URLSearchParams(nextQuery(plan, { type: "Patient", id: "1", values: plan.sort.map(() => null) })).get(
      "_cursor",
    ) ?? "";
  const cursor = cursorOf(parse("Patient", "gender=male&_sort=birthdate&_count=5"));
  assert.doesNotThrow(() =>
    parse("Patient", `gender=male&_sort=birthdate&_count=50&_total=accurate&_cursor=${cursor}`),
  );
  for (const query of [
    "gender=female&_sort=birthdate",
    "gender=male&_sort=-birthdate",
    "gender=male",
    "_sort=birthdate",
  ]) {
    assert.throws(() => parse("Patient", `${query}&_cursor=${cursor}`), FhirError, query);
  }
  assert.throws(() => parse("Person", `gender=male&_sort=birthdate&_cursor=${cursor}`), FhirError);
});

test("SEARCH-LINK-1 the self link says what was used, as it was given, and nothing that was left out", () => {
  const query = "name=%C3%85sa%26Bo&birthdate=ge2020&_sort=-birthdate&subject:Patient=1";
  const plan = parseSearch(
    "Patient",
    [
      ["name", "Åsa&Bo"],
      ["Cookie", "Chip"],
      ["birthdate", "ge2020"],
      ["_sort", "-birthdate"],
      ["gender", ""],
    ],
    { lenient: true },
  );
  assert.equal(selfQuery(plan), query.split("&subject")[0]);
  assert.deepEqual(
    [...new URLSearchParams(selfQuery(plan))],
    [
      ["name", "Åsa&Bo"],
      ["birthdate", "ge2020"],
      ["_sort", "-birthdate"],
    ],
  );
  assert.ok(!selfQuery(plan).includes("Cookie"));
});

test("SEARCH-LINK-2 half a character in a value makes no link impossible", () => {
  assert.equal(selfQuery(parseSearch("Patient", [["name", "a\ud800"]])), "name=a%EF%BF%BD");
});

test("SEARCH-INCLUDE-1 an include is read with its source, parameter, target and whether it goes on", () => {
  assert.deepEqual(parseInclude("_include", undefined, "Observation:subject:Patient"), {
    source: "Observation",
    parameter: "subject",
    target: "Patient",
    iterate: false,
  });
  assert.deepEqual(parseInclude("_include:iterate", "iterate", "Patient:*"), {
    source: "Patient",
    parameter: undefined,
    target: undefined,
    iterate: true,
  });
  assert.equal(parseInclude("_include", undefined, "*").source, "*");
  assert.equal(parseInclude("_include:recurse", "recurse", "Patient:link").iterate, true);
});

test("SEARCH-INCLUDE-2 what goes along is what the parameter refers to here: of its type, each once", () => {
  const observation = {
    resourceType: "Observation",
    id: "o",
    subject: { reference: "Patient/1" },
    performer: [
      { reference: "Patient/1" },
      { reference: "Practitioner/2/_history/3" },
      { reference: "https://other.example/fhir/Practitioner/3" },
      { reference: "#x" },
    ],
  };
  const targets = (value: string): string[] =>
    includeTargets(observation, parseInclude("_include", undefined, value)).map(({ type, id }) => `${type}/${id}`);
  assert.deepEqual(targets("Observation:subject"), ["Patient/1"]);
  assert.deepEqual(targets("Observation:patient"), ["Patient/1"]);
  assert.deepEqual(targets("Observation:performer"), ["Patient/1", "Practitioner/2"]);
  assert.deepEqual(targets("Observation:performer:Practitioner"), ["Practitioner/2"]);
  assert.deepEqual(targets("*").toSorted(), ["Patient/1", "Practitioner/2"]);
  assert.deepEqual(targets("Encounter:subject"), []);
});

const conditions = (plan: SearchPlan): unknown => plan.types[0]?.conditions;
const codes = (system: string, ...list: readonly string[]): CodesMeant => ({
  codings: list.map((code) => ({ system, code })),
  systems: [],
});

test("SEARCH-TERM-1 a plan asks what it must be told about codes, each question once, also inside chains", async () => {
  const asked: unknown[] = [];
  const ask = async (question: TerminologyQuestion): Promise<CodesMeant> => {
    asked.push(question);
    return codes("http://s", "a");
  };
  await resolveTerminology(
    parse(
      "Patient",
      "_has:Observation:subject:code:in=http://a.se/vs&_has:Observation:subject:code:in=http://a.se/vs&gender:not-in=http://b.se/vs",
    ),
    ask,
  );
  await resolveTerminology(parse("Observation", "code:below=http://s|x&category:above=y"), ask);
  await resolveTerminology(parse("Observation", "code=x"), ask);
  assert.deepEqual(asked, [
    { ask: "value-set", url: "http://a.se/vs" },
    { ask: "value-set", url: "http://b.se/vs" },
    { ask: "below", system: "http://s", code: "x" },
    { ask: "above", system: undefined, code: "y" },
  ]);
});

test("SEARCH-TERM-2 the answers become the codes that could have been asked for; no code finds nothing", async () => {
  const told = async (type: string, query: string, answer: CodesMeant): Promise<unknown> =>
    conditions(await resolveTerminology(parse(type, query), async () => answer));
  assert.deepEqual(
    await told("Observation", "combo-code:in=u", codes("http://s", "a", "b")),
    conditions(parse("Observation", "combo-code=http://s|a,http://s|b")),
  );
  assert.deepEqual(
    await told(
      "Observation",
      "subject:Patient.gender:not-in=u",
      codes("http://hl7.org/fhir/administrative-gender", "male"),
    ),
    conditions(parse("Observation", "subject:Patient.gender:not=male")),
  );
  assert.deepEqual(
    await told("Observation", "code:in=u", { codings: [], systems: ["http://s"] }),
    conditions(parse("Observation", "code=http://s|")),
  );
  assert.deepEqual(await told("Observation", "code:in=u", codes("http://s")), [{ kind: "any", of: [] }]);
  assert.deepEqual(await told("Patient", "gender:in=u", codes("urn:other", "male")), [
    { kind: "any", of: [] },
    { kind: "unprotected" },
  ]);
  await assert.rejects(
    resolveTerminology(parse("Observation", "code:in=u"), async () => {
      throw new Error("unknown");
    }),
  );
});

test("SEARCH-CHAIN-2 the types that a plan looks at are told, so that no chain goes where its asker may not", () => {
  assert.deepEqual(
    [
      ...typesAsked(
        parse("Observation", "subject:Patient.organization.name=x&_has:DiagnosticReport:result:status=final"),
      ),
    ].toSorted(),
    ["DiagnosticReport", "Observation", "Organization", "Patient"],
  );
  assert.deepEqual([...typesAsked(parse("Observation", "code=x"))], ["Observation"]);
});
