/** The mutation corpus: every kind of error, at every place of every type, is caught where it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESOURCE_TYPES, validateResource } from "../index.ts";
import { mutationsOf } from "../testing/mutations.ts";

test("FHIR-MUTATION-1 at least 13 kinds of error are caught in all types, each at its own expression", () => {
  const counts = new Map<string, number>();
  const typesByKind = new Map<string, Set<string>>();
  for (const [i, type] of RESOURCE_TYPES.entries()) {
    for (const mutation of mutationsOf(type, i % 4)) {
      const issues = validateResource(mutation.resource);
      const isCaught = issues.some(
        ({ expression, code }) => expression === mutation.expression && code === mutation.code,
      );
      const told = issues.map(({ expression, code }) => `${expression} ${code}`).join(", ");
      assert.ok(isCaught, `${mutation.kind} at ${mutation.expression} (${mutation.code}) gave: ${told || "nothing"}`);
      counts.set(mutation.kind, (counts.get(mutation.kind) ?? 0) + 1);
      typesByKind.set(mutation.kind, (typesByKind.get(mutation.kind) ?? new Set()).add(type));
    }
  }
  const everywhere = [...typesByKind]
    .filter(([, types]) => types.size >= RESOURCE_TYPES.length - 3)
    .map(([kind]) => kind);
  assert.ok(everywhere.length >= 13, `only these kinds met (nearly) all types: ${everywhere.join(", ")}`);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(total > 50_000, `only ${total} mutations`);
  console.log(JSON.stringify({ mutations: total, kinds: Object.fromEntries(counts) }));
});
