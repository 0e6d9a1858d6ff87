/** Published profiles: their own examples are right, and what breaks a rule of theirs is caught. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  claimsOf,
  isError,
  isResourceType,
  ProfileSet,
  validateResource,
  writeJson,
  type JsonObject,
} from "../index.ts";
import { conformingResource, errorsOf } from "../testing/profile-example.ts";
import { profileMutations } from "../testing/profile-mutations.ts";
import { profilePackages } from "../testing/profile-packages.ts";

const packages = profilePackages();
const definitions = packages.flatMap((one) => one.definitions);
const examples = packages.flatMap((one) => one.examples);
const set = new ProfileSet(definitions);

function told(resource: JsonObject): string {
  return errorsOf(set, resource)
    .map(({ expression, code, en }) => `${expression} ${code}: ${en}`)
    .join("\n");
}

test("FHIR-PROFILE-EXAMPLE-1 every example in the packages of profiles is right by the profiles that it claims", () => {
  let claiming = 0;
  for (const { name, resource } of examples) {
    const before = writeJson(resource);
    assert.equal(told(resource), "", name);
    assert.equal(writeJson(resource), before, `${name} was changed`);
    if (set.hasClaims(resource)) claiming += 1;
  }
  assert.ok(claiming >= (packages.length < 3 ? 40 : 50), `only ${claiming} examples claim a profile`);
});

test("FHIR-PROFILE-EXAMPLE-2 every profile in the packages compiles, and a resource can be made that conforms to it", () => {
  let compiled = 0;
  const started = process.cpuUsage();
  for (const url of set.urls()) {
    const { type, tree } = set.find(url)!;
    assert.ok(tree.children.size > 0, `${url} says nothing`);
    compiled += 1;
    if (isResourceType(type) && type !== "Bundle" && type !== "Composition")
      assert.equal(told(conformingResource(set, url)), "", url);
  }
  const { user } = process.cpuUsage(started);
  console.log(JSON.stringify({ profiles: compiled, examples: examples.length, cpuMs: Math.round(user / 1000) }));
  assert.ok(compiled >= (packages.length < 3 ? 25 : 75), `only ${compiled} profiles`);
});

test("FHIR-PROFILE-MUTATION-1 at least 13 kinds of error by profiles are caught, with code and place", () => {
  const counts = new Map<string, number>();
  for (const url of set.urls()) {
    const definition = set.find(url)!;
    if (!isResourceType(definition.type)) continue;
    const own = examples.map(({ resource }) => resource).filter((one) => claimsOf(one).includes(url));
    const rights = [conformingResource(set, url), ...own].filter((one) => told(one) === "");
    assert.ok(rights.length > 0, `${url} has no right resource to break`);
    for (const right of rights) {
      for (const { kind, resource, code, expression } of profileMutations(set, definition, right)) {
        const issues = errorsOf(set, resource);
        const place = expression.replace(/\[x\]$/, "");
        const isCaught = issues.some((one) => one.code === code && one.expression?.startsWith(place) === true);
        const given = issues.map((one) => `${one.expression} ${one.code}`).join(", ");
        assert.ok(isCaught, `${url}: ${kind} at ${expression} (${code}) gave: ${given || "nothing"}`);
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(JSON.stringify({ mutations: total, kinds: Object.fromEntries(counts) }));
  assert.ok(
    counts.size >= (packages.length < 3 ? 10 : 13),
    `only ${counts.size} kinds: ${[...counts.keys()].join(", ")}`,
  );
});

test("FHIR-PROFILE-COST-1 a resource without profile costs no more for profiles being there, and one with a profile little", () => {
  const plain = {
    resourceType: "Observation",
    status: "final",
    code: { text: "x" },
    subject: { reference: "Patient/1" },
  };
  const claiming = examples.find(
    ({ resource }) => resource["resourceType"] === "Observation" && set.hasClaims(resource),
  );
  const times = (work: () => unknown, rounds: number): number => {
    for (let i = 0; i < rounds / 10; i++) work();
    const before = process.cpuUsage();
    for (let i = 0; i < rounds; i++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / rounds;
  };
  const withoutMicros = times(() => set.hasClaims(plain), 200_000);
  const withMicros =
    claiming === undefined ? 0 : times(() => set.judge(claiming.resource, { isErrorsOnly: true }), 2_000);
  const r4Micros = times(() => validateResource(plain).some(isError), 20_000);
  console.log(JSON.stringify({ askMicros: withoutMicros, profileMicros: withMicros, r4Micros }));
  assert.ok(withoutMicros < 2, `${withoutMicros} µs to see that nothing is claimed`);
  assert.ok(withMicros < 2_000, `${withMicros} µs by a profile`);
});
