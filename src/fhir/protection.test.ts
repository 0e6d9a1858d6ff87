/** Rules FHIR-PROTECTION of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isProtectionLabel, mayBeProtected, protectionLabels, writeJson, type JsonObject } from "./index.ts";

const SE = "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel";
const CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const PROTECTING: readonly JsonObject[] = [
  { system: SE, code: "sekretessmarkering" },
  { system: SE, code: "skyddadFolkbokforing" },
  { system: SE, code: "something new" },
  { system: SE },
  { code: "sekretessmarkering" },
  { system: "urn:other", code: "skyddadFolkbokforing" },
  { system: CONFIDENTIALITY, code: "R" },
  { system: CONFIDENTIALITY, code: "V" },
];
const OTHERS: readonly JsonObject[] = [
  { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "DEMO" },
  { system: CONFIDENTIALITY, code: "N" },
  { system: "urn:other", code: "R" },
  { display: "sekretessmarkering" },
  {},
];

test("FHIR-PROTECTION-1 labels that protect a person, and others", () => {
  for (const label of PROTECTING) assert.equal(isProtectionLabel(label), true, JSON.stringify(label));
  for (const label of OTHERS) assert.equal(isProtectionLabel(label), false, JSON.stringify(label));
  for (const label of ["sekretessmarkering", null, 1, []]) assert.equal(isProtectionLabel(label), false);
  const meta = { security: [...OTHERS, ...PROTECTING] };
  assert.deepEqual(protectionLabels({ resourceType: "Patient", meta }), PROTECTING);
  for (const one of [{}, { meta: {} }, { meta: { security: "R" } }, { meta: null }])
    assert.deepEqual(protectionLabels(one), []);
});

test("FHIR-PROTECTION-2 a text with such a label is always looked into; ordinary ones are not", () => {
  for (const label of PROTECTING)
    assert.equal(mayBeProtected(writeJson({ resourceType: "Patient", meta: { security: [label] } })), true);
  const ordinary = { resourceType: "Patient", meta: { security: [OTHERS[0] ?? {}] }, name: [{ family: "Skyddare" }] };
  assert.equal(mayBeProtected(writeJson(ordinary)), false);
});
