/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation, Patient, Quantity } from "fhir/r4";
import { readWritten } from "../wire/written-json.ts";
import { besideOf, identityOf, sayConcept, sayName, sayReferenceTo } from "./concepts.ts";
import { isProtected, patientFacts, sameNames } from "./patients.ts";
import { sayDose, sayNumber, sayQuantity, sayReference, sayStrength } from "./quantities.ts";
import { sourceOf } from "./sources.ts";

const read = <T>(text: string): T => readWritten(text) as T;

test("WEB-NUM-3 a quantity keeps its digits, has a decimal comma and does not part from its unit", () => {
  assert.equal(sayQuantity(read<Quantity>(`{"value":6.0,"unit":"mmol/L"}`)), "6,0\u00a0mmol/L");
  assert.equal(sayQuantity(read<Quantity>(`{"value":0.30,"comparator":"<","unit":"mg/L"}`)), "<\u00a00,30\u00a0mg/L");
  assert.equal(sayQuantity(read<Quantity>(`{"value":4.20,"code":"10*9/L"}`)), "4,20\u00a010⁹/L");
  assert.equal(sayQuantity(read<Quantity>(`{"unit":"mg"}`)), undefined);
  assert.equal(sayNumber("-2.5"), "−2,5");
  assert.equal(sayReference(read(`{"low":{"value":3.50},"high":{"value":4.4}}`)), "3,50–4,4");
  assert.equal(sayReference(read(`{"high":{"value":5}}`)), "≤\u00a05");
  assert.equal(sayReference(read(`{"text":"negativ"}`)), "negativ");
});

test("WEB-MED-2 a dose has no trailing zero and never the sign for micro", () => {
  assert.equal(sayDose(read<Quantity>(`{"value":5.0,"unit":"mg"}`)), "5\u00a0mg");
  assert.equal(sayDose(read<Quantity>(`{"value":0.50,"unit":"mg"}`)), "0,5\u00a0mg");
  assert.equal(sayDose(read<Quantity>(`{"value":500,"unit":"mg"}`)), "500\u00a0mg");
  for (const micro of ["ug", "µg", "μg", "mcg"]) assert.equal(sayDose({ value: 25, unit: micro }), "25\u00a0mikrogram");
  assert.equal(
    sayStrength(read(`{"numerator":{"value":50.0,"unit":"mg"},"denominator":{"value":1,"unit":"ml"}}`)),
    "50\u00a0mg/ml",
  );
  assert.equal(
    sayStrength(read(`{"numerator":{"value":500,"unit":"mg"},"denominator":{"value":1,"unit":"tablett"}}`)),
    "500\u00a0mg",
  );
});

test("WEB-SAY-1 a concept is said by its text, else a display, else its code, and nothing becomes nothing", () => {
  const coding = [
    { system: "a", code: "1" },
    { system: "b", code: "2", display: "Två" },
  ];
  assert.equal(sayConcept({ text: "Egen", coding }), "Egen");
  assert.equal(sayConcept({ text: " ", coding }), "Två");
  assert.equal(sayConcept({ coding: [...coding, { code: "3", display: "Vald", userSelected: true }] }), "Vald");
  assert.equal(sayConcept({ coding: [{ code: "1" }] }), "1");
  assert.equal(sayConcept({}), undefined);
  const beside = besideOf([{ resourceType: "Organization", id: "x", name: "Medicinkliniken" } as never]);
  assert.equal(sayReferenceTo({ reference: "Organization/x" }, beside), "Medicinkliniken");
  assert.equal(sayReferenceTo({ reference: "Organization/y" }, beside), undefined);
});

test("WEB-SAY-2 the name in use is shown, family first", () => {
  assert.equal(
    sayName([
      { use: "old", family: "Ek" },
      { use: "official", family: "Ljung", given: ["Maria", "Birgitta"] },
    ]),
    "Ljung, Maria Birgitta",
  );
  assert.equal(sayName([{ text: "Okänd man" }]), "Okänd man");
  assert.equal(sayName([]), undefined);
});

test("WEB-SAY-3 the identity number is read by its series; one that its series would not have is shown as it stands", () => {
  const personnummer = { system: "http://electronichealth.se/identifier/personnummer", value: "191212121212" };
  const regional = { system: "urn:oid:1.2.752.113.11.0.2.1.1.1", value: "19810829M071" };
  assert.deepEqual(identityOf([regional, personnummer]), {
    kind: "personnummer",
    text: "19121212-1212",
    label: undefined,
  });
  assert.deepEqual(identityOf([regional]), { kind: "reservnummer", text: "19810829-M071", label: undefined });
  assert.equal(identityOf([{ ...personnummer, value: "191212121213" }])?.text, "191212121213");
  assert.equal(identityOf([{ ...personnummer, value: "191212121213" }])?.kind, "personnummer");
  assert.deepEqual(identityOf([{ value: "A-17", type: { text: "Journalnummer" } }]), {
    kind: "other",
    text: "A-17",
    label: "Journalnummer",
  });
  assert.equal(identityOf([]), undefined);
});

test("WEB-BANNER-1 the banner's facts: age stops at death, protection is seen, and unknown stays unknown", () => {
  const patient: Patient = {
    resourceType: "Patient",
    id: "p",
    birthDate: "1930-05-26",
    deceasedDateTime: "2026-11-09T04:00:00+01:00",
    gender: "female",
  };
  const facts = patientFacts(patient, "2027-12-01");
  assert.deepEqual([facts.isDeceased, facts.died, facts.age?.count], [true, "2026-11-09", 96]);
  const nobody = patientFacts({ resourceType: "Patient", id: "q" }, "2026-11-21");
  assert.deepEqual(
    [nobody.name, nobody.identity, nobody.born, nobody.age, nobody.gender, nobody.isDeceased],
    [undefined, undefined, undefined, undefined, undefined, false],
  );
  for (const code of ["sekretessmarkering", "skyddadFolkbokforing", "R"])
    assert.equal(isProtected({ resourceType: "Patient", meta: { security: [{ code }] } }), true, code);
  assert.equal(isProtected({ resourceType: "Patient", meta: { security: [{ code: "DEMO" }] } }), false);
});

test("WEB-FIND-4 hits with the same name are told apart by a mark", () => {
  const named = (id: string, family: string, given: string): Patient => ({
    resourceType: "Patient",
    id,
    name: [{ family, given: [given] }],
  });
  const facts = [named("1", "Ek", "Anna"), named("2", "EK", "anna"), named("3", "Ek", "Bo")].map((one) =>
    patientFacts(one, "2026-11-21"),
  );
  assert.deepEqual([...sameNames(facts)], ["1", "2"]);
});

test("WEB-SOURCE-1 the unit is the one the resource names, else its owner, its author's or its contact's; never a guess", () => {
  const role = {
    resourceType: "PractitionerRole",
    id: "r",
    organization: { display: "Kirurgkliniken" },
    code: [{ text: "Läkare" }],
  };
  const contact = {
    resourceType: "Encounter",
    id: "e",
    serviceProvider: { reference: "Organization/o", display: "Akutmottagningen" },
  };
  const beside = besideOf([role, contact] as never[], { "Observation/owned": "Medicinkliniken" });
  const observation = (more: object, id = "x"): Observation => ({
    resourceType: "Observation",
    id,
    status: "final",
    code: {},
    ...more,
  });
  const performer = [{ reference: "PractitionerRole/r", display: "Eva Ek, Överläkare, kirurgi" }];
  assert.equal(
    sourceOf(
      observation({ performer: [...performer, { reference: "Organization/lab", display: "Klinisk kemi" }] }, "owned"),
      beside,
    ).unit,
    "Klinisk kemi",
  );
  assert.equal(sourceOf(observation({ performer }, "owned"), beside).unit, "Medicinkliniken");
  assert.deepEqual(sourceOf(observation({ performer }), beside), {
    unit: "Kirurgkliniken",
    author: "Eva Ek, Överläkare, kirurgi",
    profession: "Läkare",
  });
  assert.equal(sourceOf(observation({ encounter: { reference: "Encounter/e" } }), beside).unit, "Akutmottagningen");
  assert.deepEqual(sourceOf(observation({}), beside), { unit: undefined, author: undefined, profession: undefined });
});

test("WEB-SOURCE-2 a request's receiver is not its author, and a title tells the profession", () => {
  const request = {
    resourceType: "ServiceRequest",
    status: "active",
    intent: "order",
    subject: {},
    requester: { reference: "PractitionerRole/a", display: "Ann Wik, Distriktssköterska" },
    performer: [{ reference: "Organization/lab", display: "Klinisk kemi" }],
  } as const;
  const source = sourceOf({ ...request, performer: [...request.performer] }, besideOf());
  assert.deepEqual(source, { unit: undefined, author: "Ann Wik, Distriktssköterska", profession: "sjuksköterska" });
});
