/** Rules of ../SPEC.md: openings over time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openingsOf, patientReach, type OpeningFacts, type PatientFacts } from "../index.ts";

const READER = { employee: "E1", careProvider: "P1", careUnit: "U1" };
const HOUR = 3_600_000;
const FROM = Date.parse("2026-11-22T08:00:00Z");
const STAFF = {
  ...READER,
  from: null,
  until: null,
  purpose: "Vård och behandling",
  isClinical: true,
  analysis: "a",
  term: null,
} as const;
const REST = { blocks: [], protection: { sekretessmarkering: false, skyddadFolkbokforing: false } };

const moment = fc.integer({ min: -8, max: 30 }).map((hour) => new Date(FROM + hour * HOUR).toISOString());
const span = fc.tuple(fc.integer({ min: -8, max: 20 }), fc.integer({ min: 0, max: 26 })).map(([hour, length]) => ({
  start: new Date(FROM + hour * HOUR).toISOString(),
  end: new Date(FROM + (hour + length) * HOUR).toISOString(),
}));
const standing = { registered: "2026-01-01", cancelled: null, deleted: null };
const employee = fc.constantFrom("E1", "E2", null);
const owner = fc.constantFrom({ careProvider: "P1", careUnit: "U1" }, { careProvider: "P1", careUnit: "U2" });
const source = fc.constantFrom(
  { careProvider: "P1", careUnit: "U2" },
  { careProvider: "P1", careUnit: "U3" },
  { careProvider: "P2", careUnit: null },
  { careProvider: "P2", careUnit: "U9" },
);

const facts: fc.Arbitrary<OpeningFacts> = fc.record({
  relations: fc.array(
    fc.tuple(owner, employee, span, fc.boolean()).map(([where, who, { start, end }, isOpen]) => ({
      ...standing,
      ...where,
      id: "r",
      employee: who,
      start,
      end: isOpen ? null : end,
    })),
    { maxLength: 2 },
  ),
  reasons: fc.array(
    fc
      .tuple(employee, span)
      .map(([who, time]) => ({ id: "s", employee: who ?? "E1", careUnit: "U1", reason: "x", ...time })),
    { maxLength: 2 },
  ),
  choices: fc.array(
    fc.tuple(source, employee, span).map(([where, who, { start, end }]) => ({
      ...where,
      id: "c",
      employee: who ?? "E1",
      chosen: start,
      expires: end,
    })),
    { maxLength: 3 },
  ),
  consents: fc.array(
    fc.tuple(owner, employee, span).map(([where, who, time]) => ({
      ...standing,
      ...where,
      ...time,
      id: "k",
      employee: who,
      type: "Consent" as const,
      representedBy: null,
    })),
    { maxLength: 2 },
  ),
  emergencies: fc.array(
    fc.tuple(employee, span).map(([who, time]) => ({ id: "e", employee: who ?? "E1", reason: "x", ...time })),
    { maxLength: 1 },
  ),
});

/** What is open at a moment, as texts, as the decision has it: with and without a contact of the unit. */
function decided(known: OpeningFacts, at: string, hasContact: boolean): string[] {
  const contact = {
    ...standing,
    id: "contact",
    careProvider: "P1",
    careUnit: "U1",
    employee: null,
    start: "2020-01-01",
    end: null,
  };
  const relations = hasContact ? [...known.relations, contact] : known.relations;
  const patient: PatientFacts = { ...known, ...REST, relations };
  return textsOf(patientReach(STAFF, patient, { at }).open);
}

function textsOf(open: readonly { readonly careProvider: string; readonly careUnit: string | null }[]): string[] {
  return [...new Set(open.map(({ careProvider, careUnit }) => `${careProvider} ${careUnit ?? "*"}`))].toSorted();
}

test("ACC-OPENING-1 at every moment from now on the openings are what the decision would open then", () => {
  fc.assert(
    fc.property(facts, moment, fc.boolean(), (known, at, hasContact) => {
      const time = Date.parse(at);
      fc.pre(time >= FROM);
      const stands = openingsOf(READER, known, { from: FROM }).filter(
        ({ since, until }) => since <= time && (until === null || time <= until),
      );
      const hasNeed = hasContact || stands.some(({ leans, careUnit }) => !leans && careUnit === "U1");
      const own = hasContact ? [{ careProvider: "P1", careUnit: "U1" }] : [];
      assert.deepEqual(
        textsOf([...own, ...stands.filter(({ leans }) => hasNeed || !leans)]),
        decided(known, at, hasContact),
      );
    }),
    { numRuns: 1500, seed: 20_261_122 },
  );
});
