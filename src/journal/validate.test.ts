/** Profiles as they are stored, on writes and when asked. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { FhirError, type JsonObject } from "../fhir/index.ts";
import { Store } from "../store/index.ts";
import { changeMeta, commit, validateFor, type Command, type ValidateAsk, type Visit } from "./index.ts";
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
} from "./testing/index.ts";

const URL = "urn:test:profile";

function profile(elements: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    resourceType: "StructureDefinition",
    id: "profile",
    url: URL,
    name: "Test",
    status: "active",
    kind: "resource",
    abstract: false,
    type: "Observation",
    derivation: "constraint",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Observation",
    differential: { element: elements.map((one) => ({ id: one["path"], ...one })) },
    ...more,
  };
}

const claiming = (more: JsonObject = {}): JsonObject =>
  observation(undefined, "Patient/p1", { meta: { profile: [URL] }, ...more });
const withIssued = profile([{ path: "Observation.issued", min: 1 }]);
const RIGHT = { issued: "2026-11-20T07:30:00Z" };

/** What refuses a write, as `code expression` of each issue; nothing when it is done. */
async function refusal(visit: Visit, ...commands: readonly Command[]): Promise<string[]> {
  try {
    await commit(visit, commands);
    return [];
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    assert.equal(error.code, "INVALID", error.message);
    return error.issues.map(({ code, expression }) => `${code} ${expression}`);
  }
}

async function issues(visit: Visit, ask: Partial<ValidateAsk> & { readonly type: string }): Promise<string[]> {
  const { value } = await validateFor(visit, {
    id: undefined,
    resource: undefined,
    mode: undefined,
    profiles: [],
    ...ask,
  });
  return value.map(({ severity, code, expression }) => `${severity} ${code} ${expression}`);
}

test("JRN-PROFILE-1 a write that breaks a profile that it claims is refused at its place, however it is made", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  const visit = journal.client();
  const fault = "required Observation.issued";
  assert.deepEqual(await refusal(visit, asCreate(claiming())), [], "a profile that is not here refuses nothing");
  await journal.put(withIssued);
  assert.deepEqual(await refusal(visit, asCreate(claiming())), [fault]);
  assert.deepEqual(await refusal(visit, asUpdate({ ...claiming(), id: "o1" })), [fault]);
  assert.deepEqual(
    await refusal(visit, asCreate(claiming(RIGHT)), { ...asCreate(claiming()), where: "Bundle.entry[1].resource" }),
    ["required Bundle.entry[1].resource.issued"],
  );
  assert.deepEqual(await refusal(visit, asUpdate({ ...claiming(RIGHT), id: "o1" })), []);
  assert.deepEqual(await refusal(visit, asPatch("Observation/o1", [{ op: "remove", path: "/issued" }])), [fault]);
  assert.deepEqual(await refusal(visit, asUpdate(observation("o2"))), []);
  const meta = { kind: "add", type: "Observation", id: "o2", meta: { profile: [URL] } } as const;
  await assert.rejects(changeMeta(visit, meta), (error: FhirError) => error.code === "INVALID");
  assert.deepEqual(
    await refusal(visit, asCreate(observation(undefined))),
    [],
    "without a claim nothing more is demanded",
  );
  const told = await commit(visit, [asCreate(claiming())]).catch((error: unknown) => error);
  assert.match((told as FhirError).issues[0]?.sv ?? "", /minst 1 enligt profilen urn:test:profile/);
});

test("JRN-PROFILE-2 a definition counts from its commit, in other workers within seconds, and no longer than it is there", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  const visit = journal.client();
  const auditKey = generateKeyPairSync("ed25519").privateKey;
  const other = await Store.open({ config: journal.database.config, auditKey, clock: journal.clock, connections: 2 });
  t.after(() => other.close());
  const elsewhere: Visit = { ...visit, store: other };
  const within = async (expected: number): Promise<void> => {
    const until = performance.now() + 3_000;
    for (;;) {
      const found = await refusal(elsewhere, asCreate(claiming()));
      if (found.length === expected) return;
      assert.ok(performance.now() < until, `still ${found.length} issues after 3 s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  assert.deepEqual(await refusal(elsewhere, asCreate(claiming())), []);
  await commit(visit, [asUpdate(withIssued)]);
  assert.equal((await refusal(visit, asCreate(claiming()))).length, 1);
  await within(1);
  await commit(visit, [
    asUpdate(
      profile([
        { path: "Observation.issued", min: 1 },
        { path: "Observation.method", min: 1 },
      ]),
    ),
  ]);
  assert.equal((await refusal(visit, asCreate(claiming()))).length, 2);
  await within(2);
  await commit(visit, [asDelete("StructureDefinition/profile")]);
  assert.deepEqual(await refusal(visit, asCreate(claiming())), []);
  await within(0);
});

test("JRN-PROFILE-3 codes with a required binding are judged by terminology as it is stored; what it does not know breaks nothing", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  const visit = journal.client();
  const binding = { strength: "required", valueSet: "urn:test:vs" };
  await journal.put(profile([{ path: "Observation.code", binding }]));
  const coded = (code: string): Command => asCreate(claiming({ code: { coding: [{ system: "urn:test:cs", code }] } }));
  assert.deepEqual(await refusal(visit, coded("a")), [], "no such value set here");
  const valueSet = (include: JsonObject): JsonObject => ({
    resourceType: "ValueSet",
    id: "vs",
    url: "urn:test:vs",
    status: "active",
    compose: { include: [include] },
  });
  await commit(visit, [asUpdate(valueSet({ system: "urn:test:cs", concept: [{ code: "a" }] }))]);
  assert.deepEqual(await refusal(visit, coded("a")), []);
  assert.deepEqual(await refusal(visit, coded("b")), ["code-invalid Observation.code"]);
  await commit(visit, [asUpdate(valueSet({ system: "urn:test:cs" }))]);
  assert.deepEqual(await refusal(visit, coded("b")), [], "no such code system here");
  const concept = [{ code: "a" }, { code: "c" }];
  await journal.put({
    resourceType: "CodeSystem",
    id: "cs",
    url: "urn:test:cs",
    status: "active",
    content: "complete",
    concept,
  });
  assert.deepEqual(await refusal(visit, coded("c")), []);
  assert.deepEqual(await refusal(visit, coded("b")), ["code-invalid Observation.code"]);
  const advised = profile([{ path: "Observation.code", binding: { ...binding, strength: "extensible" } }]);
  await commit(visit, [asUpdate(advised)]);
  assert.deepEqual(await refusal(visit, coded("b")), []);
  const resource = claiming({ code: { coding: [{ system: "urn:test:cs", code: "b" }] } });
  assert.deepEqual(
    (await issues(visit, { type: "Observation", resource })).filter((one) => one.includes("code-invalid")),
    ["warning code-invalid Observation.code"],
  );
});

test("JRN-VALIDATE-1 everything is told of what is sent, nothing is changed, and the log says that it was asked", async (t) => {
  const journal = await journalOfTest(t);
  const visit = journal.client();
  await journal.put(withIssued);
  const before = await journal.sql<{ n: string }>("SELECT count(*) AS n FROM change_log");
  const right = {
    ...claiming(RIGHT),
    text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' },
  };
  const judge = (resource: JsonObject, more: Partial<ValidateAsk> = {}): Promise<string[]> =>
    issues(visit, { type: "Observation", resource, ...more });
  assert.deepEqual(
    (await judge(right)).filter((one) => !one.startsWith("warning")),
    [],
  );
  assert.ok((await judge(claiming())).includes("error required Observation.issued"));
  assert.ok((await judge({ ...right, status: "banana" })).includes("error code-invalid Observation.status"));
  assert.ok(
    (await judge({ ...right, meta: { profile: ["urn:other"] } })).includes(
      "warning not-found Observation.meta.profile[0]",
    ),
  );
  assert.ok((await judge(observation(undefined), { profiles: [URL] })).includes("error required Observation.issued"));
  assert.ok((await judge(right, { profiles: ["urn:other"] })).includes("error not-found Observation"));
  assert.ok((await judge(patient(undefined))).some((one) => one.endsWith("Observation.resourceType")));
  assert.ok((await judge({ resourceType: "Nothing" })).some((one) => one.startsWith("error structure")));
  assert.deepEqual(await journal.sql("SELECT count(*) AS n FROM change_log"), before);
  const [entry] = await journal.log(visit.request);
  assert.deepEqual(entry?.what, ["Observation/$validate"]);
  await assert.rejects(
    issues(journal.client("system/Patient.r"), { type: "Observation", resource: right }),
    (error: FhirError) => error.code === "FORBIDDEN",
  );
});

test("JRN-VALIDATE-2 what is stored is judged only for those who may read it, in the words of a reading", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"), THEIRS);
  await journal.put(observation("o2", "Patient/p1", { meta: { profile: ["urn:other"] } }));
  const doctor = journal.person(OURS);
  const of = (visit: Visit, id: string): Promise<string[]> => issues(visit, { type: "Observation", id });
  assert.ok((await of(doctor, "o2")).includes("warning not-found Observation.meta.profile[0]"));
  const [entry] = await journal.log(doctor.request);
  assert.deepEqual([entry?.patient, entry?.what, entry?.action], ["p1", ["Observation/o2/_history/1"], "read"]);
  for (const id of ["o1", "nothing"]) {
    await assert.rejects(
      of(doctor, id),
      (error: FhirError) => error.code === "NOT_FOUND" && !error.message.includes(id),
    );
  }
  assert.ok((await of(journal.client(), "o1")).every((one) => !one.startsWith("error")));
});

test("JRN-VALIDATE-3 the mode tells what the resource is to be judged for", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  const visit = journal.client();
  const errors = async (ask: Partial<ValidateAsk> & { readonly type: string }): Promise<string[]> =>
    (await issues(visit, ask)).filter((one) => one.startsWith("error"));
  assert.deepEqual(await errors({ type: "Patient", id: "p1", mode: "delete" }), ["error conflict undefined"]);
  assert.deepEqual(await errors({ type: "Observation", id: "o1", mode: "delete" }), []);
  assert.equal((await journal.sql("SELECT 1 FROM patient")).length, 1, "nothing is deleted");
  const sent = patient("p2");
  assert.deepEqual(await errors({ type: "Patient", id: "p1", resource: sent, mode: "update" }), [
    "error invalid Patient.id",
  ]);
  assert.deepEqual(await errors({ type: "Patient", id: "p1", resource: patient(undefined), mode: "update" }), [
    "error required Patient.id",
  ]);
  assert.deepEqual(await errors({ type: "Patient", resource: patient(undefined), mode: "create" }), []);
  const reader = journal.client("system/Patient.r");
  await assert.rejects(
    issues(reader, { type: "Patient", id: "p1", mode: "delete" }),
    (error: FhirError) => error.code === "FORBIDDEN",
  );
});
