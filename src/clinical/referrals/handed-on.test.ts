/** Rules of ../SPEC.md: what is handed on is open to whoever gets it, and the patient sees where it is. Nobody has a care relation here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { actOnLoops, ledgerAlong } from "../../loop/index.ts";
import { addPerson, personOf, UNITS, type UnitName } from "../../loop/testing/index.ts";
import { commit, readResource, type Visit } from "../../journal/index.ts";
import { journalOfTest, patient } from "../../journal/testing/index.ts";

const HSA = "urn:oid:1.2.752.29.4.19";
const ref = (reference: string): JsonObject => ({ reference });

test("CLIN-REFERRAL-9 a referral that is sent on opens the new receiver's own records and the request, and no longer the one before it; an answer is open to whoever asked; nothing else is", async (t) => {
  const journal = await journalOfTest(t, { isUnrelated: true });
  journal.clock.forward(Date.now() - journal.clock().getTime());
  const place = (id: string, value: string, partOf?: string): Promise<unknown> =>
    journal.put(
      {
        resourceType: "Organization",
        id,
        name: id,
        identifier: [{ system: HSA, value }],
        ...(partOf === undefined ? {} : { partOf: ref(`Organization/${partOf}`) }),
      },
      null,
    );
  await place("ours", UNITS.sender.careProvider);
  await place("other", UNITS.theirs.careProvider);
  for (const [name, { careUnit, careProvider }] of Object.entries(UNITS)) {
    await place(name, careUnit, careProvider === UNITS.sender.careProvider ? "ours" : "other");
    await addPerson(journal, name as UnitName, "1");
  }
  await journal.put(patient("p1"));
  const write = async (resource: JsonObject, unit: UnitName): Promise<void> => {
    const { resourceType: type, id } = resource as { resourceType: string; id: string };
    const client = {
      ...journal.client("system/*.cruds", UNITS[unit]),
      along: ledgerAlong,
      referentialIntegrity: false,
    };
    await commit(client, [{ kind: "update", type, id, resource, where: type }]);
  };
  const at = (unit: UnitName): Visit => {
    const visit = journal.person(UNITS[unit]);
    const { actor } = visit;
    if (actor.kind !== "person") throw new Error("a person");
    return { ...visit, actor: { ...actor, id: `${unit}1`, hsaId: personOf(unit) }, along: ledgerAlong };
  };
  const reads = async (unit: UnitName, name: string): Promise<string> => {
    const [type = "", id = ""] = name.split("/");
    return readResource(at(unit), type, id).then(
      () => "read",
      (error: { code?: string }) => error.code ?? String(error),
    );
  };
  const request = {
    resourceType: "ServiceRequest",
    id: "r1",
    status: "active",
    intent: "order",
    authoredOn: new Date().toISOString(),
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }],
    subject: ref("Patient/p1"),
    requester: ref("PractitionerRole/role-sender1"),
    performer: [ref("Organization/asked")],
  };
  await write(request, "sender");
  await write({ ...request, id: "r2", performer: [ref("Organization/sender")], status: "draft" }, "sender");
  assert.deepEqual(
    [await reads("asked", "ServiceRequest/r1"), await reads("beside", "ServiceRequest/r1")],
    ["read", "NOT_FOUND"],
  );
  const [loop] = await journal.sql<{ id: string }>("SELECT id FROM loop WHERE subject_id = 'r1'");
  const forward = async (from: UnitName, to: UnitName): Promise<void> => {
    const act = { loop: loop?.id ?? "", event: "forward", version: null, key: `${from} ${to}` } as const;
    await actOnLoops(at(from), [{ ...act, to: { worklist: UNITS[to].careUnit } }]);
  };
  await forward("asked", "beside");
  assert.equal(await reads("beside", "ServiceRequest/r1"), "read");
  assert.equal(await reads("beside", "ServiceRequest/r2"), "NOT_FOUND");
  await forward("beside", "theirs");
  assert.deepEqual(
    [await reads("theirs", "ServiceRequest/r1"), await reads("beside", "ServiceRequest/r1")],
    ["read", "NOT_FOUND"],
  );
  await write({ resourceType: "Observation", id: "o1", status: "final", code: { text: "Längd" }, subject: ref("Patient/p1") }, "theirs"); // prettier-ignore
  await write({ resourceType: "Observation", id: "o2", status: "final", code: { text: "Annat" }, subject: ref("Patient/p1") }, "theirs"); // prettier-ignore
  const report = {
    resourceType: "DiagnosticReport",
    id: "d1",
    status: "final",
    code: { text: "Svar" },
    subject: ref("Patient/p1"),
  };
  await write(
    { ...report, conclusion: "Klart.", basedOn: [ref("ServiceRequest/r1")], result: [ref("Observation/o1")] },
    "theirs",
  );
  await write({ ...report, id: "d2", conclusion: "Annat." }, "theirs");
  assert.deepEqual(
    await Promise.all(
      ["DiagnosticReport/d1", "Observation/o1", "DiagnosticReport/d2", "Observation/o2"].map((name) =>
        reads("sender", name),
      ),
    ),
    ["read", "read", "NOT_FOUND", "NOT_FOUND"],
  );
  const [ends] = await journal.sql<{ until: Date }>("SELECT min(until) AS until FROM opening WHERE contact = $1", [
    `loop/${loop?.id}`,
  ]);
  assert.ok((ends?.until.getTime() ?? Infinity) < Date.now() + 91 * 86_400_000);
});
