/** Definitions and resources that nobody meant well. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isError, ProfileSet, type JsonValue } from "../index.ts";
import { fullResource } from "../testing/example.ts";
import { definition, observation, URL } from "../testing/profile.ts";

test("FHIR-PROFILE-HOSTILE-1 any JSON as a definition, and any as a resource, gets an answer", () => {
  const rule = fc.record(
    {
      id: fc.constantFrom(
        "Observation",
        "Observation.code",
        "Observation.component:a",
        "Observation.component:a.code",
        "Observation.value[x]",
        "..",
        ":a",
      ),
      path: fc.constantFrom(
        "Observation",
        "Observation.code",
        "Observation.component",
        "Observation.value[x]",
        "",
        "a.b.c",
      ),
      min: fc.oneof(fc.integer(), fc.string()),
      max: fc.constantFrom("*", "0", "1", "x"),
      type: fc.oneof(
        fc.constant([{ code: "Reference", targetProfile: [URL] }]),
        fc.constant([{ code: "Quantity", profile: [URL] }]),
        fc.jsonValue(),
      ),
      slicing: fc.oneof(
        fc.constant({ discriminator: [{ type: "profile", path: "$this" }], rules: "closed" }),
        fc.jsonValue(),
      ),
      sliceName: fc.constantFrom("a", "a/b", ""),
      constraint: fc.oneof(fc.constant([{ key: "a", expression: "repeat(" }]), fc.jsonValue()),
      contentReference: fc.constantFrom("#Observation", "#Observation.component", "#x", ""),
      fixedCode: fc.jsonValue(),
      patternCodeableConcept: fc.jsonValue(),
      binding: fc.jsonValue(),
    },
    { requiredKeys: ["path"] },
  );
  const full = fullResource("Observation");
  const resource = fc.oneof(
    fc.constant(full),
    fc.dictionary(
      fc.constantFrom("code", "component", "extension", "contained", "valueQuantity", "subject"),
      fc.jsonValue(),
    ),
  );
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 8 }), resource, (rules, one) => {
      const set = new ProfileSet([definition(rules)]);
      const asked = { ...observation(), ...(one as Readonly<Record<string, JsonValue>>), resourceType: "Observation" };
      assert.ok(set.judge(asked, { profiles: [URL] }).issues.length <= 101);
    }),
    { numRuns: 600 },
  );
});

test("FHIR-PROFILE-HOSTILE-2 a resource that is made to take long by a profile is judged in bounded time, and says so", () => {
  const deep = definition(
    [
      {
        id: "Bundle.entry",
        path: "Bundle.entry",
        slicing: { discriminator: [{ type: "profile", path: "resource" }], rules: "open" },
      },
      ...Array.from({ length: 40 }, (_, i) => [
        { id: `Bundle.entry:s${i}`, path: "Bundle.entry", sliceName: `s${i}` },
        {
          id: `Bundle.entry:s${i}.resource`,
          path: "Bundle.entry.resource",
          type: [{ code: "Observation", profile: [`urn:p${i}`] }],
        },
      ]).flat(),
    ],
    { type: "Bundle" },
  );
  const each = Array.from({ length: 40 }, (_, i) =>
    definition(
      [
        { path: "Observation.method", min: 1 },
        { path: "Observation.subject", min: 1 },
      ],
      { url: `urn:p${i}` },
    ),
  );
  const entry = Array.from({ length: 10_000 }, () => ({
    resource: { resourceType: "Observation", status: "final", code: { text: "x" } },
  }));
  const bundle = { resourceType: "Bundle", meta: { profile: [URL] }, type: "collection", entry };
  const before = process.cpuUsage();
  const { issues } = new ProfileSet([deep, ...each]).judge(bundle);
  const { user } = process.cpuUsage(before);
  assert.ok(user < 5_000_000, `${user / 1000} ms`);
  assert.deepEqual(
    issues.filter(isError).map(({ code }) => code),
    ["too-costly"],
    "what was not judged is not right",
  );
});
