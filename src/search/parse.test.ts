import assert from "node:assert/strict";
import { test } from "node:test";
import { FhirError, type Issue } from "../fhir/index.ts";
import { tokenKey } from "./keys.ts";
import { LIMITS } from "./limits.ts";
import { parseSearch, parseSystemSearch, type SearchOptions } from "./parse.ts";
import type { Condition, SearchPlan } from "./plan.ts";

const parse = (type: string, query: string, options: SearchOptions = {}): SearchPlan =>
  parseSearch(type, [...new URLSearchParams(query)], options);
const condition = (type: string, query: string): Condition => {
  const [only] = parse(type, query).types[0]?.conditions ?? [];
  assert.ok(only !== undefined);
  return only;
};

function refusal(type: string, query: string, options: SearchOptions = {}): FhirError & { issue: Issue } {
  try {
    parse(type, query, options);
  } catch (error) {
    assert.ok(error instanceof FhirError, String(error));
    const [issue] = error.issues;
    assert.ok(issue !== undefined);
    return Object.assign(error, { issue });
  }
  throw new Error(`${type}?${query} was not refused`);
}

test("SEARCH-PARSE-1 an unknown parameter is refused with its name as expression, wherever it stands", () => {
  for (const [type, query] of [
    ["Patient", "Cookie=Chip"],
    ["Observation", "subject:Patient.cookie=1"],
    ["Observation", "code.text=1"],
    ["Patient", "_has:Observation:subject:cookie=1"],
    ["Patient", "_has:Observation:code:code=1"],
    ["Organization", "_has:Observation:subject:code=1"],
    ["Patient", "_type=Patient"],
    ["Patient", "_sort=cookie"],
    ["Location", "_sort=near"],
    ["Observation", "_include=Observation:cookie"],
    ["Observation", "_include=Observation:code"],
  ] as const) {
    const { code, status, issue } = refusal(type, query);
    assert.equal(code, "SEARCH_PARAM_UNKNOWN", query);
    assert.equal(status, 400);
    assert.ok(issue.expression?.startsWith(query.split("=")[0] ?? ""), `${query}: ${issue.expression}`);
  }
});

test("SEARCH-PARSE-7 what R4 defines and this server does not do is refused by name: named queries, functional lists, orders of what is contained", () => {
  for (const [type, query] of [
    ["Patient", "_query=current-high-risk"],
    ["AllergyIntolerance", "_list=$current-allergies"],
    ["Medication", "_contained=true&_sort=status"],
  ] as const) {
    const { code, status } = refusal(type, query);
    assert.deepEqual([code, status], ["NOT_SUPPORTED", 400], query);
  }
  assert.equal(refusal("Medication", "_contained=some").code, "SEARCH_VALUE_INVALID");
});

test("SEARCH-PARSE-2 lenient handling leaves out what is unknown and tells of it, but no modifier and no value", () => {
  const plan = parse("Patient", "gender=male&Cookie=Chip&_sort=cookie", { lenient: true });
  assert.deepEqual(plan.used, [["gender", "male"]]);
  assert.deepEqual(
    plan.ignored.map(({ severity, expression }) => [severity, expression]),
    [
      ["warning", "Cookie"],
      ["warning", "_sort=cookie"],
    ],
  );
  assert.equal(refusal("Patient", "gender:nosuch=x", { lenient: true }).code, "SEARCH_MODIFIER_UNKNOWN");
  assert.equal(refusal("Patient", "birthdate=x", { lenient: true }).code, "SEARCH_VALUE_INVALID");
});

test("SEARCH-PARSE-3 a modifier stands only on the types of parameter that R4 gives it to", () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "Patient.gender": ["missing", "not", "text", "in", "not-in", "below", "above", "of-type"],
    "Patient.family": ["missing", "exact", "contains", "text"],
    "Patient.organization": ["missing", "identifier", "above", "below", "Organization"],
    "Patient.birthdate": ["missing"],
    "ValueSet.url": ["missing", "above", "below"],
    "RiskAssessment.probability": ["missing"],
    "Encounter.length": ["missing"],
    "Observation.code-value-quantity": [],
    "Location.near": [],
    "Patient._id": ["not"],
    "Patient._lastUpdated": [],
  };
  const values: Readonly<Record<string, string>> = { missing: "true", "of-type": "a|b|c" };
  const all = [
    "missing",
    "exact",
    "contains",
    "text",
    "in",
    "not-in",
    "above",
    "below",
    "not",
    "of-type",
    "identifier",
    "Organization",
    "Observation",
    "nosuch",
    "",
  ];
  for (const [name, modifiers] of Object.entries(allowed)) {
    const [type = "", parameter = ""] = name.split(".");
    for (const modifier of all) {
      const query = `${parameter}:${modifier}=${values[modifier] ?? "x"}`;
      if (modifiers.includes(modifier)) assert.doesNotThrow(() => parse(type, query), `${type}?${query}`);
      else assert.equal(refusal(type, query).code, "SEARCH_MODIFIER_UNKNOWN", `${type}?${query}`);
    }
  }
  assert.equal(refusal("Patient", "_include:nosuch=Patient:link").code, "SEARCH_MODIFIER_UNKNOWN");
});

test("SEARCH-PARSE-4 a value that cannot be understood is refused by its parameter's name, and never repeated", () => {
  for (const [type, query] of [
    ["Patient", "birthdate=191212121212"],
    ["Patient", "birthdate=2026-02-30"],
    ["Patient", "birthdate=xx2026"],
    ["Patient", "birthdate=ge"],
    ["RiskAssessment", "probability=0,5.5.5"],
    ["Observation", "value-quantity=5|x"],
    ["Observation", "value-quantity=abc||mg"],
    ["Observation", "value-quantity=5|a|b|c"],
    ["Patient", "gender:missing=maybe"],
    ["Patient", "identifier=a|b|c"],
    ["Patient", "identifier=|"],
    ["Patient", "identifier:of-type=A"],
    ["Patient", "identifier:of-type=A|B"],
    ["Patient", "identifier:of-type=|B|C"],
    ["Patient", "organization:identifier=a|b|c"],
    ["Observation", "code-value-quantity=8480-6"],
    ["Observation", "code-value-quantity=8480-6$5$6"],
    ["Observation", "focus.identifier=1"],
    ["Location", "near=100|0"],
    ["Location", "near=59|15|5|furlong"],
    ["Patient", "_has:Observation=1"],
    ["Patient", "_count=many"],
    ["Patient", "_count=-1"],
    ["Patient", "_total=all"],
    ["Patient", "_summary=short"],
    ["Patient", "_include=Patient"],
    ["Patient", "_revinclude=*:x"],
    ["Patient", "_include=Patient:link:Nobody"],
    ["Patient", "name=a%00b"],
  ] as const) {
    const { code, issue } = refusal(type, query);
    const [name = "", value = ""] = query.split("=");
    assert.equal(code, "SEARCH_VALUE_INVALID", query);
    assert.equal(issue.expression, name, query);
    if (value.length > 5) assert.ok(!issue.sv.includes(value) && !issue.en.includes(value), `${query}: ${issue.en}`);
  }
  assert.equal(refusal("Nobody", "x=1").code, "TYPE_UNKNOWN");
});

test("SEARCH-PARSE-5 a parameter without a value, and what http reads for itself, ask for nothing", () => {
  const plan = parse("Patient", "gender=&name=%2C%2C&_format=json&_pretty=true&_contained=false");
  assert.deepEqual(
    plan.types[0]?.conditions.map(({ kind }) => kind),
    ["text", "unprotected"],
  );
  assert.deepEqual(
    plan.used.map(([name]) => name),
    ["name", "_contained"],
  );
});

test("SEARCH-PARSE-6 pages hold 20 unless told, at most the limit; none asks only for the number", () => {
  assert.equal(parse("Patient", "").count, 20);
  assert.equal(parse("Patient", "_count=7").count, 7);
  assert.equal(parse("Patient", "_count=999999").count, LIMITS.count);
  assert.equal(parse("Patient", "_count=0").countOnly, true);
  assert.equal(parse("Patient", "_summary=count").countOnly, true);
  assert.equal(parse("Patient", "_summary=text").countOnly, false);
  assert.deepEqual(parse("Patient", "_elements=id, name").elements, ["id", "name"]);
});

test("SEARCH-LIMIT-1 more than a search may ask is refused as too costly, just less is not", () => {
  const repeat = (count: number, make: (n: number) => string, join: string): string =>
    Array.from({ length: count }, (_, n) => make(n)).join(join);
  const chain = (steps: number): string => `${repeat(steps, () => "partof", ".")}.name=x`;
  const has = (steps: number): string => `${repeat(steps, () => "_has:Organization:partof", ":")}:name=x`;
  for (const [type, most, over] of [
    [
      "Patient",
      repeat(LIMITS.parameters, () => "gender=male", "&"),
      repeat(LIMITS.parameters + 1, () => "gender=male", "&"),
    ],
    [
      "Patient",
      `identifier=${repeat(LIMITS.alternatives, String, ",")}`,
      `identifier=${repeat(LIMITS.alternatives + 1, String, ",")}`,
    ],
    ["Organization", chain(LIMITS.chain), chain(LIMITS.chain + 1)],
    ["Organization", has(LIMITS.chain), has(LIMITS.chain + 1)],
    ["Patient", `name=${"x".repeat(200)}`, `name=${"x".repeat(201)}`],
    ["Patient", "_sort=name,gender,birthdate,family,given", "_sort=name,gender,birthdate,family,given,active"],
    ["Provenance", `target=${repeat(100, String, ",")}`, `target=${repeat(200, String, ",")}`],
  ] as const) {
    assert.doesNotThrow(() => parse(type, most), most.slice(0, 60));
    assert.equal(refusal(type, over).code, "SEARCH_TOO_COSTLY", over.slice(0, 60));
  }
});

test("SEARCH-TOKEN-1 each spelling of a token asks for one key under each name that the parameter is stored by", () => {
  const keys = (query: string): readonly string[] => {
    const asked = condition("Observation", query);
    assert.ok(asked.kind === "keys");
    return asked.keys;
  };
  assert.deepEqual(keys("code=8480-6"), [tokenKey("code", "8480-6")]);
  assert.deepEqual(
    keys("combo-code=x").toSorted(),
    [tokenKey("code", "x"), tokenKey("component-code", "x")].toSorted(),
  );
  assert.equal(keys("code=a,b\\,c").length, 2);
});

test("SEARCH-TOKEN-2 a bare code's implied system may be said; another system, or none where one is implied, finds nothing", () => {
  assert.deepEqual(
    condition("Patient", "gender=http://hl7.org/fhir/administrative-gender|male"),
    condition("Patient", "gender=male"),
  );
  for (const query of ["gender=urn:other|male", "gender=|male"])
    assert.deepEqual(condition("Patient", query), { kind: "any", of: [] });
  assert.deepEqual(condition("Patient", "gender:not=urn:other|male"), { kind: "all", of: [] });
  assert.deepEqual(condition("Patient", "active=|true"), condition("Patient", "active=true"));
});

test("SEARCH-NUMBER-1 the range of a number is half a unit of its last digit to each side, as R4's examples say", () => {
  const range = (text: string): readonly [number, number] => {
    const asked = condition("RiskAssessment", `probability=${encodeURIComponent(text)}`);
    assert.ok(asked.kind === "range");
    const [test] = asked.tests;
    return [Number(test?.low), Number(test?.high)];
  };
  assert.deepEqual(range("100"), [99.5, 100.5]);
  assert.deepEqual(range("100.00"), [99.995, 100.005]);
  assert.deepEqual(range("1e2"), [95, 105]);
  assert.deepEqual(range("1.0e2"), [95, 105]);
  assert.deepEqual(range("-5.4"), [-5.45, -5.35]);
  assert.deepEqual(range("0.001"), [0.0005, 0.0015]);
  assert.deepEqual(range("+5"), [4.5, 5.5]);
  assert.deepEqual(range("ap100"), [90, 110]);
  assert.deepEqual(range("ap-10"), [-11, -9]);
});

test("SEARCH-DATE-1 ap widens by a tenth of the time between now and the date; without a clock not at all", () => {
  const bounds = (now: number | undefined): readonly string[] => {
    const [asked] =
      parse("Patient", "birthdate=ap2026-01-11", now === undefined ? {} : { now }).types[0]?.conditions ?? [];
    assert.ok(asked?.kind === "range");
    return [asked.tests[0]?.low ?? "", asked.tests[0]?.high ?? ""];
  };
  assert.deepEqual(bounds(undefined), ["2026-01-10T23:00:00.000Z", "2026-01-11T23:00:00.000Z"]);
  assert.deepEqual(bounds(Date.parse("2026-01-21T11:00:00Z")), [
    "2026-01-09T23:00:00.000Z",
    "2026-01-12T23:00:00.000Z",
  ]);
});

test("SEARCH-DATE-2 a plus sign that a form has made a space is still a time zone", () => {
  assert.deepEqual(
    condition("Patient", "birthdate=ge2026-01-01T00:00:00+01:00"),
    condition("Patient", "birthdate=ge2026-01-01T00:00:00%2B01:00"),
  );
});

test("SEARCH-REF-4 an address below this server's own is a reference here; a bare id is of any type that is allowed", () => {
  const keys = (query: string, base?: string): readonly string[] => {
    const [asked] = parse("Encounter", query, base === undefined ? {} : { base }).types[0]?.conditions ?? [];
    assert.ok(asked?.kind === "keys");
    return asked.keys;
  };
  assert.deepEqual(
    keys("subject=https://here.example/fhir/R4/Patient/1", "https://here.example/fhir/R4"),
    keys("subject=Patient/1"),
  );
  assert.notDeepEqual(keys("subject=https://here.example/fhir/R4/Patient/1"), keys("subject=Patient/1"));
  assert.deepEqual(
    keys("subject=1").toSorted(),
    ["Group", "Patient"].map((type) => tokenKey("subject", `${type}/1`)).toSorted(),
  );
  assert.deepEqual(keys("subject:Patient=1"), [tokenKey("subject", "Patient/1")]);
  assert.deepEqual(keys("patient=1"), [tokenKey("subject", "Patient/1")]);
  assert.deepEqual(condition("Encounter", "patient=Group/1"), { kind: "any", of: [] });
  assert.deepEqual(condition("Encounter", "patient=https://other.example/fhir/Group/1"), { kind: "any", of: [] });
});

test("SEARCH-CHAIN-1 a chain without a type goes to every type that may be meant and has such a parameter", () => {
  const targets = (query: string): readonly string[] => {
    const asked = condition("Patient", query);
    assert.ok(asked.kind === "chain");
    return asked.targets.map(({ type }) => type);
  };
  assert.deepEqual(targets("general-practitioner.name=x").toSorted(), ["Organization", "Practitioner"]);
  assert.deepEqual(targets("general-practitioner:PractitionerRole.specialty=x"), ["PractitionerRole"]);
  assert.equal(refusal("Patient", "general-practitioner:Patient.name=x").code, "SEARCH_MODIFIER_UNKNOWN");
});

test("SEARCH-SYSTEM-1 a search of several types takes only what all of them have", () => {
  const types = (query: string): readonly string[] =>
    parseSystemSearch([...new URLSearchParams(query)]).types.map(({ type }) => type);
  assert.deepEqual(types("_type=Patient,Observation,Patient&_id=1"), ["Patient", "Observation"]);
  assert.equal(types("_lastUpdated=ge2026").length > 140, true);
  assert.throws(() => types("_type=Patient,Observation&birthdate=2020"), FhirError);
  assert.throws(() => types("_type=Patient,Nobody"), FhirError);
  assert.throws(() => types("_type=Patient,Observation&_sort=birthdate"), FhirError);
  assert.throws(() => types("gender=male"), FhirError);
});
