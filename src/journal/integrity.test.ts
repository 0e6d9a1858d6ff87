import assert from "node:assert/strict";
import { test } from "node:test";
import type { FhirError, JsonObject } from "../fhir/index.ts";
import { commit, readResource, type Command } from "./index.ts";
import { asCreate, asDelete, asPatch, asUpdate, journalOfTest, observation, patient, THEIRS } from "./testing/index.ts";

const URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";

async function refusal(commit: Promise<unknown>): Promise<FhirError> {
  return commit.then(
    () => assert.fail("it was not refused"),
    (error: FhirError) => error,
  );
}

test("JRN-INTEGRITY-1 dangling references are refused at their entry, or kept when integrity is off", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("theirs"), THEIRS);
  const member = (reference: string): JsonObject =>
    observation(undefined, "Patient/p1", {
      hasMember: [{ reference: "#c" }, { reference }],
      contained: [observation("c")],
    });
  for (const reference of ["Observation/none", "Observation/none/_history/1", URN, "urn:oid:1.2.3"]) {
    const error = await refusal(
      commit(journal.client(), [
        asUpdate(patient("p1")),
        asCreate(member(reference), { where: "Bundle.entry[1].resource" }),
      ]),
    );
    assert.deepEqual(
      [error.code, error.issues[0]?.expression],
      ["REFERENCE_NOT_FOUND", "Bundle.entry[1].resource"],
      reference,
    );
  }
  // A nested one, in an extension and in something contained, and one that a patch brings in.
  const nested = observation(undefined, "Patient/p1", {
    extension: [
      { url: "urn:test:x", extension: [{ url: "urn:test:y", valueReference: { reference: "Patient/none" } }] },
    ],
  });
  const contained = observation(undefined, "Patient/p1", {
    contained: [observation("c", "Patient/none")],
    hasMember: [{ reference: "#c" }],
  });
  await journal.put(observation("o1"));
  const patch = asPatch("Observation/o1", [{ op: "replace", path: "/subject/reference", value: "Patient/none" }]);
  for (const command of [asCreate(nested), asCreate(contained), patch]) {
    assert.equal((await refusal(commit(journal.client(), [command]))).code, "REFERENCE_NOT_FOUND");
  }
  // Out of reach is told in the same words as what never was.
  const [one, two] = await Promise.all(
    ["theirs", "never"].map((id) => refusal(commit(journal.person(), [asCreate(member(`Observation/${id}`))]))),
  );
  assert.equal(JSON.stringify(one!.issues).replaceAll("theirs", "never"), JSON.stringify(two!.issues));
  for (const other of ["https://elsewhere.test/fhir/Observation/1", "#c"])
    await commit(journal.client(), [asCreate(member(other))]);
  const careless = { ...journal.client(), referentialIntegrity: false };
  for (const reference of ["Observation/none", URN]) {
    const { value } = await commit(careless, [asCreate(member(reference))]);
    assert.ok(value[0]?.content?.includes(`"reference":"${reference}"`));
  }
});

test("JRN-INTEGRITY-2 what others refer to is not deleted", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put({
    resourceType: "Organization",
    name: "Enhet",
    id: "self",
    partOf: { reference: "Organization/self" },
  });
  await journal.put(observation("o1", "Patient/p1", { performer: [{ reference: "Organization/self" }] }));
  for (const name of ["Patient/p1", "Organization/self"]) {
    assert.equal((await refusal(commit(journal.client(), [asDelete(name)]))).code, "REFERENCE_IN_USE");
  }
  const careless = { ...journal.client(), referentialIntegrity: false };
  await commit(careless, [asDelete("Patient/p1")]);
  await commit(journal.client(), [asDelete("Observation/o1")]);
  await commit(journal.client(), [asDelete("Organization/self")]);
});

test("JRN-INTEGRITY-3 deletion against reference, and update against reference", async (t) => {
  const journal = await journalOfTest(t);
  for (let round = 0; round < 12; round += 1) {
    const id = `p${round}`;
    await journal.put(patient(id));
    const [made, gone] = await Promise.allSettled([
      commit(journal.client(), [asCreate(observation(undefined, `Patient/${id}`))]),
      commit(journal.client(), [asDelete(`Patient/${id}`)]),
    ]);
    assert.ok(made.status !== gone.status, `round ${round}: ${made.status} and ${gone.status}`);
    const known = await readResource(journal.client(), "Patient", id).then(
      () => true,
      () => false,
    );
    assert.equal(known, made.status === "fulfilled");
  }
  await journal.put(patient("busy"));
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) =>
      commit(journal.client(), [
        n % 2 === 0
          ? asCreate(observation(undefined, "Patient/busy"))
          : asUpdate(patient("busy", { multipleBirthInteger: n })),
      ]),
    ),
  );
  assert.deepEqual(
    results.filter(({ status }) => status === "rejected"),
    [],
  );
});

test("JRN-REFUSE-1 every fault at its place in the request", async (t) => {
  const journal = await journalOfTest(t);
  const bad = {
    resourceType: "Patient",
    gender: "mal",
    birthDate: "2026-02-30",
    telecom: [{ system: "phone" }, { nonsense: 1 }],
  };
  for (const [command, where] of [
    [asCreate(bad), "Patient"],
    [asCreate(bad, { where: "Bundle.entry[7].resource" }), "Bundle.entry[7].resource"],
  ] as const) {
    const error = await refusal(commit(journal.client(), [command]));
    assert.equal(error.code, "INVALID");
    const places = error.issues.map(({ expression }) => expression);
    for (const place of ["gender", "birthDate", "telecom[1].nonsense"])
      assert.ok(places.includes(`${where}.${place}`), `${place} in ${places.join()}`);
  }
  const disagreeing: [Command, string][] = [
    [{ ...asUpdate(patient("p1")), id: "p2" }, "ID_MISMATCH"],
    [{ ...asUpdate(patient(undefined)), id: "p1" }, "ID_MISSING"],
    [{ ...asCreate(patient("p1")), type: "Observation" }, "TYPE_MISMATCH"],
    [asUpdate(patient("p 1")), "ID_INVALID"],
    [asDelete("Patient/p\u0000"), "ID_INVALID"],
    [asPatch(`Patient/${"x".repeat(65)}`, []), "ID_INVALID"],
    [{ ...asUpdate(patient("p1")), resource: { ...patient("p1"), id: 1 } }, "INVALID"],
  ];
  for (const [command, code] of disagreeing) {
    const error = await refusal(commit(journal.client(), [command]));
    assert.ok(error.code === code || error.code === "INVALID", `${code}, not ${error.code}`);
    assert.ok(error.issues.every(({ expression }) => expression !== undefined));
  }
  await journal.put(patient("p1"));
  for (const path of ["/id", "/resourceType", "/meta/versionId"]) {
    const error = await refusal(
      commit(journal.client(), [asPatch("Patient/p1", [{ op: "replace", path, value: "x" }])]),
    );
    assert.equal(error.code, "PATCH_INVALID");
  }
});
