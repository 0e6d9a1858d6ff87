/** Rules of SPEC.md: what loops are about, and what people of the staff are called. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { patient } from "../journal/testing/index.ts";
import { loopJournal, personOf, UNITS } from "../loop/testing/index.ts";
import { aboutLoops, namePeople } from "./index.ts";

const journal = await loopJournal({ after });
const HSA = "urn:oid:1.2.752.29.4.19";

test("CLIN-LOOP-1 what a loop is about is told to whoever the record is open to, to others neither title nor patient, and of other lists nothing", async () => {
  await journal.put(patient("p9", { birthDate: "1950-01-01", address: [{ city: "Storstad" }] }));
  const ids: string[] = [];
  for (const [id, more] of [
    ["one", { code: { text: "Koloskopi" } }],
    ["two", { code: { coding: [{ display: "Lungröntgen" }] } }],
    ["three", { category: [{ text: "Remiss" }] }],
    ["four", {}],
  ] as const satisfies [string, JsonObject][]) {
    await journal.write({
      resourceType: "ServiceRequest",
      id,
      status: "active",
      intent: "order",
      subject: { reference: "Patient/p9" },
      requester: { reference: "PractitionerRole/role-sender1" },
      performer: [{ reference: "Organization/asked" }],
      ...more,
    });
    ids.push((await journal.loops(`ServiceRequest/${id}`))[0]?.id ?? ""); // a request has one
  }
  const told = (await aboutLoops(journal.at("asked"), [...ids, "nobody"])).value;
  const byId = new Map(told.map((one) => [one.id, one]));
  assert.deepEqual(
    ids.map((id) => byId.get(id)?.title),
    ["Koloskopi", "Lungröntgen", "Remiss", null],
  );
  for (const one of told) {
    assert.deepEqual([one.patient, one.hasValues], ["p9", false]);
    assert.deepEqual(Object.keys(one.person ?? {}).toSorted(), ["birthDate", "id", "meta", "name", "resourceType"]);
  }
  assert.deepEqual((await aboutLoops(journal.at("theirs"), ids)).value, []);
  await journal.sql("DELETE FROM opening WHERE patient = 'p9'");
  await journal.sql("DELETE FROM relation_of_test");
  for (const one of (await aboutLoops(journal.at("asked"), ids)).value)
    assert.deepEqual([one.title, one.person, one.patient], [null, null, "p9"]);
});

test("CLIN-LOOP-2 people are named by their HSA-ids, and whoever has a protected identity is not named", async () => {
  const person = (id: string, more: JsonObject): Promise<unknown> =>
    journal.put(
      {
        resourceType: "Practitioner",
        id,
        identifier: [{ system: HSA, value: `${UNITS.beside.careUnit}-${id}` }],
        name: [{ text: `Namn ${id}` }],
        ...more,
      },
      null,
    );
  await person("open", { qualification: [{ code: { text: "Läkare" } }] });
  await person("hidden", {
    meta: {
      security: [{ system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "sekretessmarkering" }],
    },
  });
  const [open, hidden] = ["open", "hidden"].map((id) => `${UNITS.beside.careUnit}-${id}`);
  const named = (await namePeople(journal.at("sender"), [open ?? "", hidden ?? "", personOf("asked"), "system", "x|y"]))
    .value;
  assert.deepEqual(named.get(open ?? ""), { id: open, name: "Namn open", title: "Läkare" });
  assert.equal(named.get(hidden ?? "")?.name, "Skyddad identitet");
  assert.equal(named.has("system") || named.has("x|y"), false);
});
