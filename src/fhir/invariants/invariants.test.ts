/** R4's own conditions: all of them compile, those broken are told where, and fhirpath.js agrees. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";
import { elementsOf } from "../elements.ts";
import { INVARIANTS } from "../generated/invariants.ts";
import { parseJson, validateResource, type JsonObject } from "../index.ts";
import { officialExamples } from "../testing/examples.ts";
import { compileCondition } from "./compile.ts";
import { invariantsOf } from "./index.ts";

const read = (text: string): JsonObject => parseJson(text) as JsonObject;

/** Keys and places of the conditions broken. */
function broken(resource: object, hasWarnings = false): string[] {
  return validateResource(read(JSON.stringify(resource)), { hasWarnings }).map(
    ({ en, expression, code, severity }) =>
      `${expression} ${code === "invariant" ? (/\(([a-z]+-\w+)\)\.?$/.exec(en)?.[1] ?? en) : code}${severity === "warning" ? " warning" : ""}`,
  );
}

test("FHIR-INVARIANT-1 every condition of R4 is compiled, and what is outside our part of FHIRPath is refused", () => {
  const keys = new Set<string>();
  let compiled = 0;
  for (const path of Object.keys(INVARIANTS)) {
    assert.ok(elementsOf(path) ?? elementsOf(path.replace(/\.[^.]*$/, "")) ?? path === "DomainResource", path);
    for (const { key } of invariantsOf(path)) {
      keys.add(key);
      compiled++;
    }
  }
  assert.equal(compiled, 236);
  assert.ok(keys.size > 200);
  for (const wrong of ["a.unknown()", "%nothing", "a ~ b", "a.", "(a", "a b", "a.is('x')", "@2026", "a * 2"])
    assert.throws(() => compileCondition(wrong, "Patient"), SyntaxError, wrong);
});

const observation = { resourceType: "Observation", status: "final", code: { coding: [{ system: "s", code: "c" }] } };
const bundle = { resourceType: "Bundle", type: "collection" };
const questionnaire = { resourceType: "Questionnaire", status: "draft" };

const BROKEN: readonly (readonly [resource: object, expected: string])[] = [
  [{ ...observation, valueString: "x", dataAbsentReason: { text: "y" } }, "Observation obs-6"],
  [{ ...observation, valueInteger: 1, component: [{ code: observation.code }] }, "Observation obs-7"],
  [{ ...observation, referenceRange: [{ appliesTo: [{ text: "x" }] }] }, "Observation.referenceRange[0] obs-3"],
  [{ ...observation, valueQuantity: { value: 1, code: "mmol/L" } }, "Observation.valueQuantity qty-3"],
  [
    { ...observation, effectivePeriod: { start: "2026-02-02", end: "2026-02-01" } },
    "Observation.effectivePeriod per-1",
  ],
  [{ ...observation, valueRange: { low: { value: 2.0 }, high: { value: 1 } } }, "Observation.valueRange rng-2"],
  [{ ...observation, valueRatio: { numerator: { value: 1 } } }, "Observation.valueRatio rat-1"],
  [{ resourceType: "Patient", telecom: [{ value: "1" }] }, "Patient.telecom[0] cpt-2"],
  [{ resourceType: "Patient", contact: [{ gender: "male" }] }, "Patient.contact[0] pat-1"],
  [{ resourceType: "Patient", photo: [{ data: "AAAA" }] }, "Patient.photo[0] att-1"],
  [{ resourceType: "Organization", active: true }, "Organization org-1"],
  [{ resourceType: "Organization", name: "x", address: [{ use: "home" }] }, "Organization.address[0] org-2"],
  [
    { resourceType: "Organization", name: "x", telecom: [{ system: "phone", use: "home" }] },
    "Organization.telecom[0] org-3",
  ],
  [{ ...bundle, total: 1 }, "Bundle bdl-1"],
  [{ ...bundle, type: "transaction", entry: [{ resource: observation }] }, "Bundle bdl-3"],
  [
    {
      ...bundle,
      entry: [
        { fullUrl: "urn:a", resource: observation },
        { fullUrl: "urn:a", resource: observation },
      ],
    },
    "Bundle bdl-7",
  ],
  [
    { ...bundle, entry: [{ fullUrl: "http://x/Patient/1/_history/1", resource: observation }] },
    "Bundle.entry[0] bdl-8",
  ],
  [{ ...bundle, entry: [{ fullUrl: "urn:a" }] }, "Bundle.entry[0] bdl-5"],
  [
    {
      ...bundle,
      type: "document",
      identifier: { system: "s", value: "v" },
      timestamp: "2026-01-01T00:00:00Z",
      entry: [{ resource: observation }],
    },
    "Bundle bdl-11",
  ],
  [
    { ...questionnaire, item: [{ linkId: "1", type: "display", item: [{ linkId: "2", type: "display" }] }] },
    "Questionnaire.item[0] que-1",
  ],
  [
    { ...questionnaire, item: [{ linkId: "1", type: "group", item: [{ linkId: "1", type: "display" }] }] },
    "Questionnaire que-2",
  ],
  [
    {
      ...questionnaire,
      item: [{ linkId: "1", type: "string", initial: [{ valueString: "a" }, { valueString: "b" }] }],
    },
    "Questionnaire.item[0] que-13",
  ],
  [
    {
      ...questionnaire,
      item: [{ linkId: "1", type: "string", enableWhen: [{ question: "2", operator: "exists", answerString: "x" }] }],
    },
    "Questionnaire.item[0].enableWhen[0] que-7",
  ],
  [
    { resourceType: "Appointment", status: "booked", participant: [{ status: "accepted", type: [{ text: "x" }] }] },
    "Appointment app-3",
  ],
  [{ resourceType: "Parameters", parameter: [{ name: "a" }] }, "Parameters.parameter[0] inv-1"],
  [{ resourceType: "Patient", contained: [{ resourceType: "Basic", id: "b", code: { text: "x" } }] }, "Patient dom-3"],
  [
    {
      resourceType: "Patient",
      generalPractitioner: [{ reference: "#b" }],
      contained: [{ resourceType: "Organization", id: "b", name: "x", meta: { versionId: "1" } }],
    },
    "Patient dom-4",
  ],
  [
    {
      resourceType: "CareTeam",
      participant: [{ member: { reference: "Patient/1" }, onBehalfOf: { reference: "Organization/1" } }],
    },
    "CareTeam.participant[0] ctm-1",
  ],
  [
    { resourceType: "Task", status: "draft", intent: "order", authoredOn: "2026-02-02", lastModified: "2026-02-01" },
    "Task inv-1",
  ],
];

test("FHIR-INVARIANT-2 a broken condition is told at its place, and is the only thing told", () => {
  for (const [resource, expected] of BROKEN) assert.deepEqual(broken(resource), [expected], expected);
});

test("FHIR-INVARIANT-2 what keeps a condition is accepted", () => {
  for (const resource of [
    { ...observation, dataAbsentReason: { text: "y" } },
    { ...observation, _valueString: { extension: [{ url: "u", valueCode: "x" }] } },
    { ...observation, component: [{ code: observation.code }] },
    { ...observation, valueQuantity: { value: 1, code: "mmol/L", system: "http://unitsofmeasure.org" } },
    {
      ...questionnaire,
      item: [{ linkId: "1", type: "string", repeats: true, initial: [{ valueString: "a" }, { valueString: "b" }] }],
    },
    {
      resourceType: "CareTeam",
      participant: [{ member: { reference: "Practitioner/1" }, onBehalfOf: { reference: "Organization/1" } }],
    },
    {
      ...bundle,
      type: "transaction",
      entry: [{ resource: observation, request: { method: "POST", url: "Observation" } }],
    },
  ])
    assert.deepEqual(broken(resource), []);
});

test("FHIR-INVARIANT-3 a warning is told only when asked for", () => {
  const resource = { ...questionnaire, name: "not a name" };
  assert.deepEqual(broken(resource), []);
  assert.deepEqual(broken(resource, true), ["Questionnaire que-0 warning", "Questionnaire dom-6 warning"]);
});

test("FHIR-INVARIANT-4 what cannot be decided breaks nothing, and what says nothing does not keep a condition", () => {
  for (const [start, end] of [
    ["2026", "2026-02"],
    ["2026-02-03", "2026-02"],
    ["2026-02-01", "2026-02-01"],
  ])
    assert.deepEqual(broken({ ...observation, effectivePeriod: { start, end } }), [], `${start}–${end}`);
  const [low, high] = [
    { value: 2, unit: "g" },
    { value: 1, unit: "kg" },
  ];
  assert.deepEqual(broken({ ...observation, valueRange: { low, high } }), []);
  const duration = {
    resourceType: "Encounter",
    status: "planned",
    class: { code: "AMB" },
    length: { value: 1, code: "h" },
  };
  assert.deepEqual(broken(duration), ["Encounter.length drt-1", "Encounter.length qty-3"]);
});

test("FHIR-INVARIANT-5 fhirpath.js gives the same answers on the official examples, whole and less any one member", () => {
  let compared = 0;
  const compiled = new Map<string, (resource: unknown, environment: object) => unknown[]>();
  for (const { name, text, isInstance } of officialExamples()) {
    if (!isInstance || text.length > 20_000) continue;
    const whole = JSON.parse(text) as JsonObject;
    const type = String(whole["resourceType"]);
    for (const without of ["", ...Object.keys(whole)]) {
      if (without === "resourceType") continue;
      const resource = Object.fromEntries(Object.entries(whole).filter(([member]) => member !== without));
      const node = { value: resource, beside: undefined, type };
      for (const [key, , expression] of INVARIANTS[type] ?? []) {
        const theirs = compiled.get(expression) ?? fhirpath.compile(expression, r4, { traceFn: () => {} });
        compiled.set(expression, theirs as (resource: unknown, environment: object) => unknown[]);
        const answer = (theirs(resource, { resource }) as unknown[])[0];
        const ours = invariantsOf(type)
          .find((one) => one.key === key)
          ?.test(node, { resource: node, context: node, walked: undefined });
        assert.equal(ours ?? false, answer ?? false, `${name} without ${without}: ${key}`);
        compared++;
      }
    }
  }
  console.log(JSON.stringify({ compared }));
  assert.ok(compared > 5_000, String(compared));
});

test("FHIR-INVARIANT-6 no condition takes long over a large resource", () => {
  const items = Array.from({ length: 4_000 }, (_, i) => ({ linkId: `a${i}`, type: "display" }));
  const codings = Array.from({ length: 3_000 }, (_, i) => ({ system: "s", code: `c${i}` }));
  const organizations = Array.from({ length: 3_000 }, (_, i) => ({
    resourceType: "Organization",
    id: `o${i}`,
    name: "x",
  }));
  const elements = Array.from({ length: 3_000 }, (_, i) => ({
    id: `A.b${i}`,
    path: `A.b${i}`,
    base: { path: "A", min: 0, max: "1" },
    min: 0,
    max: "1",
    definition: "x",
  }));
  const large = [
    { ...questionnaire, item: items },
    {
      ...observation,
      code: { coding: codings },
      valueInteger: 1,
      component: codings.map((coding) => ({ code: { coding: [{ ...coding, system: "t" }] } })),
    },
    {
      resourceType: "Patient",
      contained: organizations,
      contact: organizations.map(({ id }) => ({ organization: { reference: `#${id}` } })),
    },
    {
      resourceType: "StructureDefinition",
      url: "http://x/A",
      name: "A",
      status: "draft",
      kind: "logical",
      abstract: false,
      type: "A",
      baseDefinition: "http://x/B",
      derivation: "specialization",
      snapshot: { element: elements },
      differential: { element: elements },
    },
  ];
  for (const resource of large) {
    const text = read(JSON.stringify(resource));
    const started = process.cpuUsage().user;
    validateResource(text);
    const ms = (process.cpuUsage().user - started) / 1000;
    assert.ok(ms < 1_500, `${resource.resourceType} took ${ms} ms`);
  }
});

test("FHIR-EXAMPLE-1 the official instance examples are accepted, but for two that are wrong", () => {
  const refused: string[] = [];
  let instances = 0;
  for (const { name, text, isInstance } of officialExamples()) {
    if (!isInstance) continue;
    instances++;
    if (validateResource(read(text)).length > 0) refused.push(name);
  }
  assert.equal(instances, 712);
  assert.deepEqual(refused, ["Bundle-dataelements", "Questionnaire-qs1"]);
});
