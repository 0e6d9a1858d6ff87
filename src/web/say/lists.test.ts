/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  AllergyIntolerance,
  Composition,
  Condition,
  Dosage,
  MedicationRequest,
  MedicationStatement,
  Timing,
} from "fhir/r4";
import { allergyState, isSevere, sayReactions } from "./allergies.ts";
import { besideOf } from "./concepts.ts";
import { isNoMedication, medicationGroup, medicationLine, sayDosage } from "./medication.ts";
import { noteOf, signingOf } from "./notes.ts";
import { codeOfProblem, isNoProblem, isOver, problemTime } from "./problems.ts";
import { sayTiming } from "./timing.ts";

const nothing = besideOf();
const coded = (code: string): { coding: { code: string }[] } => ({ coding: [{ code }] });
const allergy = (text: string, more: Partial<AllergyIntolerance> = {}): AllergyIntolerance => ({
  resourceType: "AllergyIntolerance",
  patient: {},
  code: { text },
  ...more,
});
const noneKnown = allergy("Ingen känd överkänslighet", {
  code: { text: "Ingen känd överkänslighet", ...coded("716186003") },
});

test("WEB-ALLERGY-1 nothing recorded, none known, only past and some are four different answers", () => {
  assert.deepEqual(allergyState([], false), { state: "unknown" });
  assert.deepEqual(allergyState([noneKnown], false), { state: "none-known", statements: [noneKnown] });
  assert.deepEqual(allergyState([allergy("Nickel", { clinicalStatus: coded("resolved") })], false), {
    state: "past-only",
    count: 1,
  });
  assert.equal(allergyState([allergy("Nickel")], false).state, "some");
  assert.equal(allergyState([allergy("Frågan ej ställd", { code: coded("no-allergy-info") })], false).state, "unknown");
});

test("WEB-ALLERGY-2 an allergy outweighs a statement of none, and more to fetch is never none", () => {
  assert.equal(allergyState([noneKnown, allergy("Penicillin")], false).state, "some");
  assert.equal(allergyState([noneKnown], true).state, "some");
  assert.equal(allergyState([], true).state, "some");
  assert.equal(allergyState([{ ...noneKnown, clinicalStatus: coded("inactive") }], false).state, "unknown");
});

test("WEB-ALLERGY-3 a missing status keeps the allergy in force; a mistake is no allergy; a refuted one is past", () => {
  const state = allergyState([allergy("Jod", { clinicalStatus: undefined })], false);
  assert.equal(state.state === "some" && state.active.length, 1);
  assert.equal(
    allergyState([allergy("Jod", { verificationStatus: coded("entered-in-error") })], false).state,
    "unknown",
  );
  assert.equal(allergyState([allergy("Jod", { verificationStatus: coded("refuted") })], false).state, "past-only");
});

test("WEB-ALLERGY-4 the grave ones come first, by risk or by a severe reaction", () => {
  const severe = allergy("Ägg", {
    reaction: [{ severity: "severe", manifestation: [{ text: "Anafylaxi" }, { text: "Urtikaria" }] }],
  });
  const state = allergyState([allergy("Björk"), allergy("Penicillin", { criticality: "high" }), severe], false);
  assert.deepEqual(state.state === "some" && state.active.map((one) => one.code?.text), ["Penicillin", "Ägg", "Björk"]);
  assert.equal(isSevere(severe), true);
  assert.equal(sayReactions(severe), "Anafylaxi, Urtikaria");
});

const prescription = (more: Partial<MedicationRequest>): MedicationRequest => ({
  resourceType: "MedicationRequest",
  status: "active",
  intent: "order",
  subject: {},
  ...more,
});

test("WEB-MED-1 the line has the substance, and of the product only what it adds", () => {
  const atc = { system: "http://www.whocc.no/atc", code: "C08CA01", display: "Amlodipin" };
  const line = medicationLine(
    prescription({ medicationCodeableConcept: { coding: [atc], text: "Amlodipin tablett 5 mg" } }),
    nothing,
  );
  assert.deepEqual([line.substance, line.brand], ["Amlodipin", "tablett 5 mg"]);
  const branded = medicationLine(
    prescription({ medicationCodeableConcept: { coding: [{ ...atc, display: "Paracetamol" }], text: "Alvedon" } }),
    nothing,
  );
  assert.deepEqual([branded.substance, branded.brand], ["Paracetamol", "Alvedon"]);
  const bare = medicationLine(
    prescription({ medicationCodeableConcept: { text: "Galantamine 4 MG Oral Tablet" } }),
    nothing,
  );
  assert.deepEqual([bare.substance, bare.brand, bare.dosages], ["Galantamine 4 MG Oral Tablet", undefined, []]);
});

test("WEB-MED-1 a contained product gives substance, strength and form; the reason is said in words", () => {
  const line = medicationLine(
    prescription({
      medicationReference: { reference: "#m" },
      contained: [
        {
          resourceType: "Medication",
          id: "m",
          code: { text: "Furix" },
          form: { text: "tablett" },
          ingredient: [
            {
              itemCodeableConcept: { text: "Furosemid" },
              strength: { numerator: { value: 40, unit: "mg" }, denominator: { value: 1, unit: "tablett" } },
            },
          ],
        },
      ],
      reasonReference: [{ reference: "Condition/c" }],
    }),
    besideOf([{ resourceType: "Condition", id: "c", code: { text: "Hjärtsvikt" } } as never]),
  );
  assert.deepEqual(
    [line.substance, line.brand, line.strength, line.form, line.indication],
    ["Furosemid", "Furix", "40\u00a0mg", "tablett", "Hjärtsvikt"],
  );
});

test("WEB-MED-3 the prescriber's own text is the whole instruction; the route is added only when it is not in it", () => {
  assert.equal(
    sayDosage({ text: "1 tablett på morgonen.", route: { text: "oralt" } }),
    "1 tablett på morgonen – oralt",
  );
  assert.equal(
    sayDosage({ text: "2 puffar för inhalation", route: { text: "inhalation" } }),
    "2 puffar för inhalation",
  );
  const built: Dosage = {
    doseAndRate: [{ doseQuantity: { value: 1, unit: "tablett" } }],
    route: { text: "oralt" },
    timing: { repeat: { frequency: 2, period: 1, periodUnit: "d" } },
    asNeededBoolean: true,
    maxDosePerPeriod: { numerator: { value: 4, unit: "g" }, denominator: { value: 1, unit: "d" } },
  };
  assert.equal(sayDosage(built), "1\u00a0tablett – oralt – 2 gånger dagligen – vid behov – högst 4\u00a0g per dygn");
  assert.equal(sayDosage({}), undefined);
  const two = medicationLine(
    prescription({
      dosageInstruction: [
        { sequence: 2, text: "sedan 1" },
        { sequence: 1, text: "först 2" },
      ],
    }),
    nothing,
  );
  assert.deepEqual(two.dosages, ["först 2", "sedan 1"]);
});

test("WEB-MED-4 timing in the words of a Swedish ordination", () => {
  const said = (repeat: Timing["repeat"]): string | undefined => sayTiming(repeat ? { repeat } : undefined);
  assert.equal(said({ frequency: 1, period: 1, periodUnit: "d" }), "1 gång dagligen");
  assert.equal(said({ frequency: 3, period: 1, periodUnit: "d" }), "3 gånger dagligen");
  assert.equal(said({ frequency: 1, frequencyMax: 2, period: 1, periodUnit: "d" }), "1–2 gånger dagligen");
  assert.equal(said({ frequency: 1, period: 8, periodUnit: "h" }), "var 8:e timme");
  assert.equal(said({ frequency: 1, period: 2, periodUnit: "wk" }), "var annan vecka");
  assert.equal(said({ frequency: 1, period: 1, periodUnit: "wk", dayOfWeek: ["mon"] }), "var vecka, på måndag");
  assert.equal(
    said({ period: 1, periodUnit: "d", when: ["MORN", "HS"] }),
    "1 gång dagligen, på morgonen och till natten",
  );
  assert.equal(said({ frequency: 2, period: 1, periodUnit: "wk" }), "2 gånger på 1 vecka");
  assert.equal(said({ timeOfDay: ["08:00:00", "20:00:00"] }), "kl 08.00, 20.00");
  assert.equal(
    said({ frequency: 1, period: 1, periodUnit: "d", boundsDuration: { value: 7, code: "d" } }),
    "1 gång dagligen, i 7 dagar",
  );
  assert.equal(sayTiming({ code: { text: "vid måltid" } }), "vid måltid");
  assert.equal(said(undefined), undefined);
});

test("WEB-MED-5 paused is still current, stopped is not, and a status that is not understood is unclear, never hidden", () => {
  const group = (status: string): string => medicationGroup(prescription({ status: status as "active" }));
  assert.deepEqual(
    ["active", "on-hold", "stopped", "completed", "cancelled", "entered-in-error", "draft", "unknown", "nonsense"].map(
      group,
    ),
    ["active", "active", "stopped", "stopped", "stopped", "stopped", "unclear", "unclear", "unclear"],
  );
  const none: MedicationStatement = {
    resourceType: "MedicationStatement",
    status: "active",
    subject: {},
    medicationCodeableConcept: coded("no-known-medications"),
  };
  assert.equal(isNoMedication(none), true);
});

test("WEB-PROBLEM-1 over only when someone said so; the ICD code goes first; no known problem is a statement", () => {
  const condition = (more: Partial<Condition>): Condition => ({ resourceType: "Condition", subject: {}, ...more });
  assert.equal(isOver(condition({})), false);
  for (const code of ["inactive", "remission", "resolved"])
    assert.equal(isOver(condition({ clinicalStatus: coded(code) })), true, code);
  assert.equal(isOver(condition({ verificationStatus: coded("refuted") })), true);
  assert.equal(
    codeOfProblem(
      condition({
        code: {
          coding: [
            { system: "http://snomed.info/sct", code: "38341003" },
            { system: "https://www.icd10.se/", code: "I10.9" },
          ],
        },
      }),
    ),
    "I10.9",
  );
  assert.equal(isNoProblem(condition({ code: coded("160245001") })), true);
  assert.equal(
    problemTime(condition({ onsetDateTime: "2019", abatementDateTime: "2020-03-01" })).text,
    "2019 – 2020-03-01",
  );
  assert.equal(problemTime(condition({})).text, undefined);
});

test("WEB-NOTE-1 signed means attested; what nobody attested is unsigned, and a mistake is said", () => {
  const note = (more: Partial<Composition>): Composition => ({
    resourceType: "Composition",
    status: "final",
    type: {},
    date: "2026-11-21",
    author: [],
    title: "Inskrivning",
    ...more,
  });
  const attester = [{ mode: "legal" as const, time: "2026-11-21T10:00:00+01:00" }];
  assert.equal(signingOf(note({ attester })), "signed");
  assert.equal(signingOf(note({})), "unsigned");
  assert.equal(signingOf(note({ attester: [{ mode: "personal", time: "2026-11-21" }] })), "unsigned");
  assert.equal(signingOf(note({ attester: [{ mode: "legal" }] })), "unsigned");
  assert.equal(signingOf(note({ status: "preliminary", attester })), "unsigned");
  assert.equal(signingOf(note({ status: "amended", attester })), "amended");
  assert.equal(signingOf(note({ status: "entered-in-error", attester })), "mistaken");
  assert.equal(
    signingOf({ resourceType: "DocumentReference", status: "current", docStatus: "preliminary", content: [] }),
    "unsigned",
  );
});

test("WEB-NOTE-2 a note is found by every word in it, also in its subsections", () => {
  const section = [
    {
      title: "Status",
      section: [{ title: "Buk", text: { status: "generated" as const, div: "<div><p>Mjuk och <b>oöm</b></p></div>" } }],
    },
  ];
  const { words } = noteOf(
    {
      resourceType: "Composition",
      status: "final",
      type: { text: "Besök" },
      date: "2026",
      author: [],
      title: "Kontroll",
      section,
    },
    nothing,
  );
  for (const word of ["kontroll", "besök", "buk", "mjuk och oöm"]) assert.ok(words.includes(word), word);
});
