import assert from "node:assert/strict";
import { test } from "node:test";
import { FhirError } from "../fhir/index.ts";
import { closure, expand } from "../terminology/index.ts";
import { askTerminology, changeTerminology, commit, parametersOf, searchResources, type Visit } from "./index.ts";
import { asCreate, journalOfTest, OURS, patient, THEIRS, type JournalOfTest } from "./testing/index.ts";

const SYSTEM = "http://example.com/animals";
const VALUE_SET = "http://example.com/vs/dogs";
const ASK = { what: "ValueSet/$expand", languages: [], versions: [] };

const coded = (id: string, code: string): Record<string, unknown> => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { coding: [{ system: SYSTEM, code }] },
  subject: { reference: "Patient/p1" },
});

/** A code system, a value set of it, and observations coded by it. */
async function zoo(journal: JournalOfTest, include: Record<string, unknown> = {}): Promise<void> {
  const concept = [
    { code: "animal", concept: [{ code: "dog", concept: [{ code: "poodle" }] }, { code: "cat" }] },
    { code: "plant" },
  ];
  await journal.put({
    resourceType: "CodeSystem",
    id: "cs",
    url: SYSTEM,
    status: "active",
    content: "complete",
    concept,
  });
  await putValueSet(journal, include);
  await journal.put({ ...patient("p1"), gender: "female" });
  for (const code of ["animal", "dog", "poodle", "cat", "plant"]) await journal.put(coded(code, code) as never);
}

const putValueSet = async (journal: JournalOfTest, include: Record<string, unknown>): Promise<void> => {
  const compose = { include: [{ system: SYSTEM, concept: [{ code: "dog" }, { code: "poodle" }], ...include }] };
  await journal.put({ resourceType: "ValueSet", id: "vs", url: VALUE_SET, status: "active", compose });
};

async function ids(journal: JournalOfTest, query: string, type = "Observation", visit?: Visit): Promise<string> {
  const { value } = await searchResources(visit ?? journal.client(), type, parametersOf(query));
  return value.rows
    .map(({ id }) => id)
    .toSorted()
    .join(" ");
}

const isRefusal = (code: string) => (error: { code?: string }) => error.code === code;

test("JRN-TERM-1 :in, :not-in, :below and :above find by what is stored at that moment, also in chains and conditions", async (t) => {
  const journal = await journalOfTest(t);
  await zoo(journal);
  assert.equal(await ids(journal, `code:in=${VALUE_SET}`), "dog poodle");
  assert.equal(await ids(journal, `code:not-in=${VALUE_SET}`), "animal cat plant");
  assert.equal(await ids(journal, `code:below=${SYSTEM}|dog`), "dog poodle");
  assert.equal(await ids(journal, `code:above=${SYSTEM}|dog`), "animal dog");
  assert.equal(await ids(journal, `code:below=dog&patient=p1`), "dog poodle");
  assert.equal(await ids(journal, `_has:Observation:patient:code:below=${SYSTEM}|animal`, "Patient"), "p1");
  assert.equal(await ids(journal, `subject:Patient.gender:in=http://hl7.org/fhir/ValueSet/administrative-gender&code:in=${VALUE_SET}`), "dog poodle"); // prettier-ignore
  await putValueSet(journal, { concept: [{ code: "cat" }] });
  assert.equal(await ids(journal, `code:in=${VALUE_SET}`), "cat");
  const condition = { ...asCreate(coded("x", "cat") as never), ifNoneExist: `code:in=${VALUE_SET}` };
  assert.equal((await commit(journal.client(), [condition])).value[0]?.outcome, "existed");
  await assert.rejects(ids(journal, "code:in=http://example.com/none"), isRefusal("SEARCH_TERMINOLOGY_UNKNOWN"));
  await assert.rejects(ids(journal, "code:below=http://example.com/none|x"), isRefusal("SEARCH_TERMINOLOGY_UNKNOWN"));
  await assert.rejects(ids(journal, "code:in=http://example.com/none"), (error) => {
    return error instanceof FhirError && error.issues.every(({ expression }) => expression === "code");
  });
});

test("JRN-TERM-2 whoever may not look at value sets is refused, and another care provider's own is unknown", async (t) => {
  const journal = await journalOfTest(t);
  await zoo(journal);
  const query = `code:in=${VALUE_SET}`;
  await assert.rejects(
    ids(journal, query, "Observation", journal.client("system/Observation.rs")),
    isRefusal("FORBIDDEN"),
  );
  await assert.rejects(
    askTerminology(journal.client("system/Observation.rs"), ASK, async () => 1),
    isRefusal("FORBIDDEN"),
  );
  const own = { resourceType: "ValueSet", id: "own", url: "http://example.com/own", status: "active" };
  await journal.put({ ...own, compose: { include: [{ system: SYSTEM, concept: [{ code: "cat" }] }] } }, THEIRS);
  const asked = (visit: Visit): Promise<string> => ids(journal, "code:in=http://example.com/own", "Observation", visit);
  const isOwned = (
    await journal.sql<{ owner: string | null }>("SELECT care_provider AS owner FROM valueset WHERE id = 'own'")
  )[0]?.owner;
  if (isOwned === null) assert.equal(await asked(journal.person(OURS)), "cat"); // value sets belong to the region
  else await assert.rejects(asked(journal.person(OURS)), isRefusal("SEARCH_TERMINOLOGY_UNKNOWN"));
});

test("JRN-TERM-3 an operation is logged under its name, and a closure is kept for the one who keeps it", async (t) => {
  const journal = await journalOfTest(t);
  await zoo(journal);
  const visit = journal.client();
  const { value } = await askTerminology(visit, ASK, async (scope) =>
    expand(scope, await scope.library.valueSet({ url: VALUE_SET, version: undefined }), {
      now: "2026-11-21T08:00:00Z",
    }),
  );
  assert.equal(value.expansion?.total, 2);
  const [entry] = await journal.log(visit.request);
  assert.deepEqual([entry?.action, entry?.what, entry?.patient], ["operation", ["ValueSet/$expand"], null]);
  const close = (who: Visit, codes: readonly string[]): Promise<string | undefined> =>
    changeTerminology(who, { ...ASK, what: "$closure" }, (scope, { closures }, owner) =>
      closure(scope, closures, {
        owner,
        name: "mine",
        version: undefined,
        now: "2026-11-21T08:00:00Z",
        concepts: codes.map((code) => ({ system: SYSTEM, code })),
      }),
    ).then((answer) => answer.value.version);
  assert.equal(await close(visit, []), "0");
  assert.equal(await close(visit, ["dog"]), "1");
  await assert.rejects(close(journal.person(), ["dog"]), isRefusal("OPERATION_PARAMETER"));
});
