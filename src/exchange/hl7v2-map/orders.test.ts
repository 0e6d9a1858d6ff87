import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isError, validateResource, writeJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { parseMessage } from "../hl7v2/codec/index.ts";
import { messageOf } from "./outgoing.ts";
import { orderRead, orderSegments, type OrderOut } from "./orders.ts";
import { patientFrom, pidOf } from "./patient.ts";
import { groupsOf, textAt } from "./segments.ts";
import { LAB, NUMBER, OTHER_NUMBER, RADIOLOGY } from "./testing/index.ts";
import type { Partner } from "./partner.ts";
import { PERSONNUMMER_SYSTEM } from "../../base/index.ts";

const NOW = new Date("2026-11-22T14:00:00Z");
const UNIT = { hsaId: "SE2321000131-E000000000011", name: "Medicinkliniken & Åsö|vård" };
const word = fc
  .string({ unit: fc.constantFrom(...Array.from("abcåäöÅÄÖé 019|^~\\&<>\"'µ§\n")), minLength: 1, maxLength: 25 })
  .filter((text) => text.trim() !== "" && text !== '""');
const line = word.map((text) => text.replaceAll("\n", " ")).filter((text) => text.trim() !== "");
const moment = fc.constantFrom("2026-07-01T10:15:00+02:00", "2026-11-22T15:00:00+01:00");
const concept = fc
  .record({ system: fc.constantFrom("urn:oid:1.2.752.108.1", "urn:eira:demo:analys"), code: line, display: line })
  .map((coding): JsonObject => ({ coding: [coding], text: coding.display }));

const order: fc.Arbitrary<JsonObject> = fc.record({
  resourceType: fc.constant("ServiceRequest"),
  category: fc
    .constantFrom("108252007", "363679005")
    .map((code) => [{ coding: [{ system: "http://snomed.info/sct", code }] }]),
  priority: fc.constantFrom("routine", "urgent", "asap", "stat"),
  code: concept,
  occurrenceDateTime: moment,
  authoredOn: moment,
  reasonCode: fc.array(
    word.map((text) => ({ text })),
    { minLength: 1, maxLength: 2 },
  ),
  note: fc.array(
    word.map((text) => ({ text })),
    { minLength: 1, maxLength: 2 },
  ),
  patientInstruction: word,
});

const specimen: fc.Arbitrary<JsonObject> = fc.record({
  resourceType: fc.constant("Specimen"),
  accessionIdentifier: fc.record({ system: fc.constantFrom("urn:eira:demo:provnummer", "urn:oid:1.2.3"), value: line }),
  type: concept,
  collection: fc.record({ collectedDateTime: moment }),
});

const patient: fc.Arbitrary<JsonObject> = fc.record({
  resourceType: fc.constant("Patient"),
  identifier: fc
    .constantFrom([NUMBER], [NUMBER, OTHER_NUMBER])
    .map((some) => some.map((value) => ({ system: PERSONNUMMER_SYSTEM, value }))),
  name: fc.array(
    fc.record({
      use: fc.constantFrom("official", "nickname", "maiden"),
      family: line,
      given: fc.array(line, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  gender: fc.constantFrom("male", "female", "other", "unknown"),
  birthDate: fc.constantFrom("1989-01-01", "1989-01", "1989"),
  address: fc.array(
    fc.record({
      use: fc.constantFrom("home", "work", "temp"),
      line: fc.array(line, { minLength: 1, maxLength: 2 }),
      city: line,
      postalCode: line,
    }),
    { minLength: 1, maxLength: 2 },
  ),
  telecom: fc.array(
    fc.record({ system: fc.constant("phone"), value: line, use: fc.constantFrom("home", "work", "mobile") }),
    { minLength: 1, maxLength: 2 },
  ),
});

/** In any order of members. */
function plain(value: JsonValue): unknown {
  return JSON.parse(writeJson(value));
}

function outOf(given: JsonObject, specimens: readonly JsonObject[], more: Partial<OrderOut> = {}): OrderOut {
  const patient_ = {
    resourceType: "Patient",
    id: "anna",
    identifier: [{ system: PERSONNUMMER_SYSTEM, value: NUMBER }],
  };
  return { action: "new", order: { ...given, id: "order1" }, patient: patient_, specimens, unit: UNIT, ...more };
}

function sent(out: OrderOut, partner: Partner): ReturnType<typeof parseMessage> {
  const outgoing = { partner, control: "77", now: NOW };
  return parseMessage(messageOf(orderSegments(out, outgoing), outgoing).bytes());
}

test("EXCH-MAP-ORDER-1 an order goes as OML^O21 or ORM^O01 in ISO 8859-1 and comes back the same, with its specimens", () => {
  fc.assert(
    fc.property(order, fc.array(specimen, { maxLength: 2 }), fc.boolean(), (given, specimens, isLab) => {
      const partner = { ...(isLab ? LAB : RADIOLOGY), charset: "iso-8859-1" } as const;
      const message = sent(outOf(given, specimens), partner);
      const [group, ...others] = groupsOf(message).groups;
      assert.ok(group !== undefined && others.length === 0);
      const read = orderRead(group);
      assert.deepEqual(plain(read.order), plain(given));
      assert.deepEqual(plain([...read.specimens]), plain([...specimens]));
      assert.deepEqual([read.control, read.placer], ["NW", { own: "order1" }]);
    }),
    { numRuns: 150 },
  );
});

test("EXCH-MAP-ORDER-2 a change and a cancellation name the same order, with the number that each end gave it", () => {
  const given: JsonObject = {
    resourceType: "ServiceRequest",
    identifier: [
      { type: { coding: [{ code: "PLAC" }] }, system: "urn:oid:1.2.3", value: "B-1" },
      { type: { coding: [{ code: "FILL" }] }, system: "urn:eira:hl7v2:utgivare:LABSYS", value: "F-1" },
    ],
    code: { text: "P-Kalium" },
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }],
  };
  for (const [action, control] of [
    ["change", "XO"],
    ["cancel", "CA"],
  ] as const) {
    const message = sent(outOf(given, [], { action }), LAB);
    const [orc] = message.all("ORC");
    assert.deepEqual(
      [textAt(orc, "1"), textAt(orc, "2.1"), textAt(orc, "2.3"), textAt(orc, "3.1"), textAt(orc, "3.2")],
      [control, "B-1", "1.2.3", "F-1", "LABSYS"],
    );
    assert.equal(textAt(orc, "21.10"), UNIT.hsaId);
  }
});

test("EXCH-MAP-PATIENT-1 a patient goes as PID and comes back the same, and the numbers of all kinds are kept", () => {
  fc.assert(
    fc.property(patient, (given) => {
      const outgoing = { partner: { ...LAB, charset: "iso-8859-1" } as const, control: "1", now: NOW };
      const message = messageOf([["MSH", {}], pidOf({ ...given, id: "anna" })], outgoing);
      const [, pid] = parseMessage(message.bytes()).segments;
      assert.ok(pid !== undefined);
      const back = patientFrom(pid, undefined);
      assert.deepEqual(plain(back), plain(given));
      assert.deepEqual(validateResource(back).filter(isError), []);
    }),
    { numRuns: 150 },
  );
});

test("EXCH-MAP-PATIENT-2 what is not mentioned stays, HL7's null takes away, a number is only added", () => {
  const before: JsonObject = {
    resourceType: "Patient",
    id: "anna",
    identifier: [{ system: PERSONNUMMER_SYSTEM, value: NUMBER, use: "official" }],
    name: [{ family: "Ek", given: ["Anna"] }],
    address: [{ line: ["Gatan 1"] }],
    gender: "female",
    generalPractitioner: [{ reference: "Organization/vc" }],
  };
  const outgoing = { partner: LAB, control: "1", now: NOW };
  const oid = { parts: [undefined, "1.2.752.129.2.1.3.1", "ISO"] };
  const message = messageOf(
    [
      ["MSH", {}],
      ["PID", { 3: [OTHER_NUMBER, undefined, undefined, oid], 11: null, 8: "M", 30: "Y" }],
    ],
    outgoing,
  );
  const [, pid] = parseMessage(message.bytes()).segments;
  assert.ok(pid !== undefined);
  assert.deepEqual(patientFrom(pid, before), {
    resourceType: "Patient",
    id: "anna",
    identifier: [...(before["identifier"] as JsonObject[]), { system: PERSONNUMMER_SYSTEM, value: OTHER_NUMBER }],
    name: before["name"],
    gender: "male",
    generalPractitioner: before["generalPractitioner"],
    deceasedBoolean: true,
  });
});
