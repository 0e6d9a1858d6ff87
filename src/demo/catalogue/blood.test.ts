/** Rules of SPEC.md: blood in the demonstration's catalogue. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJson, writeJson, type JsonObject } from "../../fhir/index.ts";
import { buildDirectory } from "../directory/directory.ts";
import { demoUnit } from "../directory/units.ts";
import { bloodEntries } from "./blood.ts";

test("DEMO-BLOOD-1 blood at once and the crossmatch are marked, urgent in the sets of those who may need them, and another seed has other ids", () => {
  const entries = bloodEntries(1, buildDirectory(1));
  const resources = entries.map(
    ({ resource }) => parseJson(writeJson(parseJson(JSON.stringify(resource)))) as JsonObject,
  );
  const items = resources.filter(({ resourceType }) => resourceType === "ActivityDefinition");
  assert.deepEqual(items.map(({ title }) => title), ["Nödblod O RhD-negativt, 2 enheter", "Blodgruppering och BAS-test"]); // prettier-ignore
  assert.ok(
    items.every((one) => JSON.stringify(one["extension"]).includes('"urn:eira:bestallning:akut","valueCode":"blod"')),
  );
  const sets = entries.filter(({ resource }) => resource.resourceType === "PlanDefinition");
  assert.deepEqual(sets.map(({ careUnit }) => careUnit), [demoUnit("akut"), demoUnit("kk")]); // prettier-ignore
  for (const { resource } of sets) {
    const { action } = parseJson(JSON.stringify(resource)) as { action: { priority: string; definitionCanonical: string }[] } & JsonObject; // prettier-ignore
    assert.deepEqual(action.map(({ definitionCanonical }) => definitionCanonical), items.map(({ url }) => url)); // prettier-ignore
    assert.ok(action.every(({ priority }) => priority === "stat"));
  }
  assert.notEqual(bloodEntries(2, buildDirectory(2))[0]?.resource.id, entries[0]?.resource.id);
});
