/** Rules JRN-SUPERVISED of SPEC.md: what students and delegates may not do, and what a student writes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import {
  assignmentOf,
  commit,
  liftBlocks,
  openCare,
  readResource,
  signRecord,
  unsignedOf,
  type Visit,
} from "../index.ts";
import { asCreate, asUpdate, journalOfTest, OURS, patient, type JournalOfTest } from "../testing/index.ts";

const PROOF = { method: "siths", name: "SITHS", acr: "loa3", at: "2026-11-21T07:30:00.000Z" } as const;
const SUPERVISOR = `${OURS.careUnit}-P`;
const SINCE = { from: "2026-09-01", until: "2027-01-15" };

/** Somebody else than the supervisor, on this footing. */
function on(
  journal: JournalOfTest,
  kind: "student" | "delegation",
  more: Partial<PersonActor["assignment"]> = {},
): Visit {
  const footing = { kind, by: SUPERVISOR, task: kind === "student" ? null : "Insulin" };
  const visit = journal.person(OURS, { ...SINCE, id: `assignment-${kind}`, footing, ...more });
  if (visit.actor.kind !== "person") throw new Error("a person");
  return { ...visit, actor: { ...visit.actor, id: kind, hsaId: `${OURS.careUnit}-${kind}` } };
}

function note(author: string, more: JsonObject = {}): JsonObject {
  return {
    resourceType: "Composition",
    status: "final",
    type: { text: "Anteckning" },
    subject: { reference: "Patient/p1" },
    date: "2026-11-20T09:00:00+01:00",
    author: [{ reference: `Practitioner/${author}` }],
    title: "Besök",
    ...more,
  };
}

const written = async (visit: Visit, resource: JsonObject): Promise<string> =>
  (await commit(visit, [asCreate(resource)])).value[0]?.id ?? "";
const sign = (visit: Visit, id: string, version = "1"): Promise<unknown> =>
  signRecord(visit, { type: "Composition", id, version, proof: PROOF });

async function chart(t: Parameters<typeof journalOfTest>[0]): Promise<JournalOfTest> {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await journal.put(patient("p1"));
  return journal;
}

test("JRN-SUPERVISED-1 a student signs nothing, not even what they have written; it waits for the supervisor and says so", async (t) => {
  const journal = await chart(t);
  const student = (): Visit => on(journal, "student");
  const id = await written(student(), note("student", { meta: { tag: [{ system: "urn:x", code: "y" }] } }));
  const tags = async (): Promise<unknown> =>
    (JSON.parse((await readResource(journal.person(), "Composition", id)).value.content) as JsonObject)["meta"];
  assert.match(JSON.stringify(await tags()), new RegExp(`"urn:x".*urn:eira:handledare","code":"${SUPERVISOR}"`));
  const before = (await journal.log()).length;
  await assert.rejects(sign(student(), id), { code: "FORBIDDEN", status: 403 });
  const [refusal] = (await journal.log()).slice(before);
  assert.equal(refusal?.outcome, "refused");
  assert.match(refusal?.ground ?? "", /^ACC-FOOTING-STUDENT · PDL 3 kap\. 10 § · .*signeras av handledaren\.$/);
  // Whoever takes the mark away does not get rid of it, and the same again is no new version.
  await commit(student(), [asUpdate({ ...note("student"), id, title: "Besök 2" })]);
  assert.match(JSON.stringify(await tags()), /urn:eira:handledare/);
  const again = await commit(student(), [asUpdate({ ...note("student"), id, title: "Besök 2" })]);
  assert.equal(again.value[0]?.outcome, "unchanged");
  const waiting = async (visit: Visit): Promise<string[]> =>
    (await unsignedOf(visit, 10)).value.items.map((one) => one.id);
  assert.deepEqual(await waiting(journal.person()), [id]);
  assert.deepEqual(await waiting(on(journal, "delegation")), []);
  await sign(journal.person(), id, "2");
  assert.deepEqual(await waiting(journal.person()), []);
  const own = await written(journal.person(), note("anna"));
  assert.doesNotMatch((await readResource(journal.person(), "Composition", own)).value.content, /handledare/);
});

test("JRN-SUPERVISED-2 whoever works on delegation signs what they have written and nobody else's", async (t) => {
  const journal = await chart(t);
  const delegate = (): Visit => on(journal, "delegation");
  await sign(delegate(), await written(delegate(), note("delegation")));
  const others = await written(journal.person(), note("anna"));
  await assert.rejects(sign(delegate(), others), { code: "FORBIDDEN" });
  assert.equal((await journal.sql("SELECT 1 FROM seal")).length, 1);
  const past = on(journal, "delegation", { until: "2026-11-01" });
  await assert.rejects(sign(past, others), { code: "FORBIDDEN" });
  const ungiven = on(journal, "delegation", { footing: { kind: "delegation", by: null, task: "Insulin" } });
  await assert.rejects(readResource(ungiven, "Composition", others), { code: "FORBIDDEN" });
});

test("JRN-SUPERVISED-2 the directory's word is what it says: an ordinary one has no footing, an unknown kind one that opens nothing", () => {
  const unit = { resourceType: "Organization", name: "U", identifier: [{ system: "urn:oid:1.2.752.29.4.19", value: "SE1-1" }] } as const; // prettier-ignore
  const footing = (...extension: { url: string; valueString?: string; valueIdentifier?: { value: string } }[]) => {
    const given = extension.length === 0 ? {} : { extension: [{ url: "urn:eira:grund-for-uppdrag", extension }] };
    const role = { resourceType: "PractitionerRole", id: "a", active: true, organization: { reference: "Organization/u" } } as const; // prettier-ignore
    return assignmentOf({ ...role, ...given }, new Map([["Organization/u", { ...unit, identifier: [...unit.identifier] }]]))?.footing; // prettier-ignore
  };
  const by = { url: "by", valueIdentifier: { value: "SE1-2" } };
  assert.equal(footing(), undefined);
  assert.deepEqual(footing({ url: "kind", valueString: "student" }, by), { kind: "student", by: "SE1-2", task: null });
  assert.deepEqual(footing({ url: "kind", valueString: "guest" }, by), { kind: "delegation", by: null, task: null });
});

test("JRN-SUPERVISED-3 neither opens in an emergency nor lifts blocks, and each refusal is in the log", async (t) => {
  const journal = await chart(t);
  for (const kind of ["student", "delegation"] as const) {
    const before = (await journal.log()).length;
    await assert.rejects(openCare(on(journal, kind), "p1", { kind: "emergency", reason: "Medvetslös" }), { code: "FORBIDDEN" }); // prettier-ignore
    for (const reason of ["PatientsConsent", "Emergency"] as const)
      await assert.rejects(liftBlocks(on(journal, kind), "p1", { reason, hours: 1, note: "x" }), { code: "FORBIDDEN" });
    assert.equal((await journal.log()).slice(before).filter(({ outcome }) => outcome === "refused").length, 3);
    await openCare(on(journal, kind), "p1", { kind: "reason", reason: "Undervisning" });
  }
  assert.deepEqual(await journal.sql("SELECT 1 FROM emergency_review"), []);
});
