import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { commit } from "./index.ts";
import {
  asCreate,
  asPatch,
  asUpdate,
  identified,
  journalOfTest,
  observation,
  patient,
  THEIRS,
} from "./testing/index.ts";

const URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
const URN2 = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1";

function contentOf(written: { readonly content: string | null } | undefined): Record<string, never> {
  return JSON.parse(written?.content ?? "null") as Record<string, never>;
}

test("JRN-REF-1 names of entries become ids wherever a link can stand", async (t) => {
  const journal = await journalOfTest(t);
  const resource: JsonObject = {
    resourceType: "Observation",
    text: {
      status: "generated",
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${URN}">han</a> ${URN}</div>`,
    },
    extension: [
      { url: "urn:test:x", valueReference: { reference: URN } },
      { url: "urn:test:y", extension: [{ url: "urn:test:z", valueUri: URN }] },
    ],
    identifier: [{ system: "urn:ietf:rfc:3986", value: URN, assigner: { reference: URN2 } }],
    status: "final",
    code: { text: URN, extension: [{ url: "urn:test:c", valueUrl: URN2 }] },
    subject: { reference: URN, display: URN },
    _effectiveDateTime: { extension: [{ url: "urn:test:p", valueReference: { reference: URN } }] },
    performer: [{ reference: URN2 }, { reference: URN }],
    component: [
      {
        code: { text: "x" },
        valueString: "ord",
        extension: [{ url: "urn:test:d", valueReference: { reference: URN } }],
      },
    ],
    contained: [{ resourceType: "Specimen", id: "s", subject: { reference: URN } }],
    specimen: { reference: "#s" },
  };
  const { value } = await commit(journal.client(), [
    asCreate(resource),
    asCreate(patient(undefined), { fullUrl: URN }),
    asCreate({ resourceType: "Organization", name: "Enhet" }, { fullUrl: URN2 }),
  ]);
  const own = `Patient/${value[1]?.id}`;
  const org = `Organization/${value[2]?.id}`;
  const { id: _id, meta: _meta, ...stored } = contentOf(value[0]) as JsonObject;
  const expected = JSON.parse(JSON.stringify(resource).replaceAll(URN, own).replaceAll(URN2, org)) as {
    text: { div: string };
    identifier: { value: string }[];
    code: { text: string };
    subject: { display: string };
  };
  expected.text.div = expected.text.div.replace(` ${own}`, ` ${URN}`);
  expected.identifier[0]!.value = URN;
  expected.code.text = URN;
  expected.subject.display = URN;
  assert.deepEqual(stored, expected);
  assert.deepEqual(await journal.sql("SELECT patient FROM observation"), [{ patient: value[1]?.id }]);
});

test("JRN-REF-1 references by full URL and by its end, also in patches and updates", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p0"));
  await journal.put(observation("o1", "Patient/p0"));
  const { value } = await commit(journal.client(), [
    asCreate(patient(undefined), { fullUrl: "http://elsewhere.test/fhir/Patient/77" }),
    asCreate(observation(undefined, "Patient/77")),
    asCreate(observation(undefined, "http://elsewhere.test/fhir/Patient/77")),
    asUpdate(observation("o2", "Patient/77")),
    asPatch("Observation/o1", [
      { op: "replace", path: "/subject/reference", value: "http://elsewhere.test/fhir/Patient/77" },
    ]),
  ]);
  const own = `Patient/${value[0]?.id}`;
  for (const one of value.slice(1)) assert.deepEqual(contentOf(one)["subject"], { reference: own });
});

test("JRN-REF-2 absolute references to this server become relative, others stay", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  const subject = async (reference: string): Promise<unknown> =>
    contentOf((await commit(journal.client(), [asCreate(observation(undefined, reference))])).value[0])["subject"];
  assert.deepEqual(await subject("http://eira.test/fhir/R4/Patient/p1"), { reference: "Patient/p1" });
  assert.deepEqual(await subject("http://eira.test/fhir/R4/Patient/p1/_history/1"), {
    reference: "Patient/p1/_history/1",
  });
  for (const other of ["http://eira.test/fhir/R5/Patient/p1", "https://elsewhere.test/Patient/p1"])
    assert.deepEqual(await subject(other), { reference: other });
});

test("JRN-REF-3 a document's own entries are left alone", async (t) => {
  const journal = await journalOfTest(t);
  const document: JsonObject = {
    resourceType: "Bundle",
    type: "collection",
    entry: [
      { fullUrl: URN, resource: patient("inside") },
      { fullUrl: URN2, resource: observation("seen", URN) },
      { resource: observation("other", "Patient?identifier=x") },
    ],
  };
  const { value } = await commit(journal.client(), [asCreate(document)]);
  assert.deepEqual(contentOf(value[0])["entry"], document["entry"]);
});

test("JRN-CONDITION-1 a conditional create makes one of any number at once", async (t) => {
  const journal = await journalOfTest(t);
  const ways = ["identifier=urn:test:a|1", "?identifier=urn:test:a|1", "identifier=urn%3Atest%3Aa%7C1"];
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      commit(journal.client(), [
        asCreate(patient(undefined, identified("a", "1")), { ifNoneExist: ways[n % ways.length] }),
      ]),
    ),
  );
  const outcomes = results.map(({ value }) => value[0]?.outcome);
  assert.equal(outcomes.filter((one) => one === "created").length, 1);
  assert.equal(outcomes.filter((one) => one === "existed").length, 9);
  assert.equal(new Set(results.map(({ value }) => value[0]?.content)).size, 1);
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM patient"), [{ n: 1 }]);
  // Others of the bundle refer to the one that was there.
  const { value } = await commit(journal.client(), [
    asCreate(patient(undefined), { fullUrl: URN, ifNoneExist: ways[0] }),
    asCreate(observation(undefined, URN)),
  ]);
  assert.deepEqual(contentOf(value[1])["subject"], { reference: `Patient/${value[0]?.id}` });
});

test("JRN-CONDITION-2 several matches, and conditions that narrow nothing", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1", identified("a", "1")));
  for (const ifNoneExist of [
    "",
    "?",
    "identifier=",
    "_count=1",
    "_sort=name",
    "_format=json",
    "_summary=count",
    "_total=accurate",
  ]) {
    await assert.rejects(
      commit(journal.client(), [asCreate(patient(undefined), { ifNoneExist })]),
      { code: "CRITERIA_EMPTY" },
      ifNoneExist,
    );
  }
  await assert.rejects(commit(journal.client(), [asCreate(patient(undefined), { ifNoneExist: "nonsense=1" })]), {
    code: "SEARCH_PARAM_UNKNOWN",
  });
  assert.equal(
    (
      await commit(journal.client(), [
        asCreate(patient(undefined), { ifNoneExist: "identifier=urn:test:a|1&_summary=count&_count=0" }),
      ])
    ).value[0]?.outcome,
    "existed",
  );
  await journal.put(patient("p2", identified("a", "1")));
  const twice = asCreate(patient(undefined), { ifNoneExist: "identifier=urn:test:a|1" });
  await assert.rejects(commit(journal.client(), [twice]), { code: "MULTIPLE_MATCHES" });
  await assert.rejects(
    commit(journal.client(), [asCreate(observation(undefined, "Patient?identifier=urn:test:a|1"))]),
    { code: "MULTIPLE_MATCHES" },
  );
});

test("JRN-CONDITION-3 conditional references find what the bundle creates, in rounds", async (t) => {
  const journal = await journalOfTest(t);
  const visit = journal.client();
  const { value } = await commit(visit, [
    asCreate({
      resourceType: "DiagnosticReport",
      status: "final",
      code: { text: "x" },
      subject: { reference: "Patient?identifier=urn:test:p|1" },
      result: [{ reference: "Observation?identifier=urn:test:o|1" }],
    }),
    asCreate(observation(undefined, "Patient?identifier=urn:test:p|1", identified("o", "1"))),
    asCreate(
      patient(undefined, {
        ...identified("p", "1"),
        extension: [{ url: "urn:test:x", valueReference: { reference: "Organization?identifier=urn:test:u|1" } }],
      }),
    ),
    asCreate({ resourceType: "Organization", name: "Enhet", ...identified("u", "1") }),
  ]);
  const [report, seen, whose, unit] = value;
  assert.deepEqual(contentOf(report)["result"], [{ reference: `Observation/${seen?.id}` }]);
  assert.deepEqual(contentOf(seen)["subject"], { reference: `Patient/${whose?.id}` });
  assert.match(whose?.content ?? "", new RegExp(`"reference":"Organization/${unit?.id}"`));
  const read = (await journal.log(visit.request)).filter(({ action }) => action === "read").flatMap(({ what }) => what);
  assert.ok(read.includes(`Patient/${whose?.id}/_history/1`));

  const circle = [
    asCreate({
      resourceType: "Organization",
      name: "Enhet",
      ...identified("c", "1"),
      partOf: { reference: "Organization?identifier=urn:test:c|2" },
    }),
    asCreate({
      resourceType: "Organization",
      name: "Enhet",
      ...identified("c", "2"),
      partOf: { reference: "Organization?identifier=urn:test:c|1" },
    }),
  ];
  await assert.rejects(commit(journal.client(), circle), { code: "REFERENCE_NOT_FOUND" });
  await assert.rejects(
    commit(journal.client(), [asCreate(observation(undefined, "Nonsense?identifier=1"))]),
    (error: { status: number }) => error.status < 500,
  );
});

test("JRN-CONDITION-4 a condition sees what its actor sees", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("theirs", "Patient/p1", identified("o", "1")), THEIRS);
  const { value } = await commit(journal.person(), [
    asCreate(observation(undefined, "Patient/p1", identified("o", "1")), { ifNoneExist: "identifier=urn:test:o|1" }),
  ]);
  assert.equal(value[0]?.outcome, "created");
  const report = {
    resourceType: "DiagnosticReport",
    status: "final",
    code: { text: "x" },
    result: [{ reference: "Observation?identifier=urn:test:o|2" }],
  };
  await journal.put(observation("theirs-too", "Patient/p1", identified("o", "2")), THEIRS);
  await assert.rejects(commit(journal.person(), [asCreate(report)]), { code: "REFERENCE_NOT_FOUND" });
});
