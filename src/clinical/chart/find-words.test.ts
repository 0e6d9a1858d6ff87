import assert from "node:assert/strict";
import { after, test } from "node:test";
import { standsIn, soughtWith, swedishStem, textsOf } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { asUpdate, journalOfTest, patient, THEIRS } from "../../journal/testing/index.ts";
import { commit } from "../../journal/index.ts";
import { findWords } from "../index.ts";

const journal = await journalOfTest({ after });
const SUBJECT = { reference: "Patient/p1" };

const note = (id: string, text: string, date = "2026-11-20"): JsonObject => ({
  resourceType: "Composition",
  id,
  status: "final",
  subject: SUBJECT,
  type: { text: "Anteckning" },
  author: [{ display: "Doktor" }],
  title: "Besök",
  date,
  section: [
    {
      title: "Bedömning",
      text: { status: "additional", div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>` },
    },
  ],
});

const report = (id: string, conclusion: string): JsonObject => ({
  resourceType: "DiagnosticReport",
  id,
  status: "final",
  subject: SUBJECT,
  code: { text: "Röntgen" },
  conclusion,
  effectiveDateTime: "2026-11-19",
});

const namesIn = (items: readonly string[]): readonly string[] =>
  items.map((item) => String((JSON.parse(item) as { id: string }).id)).toSorted();

test("BASE-FIND-1 the stem is what PostgreSQL's Swedish stemmer makes", async () => {
  const bases =
    "sjuk blod hjärt lung patient hopp öst venöst kött ab is y bl str ful ablöst infarkt svikt sår mö ål".split(" ");
  const endings =
    "heterna hetens arens andes andet anden heten heter ernas ornas arnas erna orna arna ande arne aste aren ades erns ade are ern ens het ast ad en ar er or as es at a e s t löst öst fullt lig els ig et lt nn dt gd".split(
      " ",
    );
  const all = bases.flatMap((base) => endings.flatMap((one) => ["", ...endings].map((two) => base + one + two)));
  const rows = await journal.sql(
    "SELECT word, (ts_lexize('swedish_stem', word))[1] AS stem FROM unnest($1::text[]) AS word",
    [all],
  );
  const told = rows.filter(({ stem }) => stem !== null && stem !== undefined); // none of a stop word
  assert.ok(told.length > all.length * 0.99);
  for (const { word, stem } of told) assert.equal(swedishStem(String(word)), stem, String(word));
});

test("CLIN-WORDS-1 words are found in the whole record, over several calls", { timeout: 120_000 }, async () => {
  await journal.put(patient("p1"));
  const all = [
    note("n1", "Ingen hjärtsvikt. Ödem i underben."),
    note("n2", "Sviktande hjärta, &lt;oklart&gt;."),
    report("r1", "Tecken på hjärtsvikt med pleuravätska."),
    note("n3", "Kontroll utan anmärkning."),
    {
      resourceType: "Condition",
      id: "c1",
      subject: SUBJECT,
      code: { text: "Hjärtsvikt, ospecificerad" },
      recordedDate: "2020-01-01",
    },
  ];
  for (const one of all) await journal.put(one);
  for (const typed of ["svikt", "hjärtsvikten", "svikt ödem", '"tecken på"', "anmärkning", "finns inte"]) {
    const { value } = await findWords(journal.person(), "p1", { typed });
    const naive = all.filter((one) => standsIn(textsOf(one), soughtWith(typed))).map(({ id }) => String(id));
    assert.deepEqual(namesIn(value.items), naive.toSorted(), typed);
    assert.deepEqual([value.looked, value.next], [all.length, null], typed);
  }
  // More of one kind than one call looks through.
  const many = Array.from({ length: 1001 }, (_, at): JsonObject => ({
    resourceType: "Observation",
    id: `o${at}`,
    status: "final",
    subject: SUBJECT,
    code: { text: at % 500 === 0 ? "Sällsynt prov" : "Prov" },
    effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + at * 3_600_000).toISOString(),
  }));
  await commit(
    journal.client(),
    many.map((one) => asUpdate(one)),
  );
  const first = await findWords(journal.person(), "p1", { typed: "sällsynt" });
  assert.ok(first.value.next);
  const second = await findWords(journal.person(), "p1", { typed: "sällsynt", before: first.value.next });
  assert.equal(second.value.next, null);
  assert.deepEqual([...namesIn(first.value.items), ...namesIn(second.value.items)].toSorted(), ["o0", "o1000", "o500"]);
  assert.equal(first.value.looked + second.value.looked, all.length + many.length);
});

test("CLIN-WORDS-2 what one may not see is neither found nor counted", async () => {
  await journal.put(patient("p2"));
  const mine = { ...note("m1", "Missbruk av alkohol"), subject: { reference: "Patient/p2" } };
  await journal.put(mine);
  await journal.put({ ...mine, id: "m2" }, THEIRS);
  const visit = journal.person();
  const { value } = await findWords(visit, "p2", { typed: "missbruk" });
  assert.deepEqual([namesIn(value.items), value.looked], [["m1"], 1]);
  assert.ok((await journal.log(visit.request)).some(({ outcome }) => outcome !== "refused"));
  const unrelated = await journalOfTest({ after }, { isUnrelated: true });
  await unrelated.put(patient("p2"));
  await unrelated.put(mine);
  const stranger = unrelated.person();
  await assert.rejects(findWords(stranger, "p2", { typed: "missbruk" }), { code: "NO_CARE_RELATION" });
  assert.ok((await unrelated.log(stranger.request)).some(({ outcome }) => outcome === "refused"));
});

test("CLIN-WORDS-3 nothing sought, too much, and made-up cursors are refused", async () => {
  await journal.put(patient("p3"));
  for (const typed of ["", " ", "...", "x".repeat(201), '""'])
    await assert.rejects(findWords(journal.person(), "p3", { typed }), { code: "SEARCH_VALUE_INVALID" }, typed);
  for (const before of ["", "x", "bnVsbA"])
    await assert.rejects(findWords(journal.person(), "p3", { typed: "x", before }), { code: "SEARCH_VALUE_INVALID" });
  await assert.rejects(findWords(journal.person(), "nobody", { typed: "x" }), { code: "NOT_FOUND" });
});
