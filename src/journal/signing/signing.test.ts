/** Rules of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { parseJson, validateResource, type JsonObject } from "../../fhir/index.ts";
import {
  besideOf,
  changeMeta,
  commit,
  correctRecord,
  noteDisagreement,
  provenanceOf,
  readResource,
  readVersion,
  SIGNABLE,
  signingOf,
  signingOfRecord,
  signRecord,
  unsignedOf,
  type Command,
  type Visit,
} from "../index.ts";
import {
  asCreate,
  asDelete,
  asPatch,
  asUpdate,
  journalOfTest,
  observation,
  OURS,
  patient,
  THEIRS,
  wherever,
  type JournalOfTest,
} from "../testing/index.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

export function note(id: string, more: JsonObject = {}): JsonObject {
  return {
    resourceType: "Composition",
    id,
    status: "final",
    type: { text: "Anteckning" },
    subject: { reference: "Patient/p1" },
    date: "2026-11-20T09:00:00+01:00",
    author: [{ reference: "Practitioner/anna" }],
    title: `Besök ${id}`,
    section: [{ title: "Bedömning", text: { status: "generated", div: divOf("Puls 72,0.") } }],
    ...more,
  };
}

function divOf(text: string): string {
  return `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>`;
}

const PROOF = { method: "siths", name: "SITHS", acr: "loa3", at: "2026-11-21T07:30:00.000Z" } as const;
const withProof = <T>(wish: T): T & { readonly proof: typeof PROOF } => ({ ...wish, proof: PROOF });
const C1: { readonly type: "Composition"; readonly id: string } = { type: "Composition", id: "c1" };
const someone = (visit: Visit, id: string): Visit =>
  visit.actor.kind === "person" ? { ...visit, actor: { ...visit.actor, id, hsaId: `${OURS.careUnit}-${id}` } } : visit;

async function withNote(t: Parameters<typeof journalOfTest>[0], more: JsonObject = {}): Promise<JournalOfTest> {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await journal.put(patient("p1"));
  await journal.put(note("c1", more));
  return journal;
}

const seals = ({ sql }: JournalOfTest): Promise<{ version: number; sha256: string }[]> =>
  sql("SELECT version, sha256 FROM seal ORDER BY version");
const signRows = async (journal: JournalOfTest): Promise<number> =>
  (await journal.log()).filter(({ action, outcome }) => action === "sign" && outcome === "granted").length;

test("JRN-SIGN-1 a signature seals the stored text, and leaves the record as it is", async (t) => {
  const journal = await withNote(t, { author: [{ reference: "Practitioner/sekreterare" }] });
  const before = (await readResource(journal.client(), "Composition", "c1")).value.content;
  const visit = journal.person();
  const { value } = await signRecord(visit, withProof({ ...C1, version: "1" }));
  const sha256 = createHash("sha256").update(before).digest("hex");
  assert.equal(value.sha256, sha256);
  const { signer } = value;
  assert.deepEqual(
    [signer.hsaId, signer.name, signer.title, signer.unit, signer.unitHsaId, signer.provider, signer.proof],
    [`${OURS.careUnit}-P`, "Anna Ek", "Överläkare", "Medicinkliniken", OURS.careUnit, "Region Västmark", PROOF],
  );
  assert.equal((await readResource(journal.client(), "Composition", "c1")).value.content, before);
  assert.deepEqual(await seals(journal), [{ version: 1, sha256 }]);
  const [row, ...more] = await journal.log(visit.request);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [row?.action, row?.patient, row?.what],
    ["sign", "p1", ["Composition/c1/_history/1", `sha256:${sha256}`]],
  );
});

test("JRN-SIGN-2 the second click is the first one's, and of ten people one signs", async (t) => {
  const journal = await withNote(t);
  const version = { ...C1, version: "1" };
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => signRecord(someone(journal.person(), `doctor${n}`), withProof(version))),
  );
  const [won, ...others] = results.flatMap((one) => (one.status === "fulfilled" ? [one.value.value] : []));
  assert.deepEqual(others, []);
  for (const one of results)
    if (one.status === "rejected") assert.equal((one.reason as { code: string }).code, "ALREADY_SIGNED");
  const again = await signRecord(someone(journal.person(), won?.signer.id ?? ""), withProof(version));
  assert.deepEqual(again.value, won);
  assert.equal((await seals(journal)).length, 1);
  assert.equal(await signRows(journal), 1);
});

test("JRN-SIGN-3 a signature and a change at the same time: never both of one version", async (t) => {
  const journal = await withNote(t);
  await assert.rejects(signRecord(journal.person(), withProof({ ...C1, version: "2" })), { code: "VERSION_CONFLICT" });
  for (let round = 0; round < 12; round += 1) {
    const id = `race-${round}`;
    await journal.put(note(id));
    const change = asUpdate(note(id, { title: "Ändrad" }));
    // A change of more than a hundred takes no lock by name.
    const along = Array.from({ length: round % 2 === 0 ? 0 : 120 }, (_, n) =>
      asUpdate(observation(`o${n}`, "Patient/p1", { valueInteger: round })),
    );
    const [signed, changed] = await Promise.allSettled([
      signRecord(journal.person(), withProof({ type: "Composition", id, version: "1" })),
      commit({ ...journal.client(), referentialIntegrity: false }, [change, ...along]),
    ]);
    assert.notEqual(`${signed.status} ${changed.status}`, "fulfilled fulfilled", id);
    assert.notEqual(`${signed.status} ${changed.status}`, "rejected rejected", id);
    const { version } = (await readResource(journal.client(), "Composition", id)).value;
    assert.equal(version, signed.status === "fulfilled" ? 1 : 2);
  }
});

test("JRN-SIGN-4 who may not sign, and what cannot be signed, is refused and logged", async (t) => {
  const journal = await withNote(t);
  await journal.put(note("mistake", { status: "entered-in-error" }));
  await journal.put(document("elsewhere", { url: "Binary/b1", contentType: "application/pdf" }));
  await journal.put(document("inline", { data: "SGVq", contentType: "text/plain" }));
  const cases: [Visit, string, string, string][] = [
    [journal.client(), "Composition", "c1", "FORBIDDEN"],
    [journal.person(THEIRS), "Composition", "c1", "NOT_FOUND"],
    [journal.person(), "Composition", "never", "NOT_FOUND"],
    [journal.person(), "Composition", "mistake", "NOT_SIGNABLE"],
    [journal.person(), "DocumentReference", "elsewhere", "NOT_SIGNABLE"],
    [journal.person(OURS, { until: "2026-01-01" }), "Composition", "c1", "FORBIDDEN"],
  ];
  for (const [visit, type, id, code] of cases) {
    await assert.rejects(
      signRecord(visit, withProof({ type: type as "Composition", id, version: "1" })),
      { code },
      `${type}/${id}`,
    );
    const rows = await journal.log(visit.request);
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      ["refused"],
      `${type}/${id}`,
    );
  }
  assert.deepEqual(await seals(journal), []);
  await signRecord(journal.person(), withProof({ type: "DocumentReference", id: "inline", version: "1" }));
});

function document(id: string, attachment: JsonObject): JsonObject {
  return {
    resourceType: "DocumentReference",
    id,
    status: "current",
    subject: { reference: "Patient/p1" },
    content: [{ attachment }],
  };
}

test("JRN-SIGN-5 no log, no seal; and a seal cannot be changed or removed by the server", async (t) => {
  const journal = await withNote(t);
  await journal.sql("REVOKE INSERT ON access_log FROM eira_app");
  await assert.rejects(signRecord(journal.person(), withProof({ ...C1, version: "1" })), { status: 503 });
  await journal.sql("GRANT INSERT ON access_log TO eira_app");
  assert.deepEqual(await seals(journal), []);
  await signRecord(journal.person(), withProof({ ...C1, version: "1" }));
  for (const table of ["seal", "remark", "destroyed", "destruction"])
    for (const right of ["UPDATE", "DELETE", "TRUNCATE"])
      assert.deepEqual(
        await journal.sql("SELECT has_table_privilege('eira_app', $1, $2) AS may", [table, right]),
        [{ may: false }],
        `${right} ${table}`,
      );
});

test("JRN-SIGN-SHOW-1 seals, corrections and disagreements are valid FHIR", async (t) => {
  const journal = await withNote(t);
  const { value: seal } = await signRecord(journal.person(), withProof({ ...C1, version: "1" }));
  assert.deepEqual(errorsOf(provenanceOf(seal)), []);
  await correctRecord(journal.client(), {
    ...C1,
    version: "1",
    reason: "Fel puls",
    resource: note("c1", { title: "x" }),
  });
  await noteDisagreement(journal.person(), { ...C1, version: "2", words: "Jag sa inte så." });
  const { value: state } = await signingOfRecord(journal.person(), C1);
  const bundle = besideOf({ reference: "Patient/p1" }, state);
  assert.deepEqual(errorsOf(bundle), []);
  const types = (bundle["entry"] as { resource: JsonObject }[]).map(({ resource }) => resource["resourceType"]);
  assert.deepEqual(types, ["Provenance", "Provenance", "Communication"]);
});

function errorsOf(resource: JsonObject): unknown[] {
  return validateResource(resource).filter(({ severity }) => severity === "error" || severity === "fatal");
}

test("JRN-SIGN-STATE-1 a patient's notes are told of within reach, and that is logged", async (t) => {
  const journal = await withNote(t);
  await journal.put(note("c2"));
  await journal.put(note("theirs"), THEIRS);
  await signRecord(journal.person(), withProof({ ...C1, version: "1" }));
  await correctRecord(journal.person(), { ...C1, version: "1", reason: "Fel", resource: note("c1", { title: "x" }) });
  const visit = journal.person();
  const { records } = (await signingOf(visit, "p1")).value;
  assert.deepEqual(Object.keys(records).toSorted(), ["Composition/c1", "Composition/c2"]);
  const of = (name: string): unknown[] => [records[name]?.state, records[name]?.isLocked, records[name]?.seals.length];
  assert.deepEqual(of("Composition/c1"), ["changed", true, 1]);
  assert.deepEqual(of("Composition/c2"), ["unsigned", false, 0]);
  assert.equal(records["Composition/c1"]?.corrections[0]?.words, "Fel");
  await signRecord(journal.person(), withProof({ ...C1, version: "2" }));
  assert.equal((await signingOf(journal.person(), "p1")).value.records["Composition/c1"]?.state, "signed");
  const [row] = await journal.log(visit.request);
  assert.deepEqual([row?.action, row?.patient], ["read signing", "p1"]);
  const stranger = journal.person(THEIRS);
  assert.deepEqual(Object.keys((await signingOf(stranger, "p1")).value.records), ["Composition/theirs"]);
  await assert.rejects(signingOf(journal.person(), "never"), { code: "NOT_FOUND" });
});

test("JRN-UNSIGNED-1 what waits for one's signature, oldest first", async (t) => {
  const journal = await withNote(t);
  await journal.put(note("older", { date: "2026-03-01", author: [{ reference: "PractitionerRole/assignment-anna" }] }));
  await journal.put(note("anothers", { author: [{ reference: "Practitioner/bo" }] }));
  await journal.put(note("mistake", { status: "entered-in-error" }));
  await journal.put(note("imported", { attester: [{ mode: "legal", time: "2026-01-01T10:00:00Z" }] }));
  await journal.put(note("theirs"), THEIRS);
  const waiting = async (count = 10): Promise<unknown> =>
    (await unsignedOf(journal.person(), count)).value.items.map(({ id }) => id);
  assert.deepEqual(await waiting(), ["older", "c1"]);
  assert.deepEqual((await unsignedOf(journal.person(), 1)).value.more, true);
  await signRecord(journal.person(), withProof({ ...C1, version: "1" }));
  assert.deepEqual(await waiting(), ["older"]);
  await correctRecord(journal.person(), { ...C1, version: "1", reason: "Fel", resource: note("c1", { title: "x" }) });
  assert.deepEqual(await waiting(), ["older", "c1"]); // changed since: it waits again
  await assert.rejects(unsignedOf(journal.client(), 10), { code: "FORBIDDEN" });
});

/** Every way to change a note, or to remove it. */
const WAYS: [string, Command][] = [
  ["update", asUpdate(note("c1", { title: "Ändrad" }))],
  ["JSON Patch", asPatch("Composition/c1", [{ op: "replace", path: "/title", value: "Ändrad" }])],
  [
    "FHIRPath Patch",
    asPatch("Composition/c1", {
      resourceType: "Parameters",
      parameter: [
        {
          name: "operation",
          part: [
            { name: "type", valueCode: "replace" },
            { name: "path", valueString: "Composition.title" },
            { name: "value", valueString: "Ändrad" },
          ],
        },
      ],
    }),
  ],
  ["deletion", asDelete("Composition/c1")],
  ["conditional update", wherever(asUpdate(note("c1", { title: "Ändrad" })), "_id=c1")],
  ["conditional deletion", wherever(asDelete("Composition/c1"), "_id=c1")],
];

async function isLocked(journal: JournalOfTest, why: string): Promise<void> {
  const before = (await readResource(journal.client(), "Composition", "c1")).value;
  for (const [way, command] of WAYS) {
    for (const visit of [journal.client(), journal.person()]) {
      await assert.rejects(commit(visit, [command]), { code: "RECORD_LOCKED", status: 409 }, `${why} ${way}`);
      const rows = await journal.log(visit.request);
      assert.deepEqual(
        rows.map(({ outcome }) => outcome),
        ["refused"],
        `${why} ${way}`,
      );
    }
    const bundle = [asCreate(observation(undefined)), command];
    await assert.rejects(commit(journal.client(), bundle), { code: "RECORD_LOCKED" }, `${why} bundle ${way}`);
  }
  const meta = { tag: [{ system: "urn:test", code: "x" }] };
  await assert.rejects(changeMeta(journal.client(), { kind: "add", ...C1, meta }), { code: "RECORD_LOCKED" });
  assert.deepEqual((await readResource(journal.client(), "Composition", "c1")).value, before);
  const unchanged = parseJson(before.content) as JsonObject;
  const { value } = await commit(journal.client(), [asUpdate(unchanged)]);
  assert.equal(value[0]?.outcome, "unchanged", why);
}

test("JRN-LOCKED-1 a signed note is changed in no way", async (t) => {
  const journal = await withNote(t);
  await signRecord(journal.person(), withProof({ ...C1, version: "1" }));
  await isLocked(journal, "signed");
});

test("JRN-LOCKED-2 an unsigned note is open at 13 days and 23 hours and locked at 14 days", async (t) => {
  const journal = await withNote(t);
  journal.clock.forward(13 * DAY + 23 * HOUR);
  await commit(journal.person(), [asUpdate(note("c1", { title: "En timme före" }))]);
  await commit(journal.client(), [asPatch("Composition/c1", [{ op: "replace", path: "/title", value: "Strax före" }])]);
  await commit(journal.client(), [asCreate(observation(undefined)), asUpdate(note("c1", { title: "Nyss" }))]);
  journal.clock.forward(HOUR);
  await isLocked(journal, "old"); // changed an hour ago, and yet
  const short = { ...journal.client(), lockDays: 1 };
  await commit(short, [asUpdate(note("young"))]);
  journal.clock.forward(DAY - HOUR);
  await commit({ ...journal.client(), lockDays: 1 }, [asUpdate(note("young", { title: "a" }))]);
  journal.clock.forward(HOUR);
  await assert.rejects(commit({ ...journal.client(), lockDays: 1 }, [asDelete("Composition/young")]), {
    code: "RECORD_LOCKED",
  });
  const { version } = (await readResource(journal.client(), "Composition", "c1")).value;
  await signRecord(journal.person(), withProof({ ...C1, version: String(version) }));
});

test("JRN-LOCKED-3 other types are not locked", async (t) => {
  const journal = await withNote(t);
  await journal.put(observation("o1"));
  journal.clock.forward(400 * DAY);
  await commit(journal.client(), [asUpdate(observation("o1", "Patient/p1", { valueInteger: 1 }))]);
  await commit(journal.client(), [asDelete("Observation/o1")]);
});

test("JRN-CORRECT-1 a correction is a new, unsigned version with its reason, and the original stays", async (t) => {
  const journal = await withNote(t);
  const original = (await readResource(journal.client(), "Composition", "c1")).value.content;
  await signRecord(journal.person(), withProof({ ...C1, version: "1" }));
  journal.clock.forward(100 * DAY);
  const resource = note("c1", { title: "Rättad" });
  const wish = { ...C1, version: "1", reason: "Fel titel", resource };
  const { value } = await correctRecord(journal.person(), wish);
  assert.deepEqual([value.outcome, value.version], ["updated", 2]);
  assert.equal((await readVersion(journal.person(), "Composition", "c1", "1")).value.content, original);
  const { value: state } = await signingOfRecord(journal.person(), C1);
  assert.deepEqual([state.state, state.isLocked], ["changed", true]);
  const [correction] = state.corrections;
  assert.equal(correction?.author.kind === "person" ? correction.author.name : "", "Anna Ek");
  assert.deepEqual([correction?.words, correction?.version], ["Fel titel", 2]);
  await isLocked(journal, "corrected");
  const bad: [Partial<typeof wish>, string][] = [
    [{ version: "1" }, "VERSION_CONFLICT"], // the second click
    [{ reason: "  " }, "CORRECTION_INVALID"],
    [{ reason: "x".repeat(2001) }, "CORRECTION_INVALID"],
    [{ resource: { ...resource, subject: { reference: "Patient/p2" } } }, "CORRECTION_INVALID"],
    [{ resource: note("c2") }, "ID_MISMATCH"],
    [{ id: "never" }, "NOT_FOUND"],
  ];
  for (const [change, code] of bad)
    await assert.rejects(correctRecord(journal.person(), { ...wish, version: "2", ...change }), { code }, code);
  await assert.rejects(correctRecord(journal.person(THEIRS), { ...wish, version: "2" }), { code: "NOT_FOUND" });
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM remark"), [{ n: 1 }]);
});

test("JRN-DISAGREE-1 the patient's words stay beside the note, once", async (t) => {
  const journal = await withNote(t);
  await signRecord(journal.person(), withProof({ ...C1, version: "1" }));
  const words = "Jag röker inte.";
  for (let click = 0; click < 2; click += 1) await noteDisagreement(journal.person(), { ...C1, version: "1", words });
  const { value } = await signingOfRecord(journal.person(), C1);
  assert.deepEqual(
    value.disagreements.map((one) => [one.words, one.version]),
    [[words, 1]],
  );
  assert.equal(value.state, "signed");
  await assert.rejects(noteDisagreement(journal.person(), { ...C1, version: "2", words }), {
    code: "VERSION_CONFLICT",
  });
  await assert.rejects(noteDisagreement(journal.person(), { ...C1, version: "1", words: "" }), {
    code: "CORRECTION_INVALID",
  });
  await assert.rejects(noteDisagreement(journal.person(THEIRS), { ...C1, version: "1", words }), { code: "NOT_FOUND" });
});

test("JRN-SIGN-VERIFY-1 a text that is not the one that was signed is found, and so is a seal that was changed or taken away", async (t) => {
  const journal = await withNote(t);
  for (const id of ["c2", "c3", "c4", "c5"]) await journal.put(note(id));
  for (const id of ["c1", "c2", "c3", "c4", "c5"])
    await signRecord(journal.person(), withProof({ type: "Composition", id, version: "1" }));
  await correctRecord(journal.person(), { ...C1, version: "1", reason: "Fel", resource: note("c1", { title: "x" }) });
  const verify = async (): Promise<unknown> => journal.store.verifySeals(SIGNABLE);
  assert.deepEqual(await verify(), { seals: 5, faults: [] });
  await journal.sql("UPDATE history SET content = replace(content, 'Puls 72', 'Puls 27') WHERE id = 'c1'");
  await journal.sql("UPDATE composition SET content = content || ' ' WHERE id = 'c2'");
  await journal.sql("DELETE FROM composition WHERE id = 'c3'");
  await journal.sql("UPDATE composition SET content = content || ' ' WHERE id = 'c4'");
  await journal.sql(
    "UPDATE seal SET sha256 = (SELECT encode(sha256(convert_to(content, 'UTF8')), 'hex') FROM composition WHERE id = 'c4') WHERE id = 'c4'",
  );
  await journal.sql("DELETE FROM seal WHERE id = 'c5'");
  const name = (id: string): string => `Composition/${id}/_history/1`;
  assert.deepEqual(await verify(), {
    seals: 4,
    faults: [
      { record: name("c1"), fault: "text changed" },
      { record: name("c2"), fault: "text changed" },
      { record: name("c3"), fault: "text gone" },
      { record: name("c4"), fault: "not in the log" },
      { record: name("c5"), fault: "seal gone" },
    ],
  });
});
