import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { tokenKey } from "../search/index.ts";
import { onEveryPostgres } from "./testing/contract.ts";
import { create, patient, rowOf } from "./testing/rows.ts";

const valueSet = (id: string, url: string): JsonObject => ({ resourceType: "ValueSet", id, url, status: "active" });
const profile = (id: string): JsonObject => ({ resourceType: "StructureDefinition", id, url: `urn:${id}` });

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-DEFINITIONS-1 the stamp is another one after every write and deletion of a definition, and of nothing else (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const stamps = [await store.definitionStamp()];
    const isNew = async (what: string): Promise<void> => {
      const stamp = await store.definitionStamp();
      assert.ok(!stamps.includes(stamp), what);
      stamps.push(stamp);
    };
    await create(store, [rowOf(profile("first"))]);
    await isNew("a profile");
    await create(store, [rowOf(valueSet("gone", "urn:gone"))]);
    await isNew("a value set");
    await sql(`UPDATE "structuredefinition" SET version = version + 1`);
    await isNew("another version");
    await sql(`DELETE FROM "valueset"`);
    await isNew("a deletion");
    await create(store, [rowOf(patient("p1"))]);
    assert.equal(await store.definitionStamp(), stamps.at(-1));
  });

  test(`STORE-DEFINITIONS-2 definitions are read oldest first, value sets by their addresses (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    for (const [second, id] of ["c", "a", "b"].entries())
      await create(store, [rowOf(profile(id), { lastUpdated: `2026-11-21T08:00:0${second}.000Z` })]);
    const ids = (await store.structureDefinitions()).map((text) => (JSON.parse(text) as { id: string }).id);
    assert.deepEqual(
      ids.filter((id) => id !== "first"),
      ["c", "a", "b"],
    );
    for (const id of ["v", "w"]) await create(store, [rowOf(valueSet(id, `urn:${id}`))]);
    const found = await store.valueSets([tokenKey("url", "urn:w"), tokenKey("url", "urn:none")]);
    assert.deepEqual(
      found.map((text) => (JSON.parse(text) as { id: string }).id),
      ["w"],
    );
  });

  test(`STORE-CURRENT-1 the versions that stand now, of what is there (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await create(store, [
      rowOf({ resourceType: "Organization", id: "one" }),
      rowOf({ resourceType: "Practitioner", id: "one" }),
    ]);
    await sql(`UPDATE "practitioner" SET version = 7`);
    const names = ["Organization/one", "Organization/none", "Practitioner/one", "PractitionerRole/one"];
    assert.deepEqual(Object.fromEntries(await store.currentVersions(names)), {
      "Organization/one": 1,
      "Practitioner/one": 7,
    });
    assert.equal((await store.currentVersions([])).size, 0);
  });
});
