import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FhirError } from "../fhir/index.ts";
import { parseFilter, type FilterNode } from "./filter.ts";
import { LIMITS } from "./limits.ts";
import { parseSearch, type SearchOptions } from "./parse.ts";
import type { Condition } from "./plan.ts";
import { wordQuery } from "./words.ts";

function spelled(node: FilterNode): string {
  switch (node.op) {
    case "test": {
      const path = node.path.map(({ name, filter }) => (filter === undefined ? name : `${name}[${spelled(filter)}]`));
      return `${path.join(".")} ${node.compare} <${node.value}>`;
    }
    case "not":
      return `not(${spelled(node.of)})`;
    default:
      return `(${node.of.map(spelled).join(` ${node.op} `)})`;
  }
}

const conditionsOf = (type: string, filter: string, options: SearchOptions = {}): readonly Condition[] =>
  parseSearch(type, [["_filter", filter]], options).types[0]?.conditions ?? [];

function refusal(type: string, filter: string, options: SearchOptions = {}): FhirError {
  try {
    conditionsOf(type, filter, options);
  } catch (error) {
    assert.ok(error instanceof FhirError, String(error));
    return error;
  }
  throw new Error(`${filter} was not refused`);
}

test("SEARCH-FILTER-1 the grammar: tests, and and or from left to right without precedence, not, parentheses, paths with filters, JSON strings", () => {
  for (const [text, expected] of [
    [`name co "pet"`, "name co <pet>"],
    [`given eq "peter" and birthdate ge 2014-10-10`, "(given eq <peter> and birthdate ge <2014-10-10>)"],
    ["code eq http://loinc.org|1234-5", "code eq <http://loinc.org|1234-5>"],
    [`subject.name co "pet"`, "subject.name co <pet>"],
    [`related[type eq "has-component"].target pr true`, "related[type eq <has-component>].target pr <true>"],
    ["a eq 1 or b eq 2 and c eq 3", "((a eq <1> or b eq <2>) and c eq <3>)"],
    ["a eq 1 and b eq 2 or c eq 3", "((a eq <1> and b eq <2>) or c eq <3>)"],
    ["a eq 1 and (b eq 2 or c eq 3)", "(a eq <1> and (b eq <2> or c eq <3>))"],
    ["not (a eq 1) and not(b eq 2)", "(not(a eq <1>) and not(b eq <2>))"],
    ["  a   eq   1  ", "a eq <1>"],
    [`a eq "x) and (\\"y\\" \\u00e5"`, 'a eq <x) and ("y" å>'],
    ["not eq 1", "not eq <1>"],
    ["_has:Observation:patient:code eq x", "_has:Observation:patient:code eq <x>"],
  ] as const)
    assert.equal(spelled(parseFilter(text)), expected, text);
});

test("SEARCH-FILTER-2 what is not of the grammar is refused as a value of _filter, and no text takes long or breaks it", () => {
  for (const text of [
    "name",
    "name co",
    'name co "pet',
    "name co pet)",
    "(name co pet",
    "and name co pet",
    "name co pet and",
    "name co pet name co pet",
    "not name co pet",
    "name[a eq 1] eq 2",
    "name[a eq 1.b eq 2",
    'name co "\\x"',
    "1name eq 2",
  ]) {
    const { code, status } = refusal("Patient", text);
    assert.deepEqual([code, status], ["SEARCH_VALUE_INVALID", 400], text);
  }
  const piece = fc.constantFrom(
    "a",
    "eq",
    "and",
    "or",
    "not",
    "(",
    ")",
    "[",
    "]",
    ".",
    '"',
    "\\",
    " ",
    "x|y",
    "2020",
    "\n",
    "å",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        parseFilter(pieces.join(""));
      } catch (error) {
        assert.ok(error instanceof FhirError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test("SEARCH-WORDS-4 words that are none are refused as a value, in a parameter and in a filter", () => {
  for (const name of ["_text", "_content", "name:text"])
    for (const value of [",", ",,", ",".repeat(3000)])
      assert.throws(() => parseSearch("Patient", [[name, value]]), { code: "SEARCH_VALUE_INVALID", status: 400 });
  for (const text of ['_text co ""', '_content co ""', '_content co ","', '_text co ",,"'])
    assert.equal(refusal("Patient", text).status, 400, text);
});

test("SEARCH-FILTER-8 an escape that says NUL or half a character is refused", () => {
  for (const escape of ["\\u0000", "a\\u0000b", "\\ud800", "\\udfff\\ud800"])
    for (const name of ["_text", "_content", "name", "identifier", "birthdate"]) {
      const { code, status, issues } = refusal("Patient", `${name} co "${escape}"`);
      assert.deepEqual([code, status, issues[0]?.expression !== undefined], ["SEARCH_VALUE_INVALID", 400, true], name);
    }
  assert.equal(spelled(parseFilter('name co "\\ud83d\\ude00"')), "name co <😀>");
});

test("SEARCH-FILTER-3 a filter has limits of length, tests and depth", () => {
  const many = (n: number): string => Array.from({ length: n }, () => "gender eq male").join(" and ");
  assert.doesNotThrow(() => conditionsOf("Patient", many(LIMITS.filterTests)));
  for (const text of [
    many(LIMITS.filterTests + 1),
    `gender eq ${"x".repeat(LIMITS.filterLength)}`,
    `${"(".repeat(LIMITS.filterDepth + 2)}gender eq male${")".repeat(LIMITS.filterDepth + 2)}`,
    `${"link.".repeat(9)}gender eq male`,
  ]) {
    const { code, issues } = refusal("Patient", text);
    assert.equal(code, "SEARCH_TOO_COSTLY", text.slice(0, 40));
    assert.equal(issues[0]?.expression, "_filter");
  }
});

test("SEARCH-FILTER-4 each operation stands only on the types of parameter that R4 gives it to", () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "Patient.gender": ["eq", "ne", "pr", "ss", "sb", "in", "ni"],
    "Patient.family": ["eq", "ne", "co", "sw", "ew", "pr"],
    "Patient.birthdate": ["eq", "ne", "gt", "lt", "ge", "le", "ap", "sa", "eb", "pr", "po", "co"],
    "Patient.organization": ["eq", "ne", "re", "pr"],
    "RiskAssessment.probability": ["eq", "ne", "gt", "lt", "ge", "le", "ap", "sa", "eb", "pr"],
    "Observation.value-quantity": ["eq", "ne", "gt", "lt", "ge", "le", "ap", "sa", "eb", "pr"],
    "ValueSet.url": ["eq", "ne", "re", "pr"],
  };
  const operations = "eq ne co sw ew gt lt ge le ap sa eb pr po ss sb in ni re xx".split(" ");
  for (const [name, some] of Object.entries(allowed)) {
    const [type = "", parameter = ""] = name.split(".");
    for (const operation of operations) {
      const value = operation === "pr" ? "true" : parameter === "birthdate" ? "2020" : "5";
      const filter = `${parameter} ${operation} ${value}`;
      if (some.includes(operation)) assert.doesNotThrow(() => conditionsOf(type, filter), `${type} ${filter}`);
      else assert.equal(refusal(type, filter).code, "SEARCH_VALUE_INVALID", `${type} ${filter}`);
    }
  }
});

test("SEARCH-FILTER-5 an unknown name inside a filter refuses the search, also with lenient handling: to leave out the filter would show more", () => {
  for (const filter of [
    "cookie eq chip",
    "gender eq male and cookie eq chip",
    "organization.cookie eq 1",
    "gender.name eq x",
  ]) {
    assert.equal(refusal("Patient", filter).code, "SEARCH_VALUE_INVALID", filter);
    assert.equal(refusal("Patient", filter, { lenient: true }).code, "SEARCH_VALUE_INVALID", filter);
  }
});

test("SEARCH-WORDS-1 words, phrases, and, or, not and parentheses; words after one another must all be there", () => {
  const phrase = (text: string): object => ({ op: "phrase", text });
  for (const [text, expected] of [
    ["bone", phrase("bone")],
    ["bone liver", { op: "and", of: [phrase("bone"), phrase("liver")] }],
    [
      "(bone OR liver) and metastases",
      { op: "and", of: [{ op: "or", of: [phrase("bone"), phrase("liver")] }, phrase("metastases")] },
    ],
    ['not "oklar genes"', { op: "not", of: phrase("oklar genes") }],
  ] as const)
    assert.deepEqual(wordQuery(text, "_text"), expected, text);
  for (const text of ["", "(", "a (", "a or", "and", '"a', "not", "a )"])
    assert.throws(() => wordQuery(text, "_text"), { code: "SEARCH_VALUE_INVALID" }, text);
  for (const text of ["a ".repeat(LIMITS.words + 1), "a".repeat(3000), `"${"a ".repeat(200)}"`])
    assert.throws(() => wordQuery(text, "_text"), { code: "SEARCH_TOO_COSTLY" });
  assert.throws(() => parseSearch("Patient", [["_text", "a,".repeat(60)]]), { code: "SEARCH_TOO_COSTLY" });
});
