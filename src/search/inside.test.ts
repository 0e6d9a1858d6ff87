import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { chainsOf, compileHolders, withHeld } from "./inside.ts";
import { parseSearch } from "./parse.ts";
import type { Condition } from "./plan.ts";

const conditions = (query: string): readonly Condition[] =>
  parseSearch(
    "Observation",
    query.split("&").map((one) => one.split("=") as [string, string]),
  ).types[0]!.conditions;
const holder = (
  id: string,
  contained: readonly JsonObject[],
  more: JsonObject,
): Parameters<typeof withHeld>[1][number] => ({
  type: "Observation",
  id,
  resource: { resourceType: "Observation", id, contained, ...more },
});
const tove = { resourceType: "Patient", id: "p", name: [{ family: "Ek" }], gender: "female" };

test("SEARCH-CONTAINED-5 a chain is met by what is contained and referred to by its own parameter", () => {
  const rows = [
    holder("o1", [tove], { subject: { reference: "#p" } }),
    holder("o2", [tove], { subject: { reference: "Patient/p" }, focus: [{ reference: "#p" }] }),
    holder("o3", [{ ...tove, name: [{ family: "Al" }] }], { subject: { reference: "#p" } }),
    holder("o4", [{ ...tove, id: "q" }], { subject: { reference: "#p" } }),
    holder("o5", [{ ...tove, resourceType: "Group" }], { subject: { reference: "#p" } }),
    holder("o6", [], { subject: { reference: "#p" } }),
  ];
  const idsIn = (query: string, only = false): unknown =>
    withHeld(conditions(query), rows, { only, base: undefined }).flatMap(function ids(one): unknown[] {
      if (one.kind === "id") return [one.ids];
      return one.kind === "all" || one.kind === "any" ? one.of.flatMap(ids) : [];
    });
  assert.deepEqual(idsIn("subject:Patient.family=ek"), [["o1"]]);
  assert.deepEqual(idsIn("patient.gender=female&status=final"), [["o1", "o3"]]);
  assert.deepEqual(idsIn("focus:Patient.family=ek"), [["o2"]]);
  assert.deepEqual(idsIn("subject:Patient.family=no"), []);
  assert.deepEqual(idsIn("subject:Patient.family=no", true), [[]]);
  assert.deepEqual(idsIn("subject:Patient.organization.name=x"), []);
  const plain = conditions("status=final&subject=Patient/p");
  assert.deepEqual(withHeld(plain, rows, { only: true, base: undefined }), plain);
  assert.deepEqual(chainsOf(plain), []);
  const { text } = compileHolders(
    { type: "Observation", conditions: conditions("patient.family=ek&status=final") },
    () => "MAY",
  );
  assert.match(text, /MAY/);
  assert.doesNotMatch(text, /"patient"/);
});
