import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../fhir/index.ts";
import { journalOfTest, patient } from "../journal/testing/index.ts";
import { phoneForms } from "./chart/phone-forms.ts";
import { findPatients } from "./index.ts";

const TODAY = "2026-11-21";
const PERSONNUMMER = "http://electronichealth.se/identifier/personnummer";
const journal = await journalOfTest({ after });

async function person(id: string, name: { family: string; given: string[] }, more: JsonObject = {}): Promise<void> {
  await journal.put(patient(id, { name: [name], ...more }));
}
const number = (value: string): JsonObject => ({ identifier: [{ system: PERSONNUMMER, value }] });
const phone = (value: string): JsonObject => ({ telecom: [{ system: "phone", value }] });

await person(
  "tolvan",
  { family: "Tolvansson", given: ["Tolvan", "Erik"] },
  { ...number("191212121212"), birthDate: "1912-12-12" },
);
await person(
  "anna",
  { family: "von Åkerström", given: ["Anna-Karin", "Maria"] },
  { birthDate: "1985-02-03", ...phone("070-174 06 05") },
);
await person(
  "annika",
  { family: "Andersson", given: ["Annika"] },
  { birthDate: "1985-03-09", ...phone("+46701740606") },
);
await person("anders", { family: "Öberg", given: ["Anders"] }, { birthDate: "2012-12-12", ...phone("08-465 004 05") });

async function find(question: string, limit = 20): Promise<string[]> {
  const { value } = await findPatients(journal.person(), question, TODAY, limit);
  return value.items.map((text) => (JSON.parse(text) as { id: string }).id).toSorted();
}

test("CLIN-FIND-1 parts of names in any order", async () => {
  for (const question of [
    "anna åker",
    "åker anna",
    "MARIA ANNA",
    "  Åkerström,  Maria ",
    "akerström maria",
    "von anna",
  ])
    assert.deepEqual(await find(question), ["anna"], question);
  assert.deepEqual(await find("an"), ["anders", "anna", "annika"]);
  assert.deepEqual(await find("an and"), ["anders", "annika"]);
  assert.deepEqual(await find("anna öberg"), []);
  assert.deepEqual(await find("ström"), []);
});

test("CLIN-FIND-2 identity numbers in their forms", async () => {
  for (const question of [
    "191212121212",
    "19121212-1212",
    " 19121212 1212 ",
    "121212-1212",
    "1212121212",
    "121212+1212",
  ])
    assert.deepEqual(await find(question), ["tolvan"], question);
  for (const question of ["19121212-1213", "201212121212"]) assert.deepEqual(await find(question), [], question);
  // Without a sign ten digits are two people, a hundred years apart.
  await person("child", { family: "Ung", given: ["Bo"] }, number("201212121212"));
  assert.deepEqual(await find("1212121212"), ["child", "tolvan"]);
  assert.deepEqual(await find("121212+1212"), ["tolvan"]);
  assert.deepEqual(await find("20121212-1212"), ["child"]);
});

test("CLIN-FIND-3 birth dates", async () => {
  for (const question of ["1985-02-03", "19850203", "850203", "anna 850203", "1985-02-03 åker", "an 1985-02-03"])
    assert.deepEqual(await find(question), ["anna"], question);
  assert.deepEqual(await find("121212"), ["anders", "tolvan"]);
  assert.deepEqual(await find("1985"), ["anna", "annika"]);
  assert.deepEqual(await find("anni 1985"), ["annika"]);
  for (const question of ["1985-02-30", "20261399", "850230", "2099-01-01"])
    assert.deepEqual(await find(question), [], question);
});

test("CLIN-FIND-4 telephone numbers", async () => {
  for (const question of [
    "070-174 06 05",
    "0701740605",
    "070 174 06 05",
    "+46701740605",
    "+46 (0)70-174 06 05",
    "0046701740605",
    "070-1740605",
  ])
    assert.deepEqual(await find(question), ["anna"], question);
  for (const question of ["0701740606", "+46 70 174 06 06"])
    assert.deepEqual(await find(question), ["annika"], question);
  for (const question of ["08-465 004 05", "0846500405", "+46846500405"])
    assert.deepEqual(await find(question), ["anders"], question);
  assert.deepEqual(await find("0701740699"), []);
});

test("CLIN-FIND-5 questions that ask nothing, and odd ones", async () => {
  for (const question of ["", "   ", "--", ",,,", "%", "\\", "🫀"]) {
    const visit = journal.person();
    assert.deepEqual((await findPatients(visit, question, TODAY, 20)).value, { items: [], more: false });
    assert.deepEqual(await journal.log(visit.request), []);
  }
  for (const question of [
    "a,b",
    "a|b",
    "a\\",
    "$a",
    "x".repeat(1000),
    Array.from({ length: 60 }, () => "an").join(" "),
    "name:exact=x",
    "'; DROP TABLE patient; --",
    "\u0000a",
    "_id",
  ])
    await find(question);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (question) => void (await find(question))),
    { seed: 11, numRuns: 80 },
  );
});

test("CLIN-FIND-6 as many as asked for, and whether there are more", async () => {
  const ask = async (question: string, limit: number): Promise<[number, boolean]> => {
    const { value } = await findPatients(journal.person(), question, TODAY, limit);
    return [value.items.length, value.more];
  };
  assert.deepEqual(await ask("an", 2), [2, true]);
  assert.deepEqual(await ask("an", 3), [3, false]);
  assert.deepEqual(await ask("1212121212", 1), [1, true]);
});

test("CLIN-PHONE-1 the forms of a number", () => {
  const forms = phoneForms("0701740605");
  for (const form of ["0701740605", "070-174 06 05", "070-1740605", "+46701740605", "+46 70 174 06 05"])
    assert.ok(forms.includes(form), form);
  assert.deepEqual(phoneForms("+45 12 34 56 78"), ["+45 12 34 56 78", "+4512345678"]);
  for (const none of [
    "",
    "12345",
    "1985-02-03",
    "19850203",
    "anna",
    "0",
    "00000000",
    "191212121212",
    "070-174 06 05 ankn 3",
  ])
    assert.deepEqual(phoneForms(none), [], none);
  for (const form of forms) assert.ok(phoneForms(form).includes("0701740605"), form);
});
