import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeWords, statedSeal, withSeal } from "../base/index.ts";
import { parseJson, parseXml, writeXml, type JsonObject } from "../fhir/index.ts";
import { commit, readResource, readVersion } from "./index.ts";
import {
  asCreate,
  asPatch,
  asUpdate,
  journalOfTest,
  observation,
  patient,
  type JournalOfTest,
} from "./testing/index.ts";

const report = (id: string, conclusion: string, more: JsonObject = {}): JsonObject => ({
  resourceType: "DiagnosticReport",
  id,
  status: "final",
  code: { text: "Röntgen" },
  subject: { reference: "Patient/p1" },
  conclusion,
  ...more,
});

async function stored(journal: JournalOfTest, id: string, type = "DiagnosticReport"): Promise<JsonObject> {
  return parseJson((await readResource(journal.client(), type, id)).value.content) as JsonObject;
}

test("JRN-WORDS-1 words are stored with their seal, which follows them from version to version and through XML", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(report("r", "Ingen fraktur i hö hand. å≥µ−"));
  const first = await stored(journal, "r");
  assert.equal(judgeWords(first).kind, "sealed");
  assert.deepEqual({ ...first, meta: undefined }, { ...report("r", "Ingen fraktur i hö hand. å≥µ−"), meta: undefined });
  assert.deepEqual(judgeWords(parseXml(writeXml(first))), judgeWords(first));
  await commit(journal.client(), [
    asPatch("DiagnosticReport/r", [{ op: "replace", path: "/conclusion", value: "Fraktur." }]),
  ]);
  await commit(journal.client(), [asUpdate({ ...(await stored(journal, "r")), conclusion: "Fraktur i vä hand." })]);
  const third = await stored(journal, "r");
  assert.equal(judgeWords(third).kind, "sealed");
  const seals = [
    first,
    parseJson((await readVersion(journal.client(), "DiagnosticReport", "r", "2")).value.content),
    third,
  ];
  assert.equal(new Set(seals.map((one) => statedSeal(one as JsonObject))).size, 3);
  await journal.put(observation("o", "Patient/p1", { valueInteger: 5 }));
  assert.equal(statedSeal(await stored(journal, "o", "Observation")), undefined);
});

test("JRN-WORDS-2 words that lost one on their way are refused and logged, however they come", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(report("r", "Ingen fraktur."));
  const sent = (conclusion: string): JsonObject => ({ ...withSeal(report("x", "Ingen blödning.")), conclusion });
  for (const command of [
    asCreate(sent("blödning.")),
    asUpdate(sent("blödning.")),
    asUpdate({ ...sent("blödning."), id: "r" }),
    asCreate({ ...report("x", "a"), meta: { extension: [{ url: "urn:eira:words:sha256", valueString: "3f" }] } }),
  ]) {
    const visit = journal.client();
    await assert.rejects(commit(visit, [command, asUpdate(report("along", "Följer med."))]), {
      code: "WORDS_DIFFER",
      status: 422,
    });
    assert.deepEqual(
      (await journal.log(visit.request)).map(({ outcome }) => outcome),
      ["refused"],
    );
  }
  await assert.rejects(stored(journal, "along"), { code: "NOT_FOUND" });
  assert.equal((await stored(journal, "r"))["conclusion"], "Ingen fraktur.");
  await journal.put(sent("Ingen blödning."));
  await journal.put({ ...(await stored(journal, "x")), conclusion: "Liten blödning." }); // changed by who has read it
  assert.equal(judgeWords(await stored(journal, "x")).kind, "sealed");
});

test("JRN-WORDS-3 answers without an answer are refused", async (t) => {
  const journal = await journalOfTest(t, { referentialIntegrity: false });
  await journal.put(patient("p1"));
  const order = { basedOn: [{ reference: "ServiceRequest/s" }] };
  const { conclusion: _, ...silent } = report("r", "", order);
  const cut = [{ contentType: "text/plain", data: "SW5nZW4=", size: 14 }];
  for (const bad of [
    silent,
    report("r", " \n"),
    report("r", "a", { presentedForm: cut }),
    observation("o", "Patient/p1", { ...order }),
  ])
    await assert.rejects(commit(journal.client(), [asUpdate(bad)]), { code: "ANSWER_EMPTY", status: 422 });
  await journal.put({ ...silent, status: "registered" });
  await journal.put(report("r", "Neg", order));
});

test("JRN-WORDS-4 what is there already makes no version, with its seal or without", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(report("r", "Neg"));
  const again = async (resource: JsonObject): Promise<string | undefined> =>
    (await commit(journal.client(), [asUpdate(resource)])).value[0]?.outcome;
  assert.equal(await again(report("r", "Neg")), "unchanged");
  assert.equal(await again(await stored(journal, "r")), "unchanged");
  assert.equal(await again(parseXml(writeXml(await stored(journal, "r")))), "unchanged");
  await journal.sql(`UPDATE diagnosticreport SET content = regexp_replace(content, ',"extension":\\[[^]]*\\]', '')`);
  assert.equal(statedSeal(await stored(journal, "r")), undefined);
  assert.equal(await again(report("r", "Neg")), "unchanged");
});
