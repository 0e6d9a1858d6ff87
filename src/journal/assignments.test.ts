import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { PersonActor } from "../access/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import { commit, Standings } from "./index.ts";
import {
  asDelete,
  journalOfTest,
  OURS,
  personActor,
  putInDirectory,
  rolesResource,
  workActor,
} from "./testing/index.ts";

const journal = await journalOfTest({ after });
const LOOK_MS = 3001;

const hsa = (value: string): JsonObject => ({ identifier: [{ system: "urn:oid:1.2.752.29.4.19", value }] });
const region: JsonObject = { resourceType: "Organization", id: "region", name: "Regionen", ...hsa(OURS.careProvider) };
const clinic: JsonObject = {
  resourceType: "Organization",
  id: "clinic",
  name: "Kliniken",
  partOf: { reference: "Organization/region" },
  ...hsa(OURS.careUnit),
};
const anna: JsonObject = { resourceType: "Practitioner", id: "anna", name: [{ text: "Anna Ek" }] };
const role: JsonObject = {
  resourceType: "PractitionerRole",
  id: "assignment-anna",
  active: true,
  practitioner: { reference: "Practitioner/anna" },
  organization: { reference: "Organization/clinic" },
  code: [{ text: "Läkare" }],
  period: { start: "2020-01-01" },
};
const WHOLE = [region, clinic, anna, role];
const actor: PersonActor = personActor(OURS);
const commission = (purpose: string): JsonObject => ({
  extension: [{ url: "urn:eira:uppdrag", extension: [{ url: "purpose", valueString: purpose }] }],
});

function withoutUndefined(resource: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(resource)) as JsonObject;
}

async function put(...resources: readonly JsonObject[]): Promise<void> {
  for (const one of resources) await journal.put(one, null);
}

test("JRN-STANDING-1 whoever is still there has the assignment as the directory has it now", async () => {
  await put(...WHOLE);
  const standings = new Standings(journal.store, journal.clock);
  const { assignment } = (await standings.now(actor)) ?? {};
  assert.deepEqual(assignment, {
    id: "assignment-anna",
    unit: "Kliniken",
    unitHsaId: OURS.careUnit,
    provider: "Regionen",
    providerHsaId: OURS.careProvider,
    role: "Läkare",
    from: "2020-01-01",
    until: null,
  });
  await put({ ...role, period: { start: "2020-01-01", end: "2026-11-20" } });
  journal.clock.forward(LOOK_MS);
  assert.equal((await standings.now(actor))?.assignment.until, "2026-11-20");
});

test("JRN-STANDING-1 an assignment or a person that is not in use, is somebody else's, elsewhere, for another purpose or nowhere is none", async () => {
  const standings = new Standings(journal.store, journal.clock);
  const other: JsonObject = { ...region, id: "other", ...hsa("SE2321000131-E9") };
  const spoiled: Record<string, readonly JsonObject[]> = {
    "not in use": [{ ...role, active: false }],
    "not said to be in use": [{ ...role, active: undefined }],
    "the person not in use": [{ ...anna, active: false }],
    "somebody else's": [{ ...role, practitioner: { reference: "Practitioner/bo" } }],
    "at another unit": [
      { ...clinic, id: "ward", ...hsa("SE2321000131-E8") },
      { ...role, organization: { reference: "Organization/ward" } },
    ],
    "under another care provider": [other, { ...clinic, partOf: { reference: "Organization/other" } }],
    "in a circle": [{ ...region, partOf: { reference: "Organization/clinic" } }],
    "for another purpose": [{ ...role, ...commission("Statistik") }],
  };
  for (const [what, resources] of Object.entries(spoiled)) {
    await put(...WHOLE);
    journal.clock.forward(LOOK_MS);
    assert.ok(await standings.now(actor), `before ${what}`);
    await put(...resources.map(withoutUndefined));
    journal.clock.forward(LOOK_MS);
    assert.equal(await standings.now(actor), undefined, what);
  }
  await put(...WHOLE, { ...role, ...commission("Vård och behandling") });
  journal.clock.forward(LOOK_MS);
  assert.ok(await standings.now(actor));
  const careless = { ...journal.client("system/*.cruds", null), referentialIntegrity: false };
  for (const name of ["PractitionerRole/assignment-anna", "Practitioner/anna", "Organization/region"]) {
    await put(...WHOLE);
    await commit(careless, [asDelete(name)]);
    journal.clock.forward(LOOK_MS);
    assert.equal(await standings.now(actor), undefined, name);
  }
});

test("JRN-STANDING-2 what was read is kept, and one statement in three seconds tells for everybody what has changed", async () => {
  await put(...WHOLE, { ...role, id: "second" });
  const standings = new Standings(journal.store, journal.clock);
  const other: PersonActor = { ...actor, assignment: { ...actor.assignment, id: "second" } };
  const first = [await standings.now(actor), await standings.now(other)];
  assert.ok(first[0] !== undefined && first[1] !== undefined);
  await put({ ...role, active: false });
  assert.deepEqual([await standings.now(actor), await standings.now(other)], first);
  journal.clock.forward(LOOK_MS);
  assert.equal(await standings.now(actor), undefined);
  assert.equal(await standings.now(other), first[1]); // the very same: it was not read again
  journal.clock.forward(LOOK_MS);
  await journal.sql("ALTER TABLE practitioner RENAME TO practitioner_away");
  await assert.rejects(standings.now(other));
  await journal.sql("ALTER TABLE practitioner_away RENAME TO practitioner");
  assert.equal(await standings.now(other), first[1]);
  await put({ ...role, id: "second", active: false });
  journal.clock.forward(LOOK_MS);
  assert.deepEqual(await Promise.all([standings.now(other), standings.now(other)]), [undefined, undefined]);
  await put({ ...role, id: "second" });
  journal.clock.forward(LOOK_MS);
  assert.ok(await standings.now(other));
});

test("JRN-STANDING-3 work that reads no chart stands with its role's analysis at the moment", async () => {
  const reviewer = workActor("log-review");
  const { roleId, analysis, purpose } = reviewer.assignment;
  await putInDirectory(journal, reviewer);
  const standings = new Standings(journal.store, journal.clock);
  const now = async (): Promise<PersonActor["assignment"] | undefined> => {
    journal.clock.forward(LOOK_MS);
    return (await standings.now(reviewer))?.assignment;
  };
  const first = await now();
  assert.deepEqual([first?.roleId, first?.purpose, first?.analysis], [roleId, purpose, analysis]);
  await put(rolesResource("logggranskare"));
  assert.equal((await now())?.analysis, null);
  const retired = JSON.parse(
    JSON.stringify(rolesResource()).replaceAll('"property":[', '"property":[{"code":"status","valueCode":"retired"},'),
  ) as JsonObject;
  await put(retired);
  assert.equal((await now())?.analysis, null);
  await put({ ...rolesResource(), url: "urn:other" });
  assert.equal((await now())?.analysis, null);
  await put(rolesResource());
  assert.equal((await now())?.analysis, analysis);
});
