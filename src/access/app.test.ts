import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decide,
  narrowingOf,
  parseAppScope,
  type AppGrant,
  type AppScope,
  type Interaction,
  type PersonActor,
} from "./index.ts";

const person: PersonActor = {
  kind: "person",
  id: "anna",
  name: "Anna Ek",
  title: "Läkare",
  hsaId: "SE1-P",
  assignment: {
    id: "a",
    unit: "Akuten",
    unitHsaId: "SE1-U",
    provider: "Regionen",
    providerHsaId: "SE1-V",
    role: "Läkare",
    from: null,
    until: null,
  },
};
const app = (patient: string | null, ...scopes: string[]): AppGrant => ({
  client: "app",
  name: "Appen",
  patient,
  scopes: scopes.map((text) => parseAppScope(text)!),
});
const INTERACTIONS: readonly Interaction[] = [
  "read",
  "vread",
  "history",
  "search",
  "create",
  "update",
  "patch",
  "delete",
];
const TYPES = ["Observation", "Patient", "Practitioner", "AuditEvent", "*"];

test("ACC-APP-1 scopes are read strictly: one that says nothing or is not understood is none", () => {
  assert.deepEqual(parseAppScope("patient/Observation.rs?category=laboratory"), {
    of: "patient",
    type: "Observation",
    verbs: "rs",
    criteria: "category=laboratory",
  } satisfies AppScope);
  assert.deepEqual(parseAppScope("user/*.read")?.verbs, "rs");
  for (const bad of [
    "system/*.rs",
    "user/Observation.",
    "user/Observation.sr",
    "user/observation.rs",
    "user/*.rs?",
    "user/*.rs?a=b c",
    "user/*.rs#",
    "",
    "openid",
  ])
    assert.equal(parseAppScope(bad), undefined, bad);
});

test("ACC-APP-2 an application goes as far as its scopes, and a patient's only when there is a patient", () => {
  assert.equal(narrowingOf(app(null, "patient/*.rs"), "Observation", "r"), "none");
  assert.equal(narrowingOf(app("p", "user/*.r"), "Observation", "s"), "none");
  assert.equal(narrowingOf(app("p", "user/*.r", "patient/*.rs"), "Observation", "r"), "whole");
  assert.deepEqual(narrowingOf(app("p", "patient/*.rs", "user/Observation.s?code=x"), "Observation", "s"), [
    { patient: "p", criteria: null },
    { patient: null, criteria: "code=x" },
  ]);
});

test("ACC-APP-3 whatever the scopes, an application gets nothing that the person has no grounds for, and narrowed ones only what is current", () => {
  const scope = fc.record({
    of: fc.constantFrom("user" as const, "patient" as const),
    type: fc.constantFrom("*", "Observation", "Patient", "AuditEvent"),
    verbs: fc.constantFrom("cruds", "rs", "r", "s", "cud"),
    criteria: fc.constantFrom(null, "category=x"),
  });
  const grants = fc.record({ scopes: fc.array(scope, { maxLength: 4 }), patient: fc.constantFrom(null, "p") });
  fc.assert(
    fc.property(grants, fc.constantFrom(...INTERACTIONS), fc.constantFrom(...TYPES), (given, interaction, type) => {
      const question = { interaction, type, today: "2026-11-22" };
      const own = decide(person, question);
      const through = decide({ ...person, app: { client: "app", name: "Appen", ...given } }, question);
      if (!("grounds" in through)) return;
      assert.ok("grounds" in own);
      assert.deepEqual({ ...through.grounds, sentence: "" }, { ...own.grounds, sentence: "" });
      const isWhole = given.scopes.some(
        (one) => one.of === "user" && one.criteria === null && (one.type === "*" || one.type === type),
      );
      assert.ok(isWhole || interaction === "read" || interaction === "search");
    }),
    { numRuns: 500 },
  );
});
