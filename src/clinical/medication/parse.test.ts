/** Rules of ../SPEC.md: the one-line ordination, read back and as FHIR, over generated cases. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { validateResource, type JsonObject } from "../../fhir/index.ts";
import { inUnit, numberIn, sayAmount, sayNumber, tidy, times, UNITS, unitOf, type Unit } from "./amount.ts";
import { orderOf } from "./from-fhir.ts";
import { KNOWLEDGE, type Product } from "./knowledge/index.ts";
import { dosesADay, dosesAWeek, type Ordination, type Timing } from "./ordination.ts";
import { parseOrdination } from "./parse.ts";
import { requestOf } from "./to-fhir.ts";
import { lineOf, sayLine, typedOf } from "./words.ts";

const read = (line: string): Ordination => {
  const found = parseOrdination(line, KNOWLEDGE);
  assert.ok("ordination" in found, `${line}: ${JSON.stringify(found)}`);
  return found.ordination;
};
const said = (line: string): string => sayLine(lineOf(read(line))).replaceAll("\u00a0", " ");
const faults = (line: string): string => {
  const found = parseOrdination(line, KNOWLEDGE);
  assert.ok("faults" in found, line);
  return found.faults.map(({ kind, word }) => `${kind}:${word}`).join(" ");
};

test("CLIN-MED-1 a typed line is read as what it means, and read back as the Swedish medication line", () => {
  assert.equal(said("alv 1g 4"), "Paracetamol — tablett 1000 mg — 1 g (1 tablett) — oralt — 4 gånger dagligen — tills vidare"); // prettier-ignore
  assert.equal(said("Alvedon 500 mg 1+1+1+0 mot huvudvärk"), "Paracetamol — tablett 500 mg — 500 mg (1 tablett) — oralt — på morgonen, mitt på dagen och på kvällen — tills vidare — mot huvudvärk"); // prettier-ignore
  assert.equal(said("levax 75 µg 1"), "Levotyroxin — tablett 75 mikrogram — 75 mikrogram (1 tablett) — oralt — 1 gång dagligen — tills vidare"); // prettier-ignore
  assert.equal(said("kåv 1g x3 i 10 d"), "Fenoximetylpenicillin — tablett 1000 mg — 1 g (1 tablett) — oralt — 3 gånger dagligen — i 10 dagar"); // prettier-ignore
  assert.equal(said("oxinorm 5mg vb max 4".replace("oxinorm", "oxynorm")), "Oxikodon — kapsel 5 mg — 5 mg (1 kapsel) — oralt — vid behov, högst 4 gånger per dygn — tills vidare"); // prettier-ignore
  assert.equal(said("alvedon 1 g vb max 4 g"), "Paracetamol — tablett 1000 mg — 1 g (1 tablett) — oralt — vid behov, högst 4 g per dygn — tills vidare"); // prettier-ignore
  assert.equal(said("metotrexat 7,5mg 1/v"), "Metotrexat — tablett 2,5 mg — 7,5 mg (3 tabletter) — oralt — en gång i veckan — tills vidare"); // prettier-ignore
  assert.equal(said("lantus 14E 08"), "Insulin glargin — injektionspenna — 14 E — subkutant — kl 08.00 — tills vidare");
  assert.equal(said("morfin 5mg iv vb max 6"), "Morfin — injektionsvätska 5 mg — 5 mg (1 injektion) — intravenöst — vid behov, högst 6 gånger per dygn — tills vidare"); // prettier-ignore
  assert.equal(said("enalapril 2 tabl 08 20"), "Enalapril — tablett 5 mg — 10 mg (2 tabletter) — oralt — kl 08.00, 20.00 — tills vidare"); // prettier-ignore
  assert.equal(said("pred 5mg 2+1+0 i 2 v"), "Prednisolon — tablett 5 mg — 5 mg (1 tablett) — oralt — 2 doser på morgonen och mitt på dagen — i 14 dagar"); // prettier-ignore
  assert.equal(said("furix 40mg var 2 d"), "Furosemid — tablett 40 mg — 40 mg (1 tablett) — oralt — varannan dag — tills vidare"); // prettier-ignore
  assert.equal(said("digoxin 0,130 mg 1"), "Digoxin — tablett 0,13 mg — 0,13 mg (1 tablett) — oralt — 1 gång dagligen — tills vidare"); // prettier-ignore
});

test("CLIN-MED-1 what is not understood is told by its word, and nothing is guessed: no unit, no time, two doses, an unknown drug, a time that is none", () => {
  assert.equal(faults(""), "empty:");
  assert.equal(faults("alv"), "dose: when:");
  assert.equal(faults("alv 1g"), "when:");
  assert.equal(faults("alv 500 4"), "unit:500");
  assert.equal(faults("alv 1g 500mg 4"), "twice:500 mg");
  assert.equal(faults("alv 1g 4 3"), "twice:3");
  assert.equal(faults("xyzzy 1g 4"), "drug:xyzzy");
  assert.equal(faults("alv 1g 4 fort"), "word:fort");
  assert.equal(faults("alv 1g 24"), "unit:24");
  assert.equal(faults("alv 1,2,3g 4"), "unit:1,2,3g");
  assert.equal(faults("alv 1g 0+0+0"), "unit:0+0+0");
  assert.equal(faults("alv 0g 4"), "unit:0g");
  assert.equal(faults("alv 1g 4 i 9999 d"), "days:9999");
  assert.equal(faults("alv 1g 4 sc"), "strength:subcutaneous");
  assert.equal(faults("alv 10 mmol 4"), "strength:");
});

const amounts = fc.tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 4 })).map(([digits, power]) => Number(`${digits}e-${power}`)); // prettier-ignore
const timings: fc.Arbitrary<Timing> = fc.oneof(
  fc.record({ kind: fc.constant("often" as const), times: fc.integer({ min: 1, max: 9 }), every: fc.constant(1), unit: fc.constantFrom("d" as const, "wk" as const) }), // prettier-ignore
  fc.record({ kind: fc.constant("often" as const), times: fc.constant(1), every: fc.integer({ min: 2, max: 24 }), unit: fc.constantFrom("h" as const, "d" as const, "wk" as const) }), // prettier-ignore
  fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 6 }).map((minutes) => ({ kind: "clock" as const, at: minutes.toSorted((a, b) => a - b).map((one) => `${String(Math.floor(one / 60)).padStart(2, "0")}:${String(one % 60).padStart(2, "0")}`) })), // prettier-ignore
  fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 4 }))).filter((all) => all.some((one) => one > 0)).map((counts) => ({ kind: "parts" as const, counts: counts as [number, number, number, number] })), // prettier-ignore
  fc.constant({ kind: "once" as const }),
);
const products = fc.constantFrom<Product>(...KNOWLEDGE.set.products);
const ordinations: fc.Arbitrary<Ordination> = fc.record({
  product: products,
  value: amounts,
  timing: timings,
  asNeeded: fc.option(fc.record({ most: fc.option(fc.integer({ min: 1, max: 12 })) })),
  days: fc.option(fc.integer({ min: 1, max: 700 })),
  reason: fc.option(fc.constantFrom("smärta", "högt blodtryck", "feber över 38,5")),
}).map(({ value, product, ...rest }) => ({ ...rest, product, dose: { value, unit: product.strength.unit }, route: product.route })); // prettier-ignore

test("CLIN-MED-1 the line that is read back means the same when it is typed again: dose, times, length, reason and route", () => {
  fc.assert(
    fc.property(ordinations, (one) => {
      const again = read(typedOf(one));
      const { product: _one, ...meant } = one;
      const { product, ...got } = again;
      assert.deepEqual(got, JSON.parse(JSON.stringify(meant)));
      assert.equal(product.atc, KNOWLEDGE.productsNamed(one.product.name)[0]?.atc);
      assert.equal(typedOf(again), typedOf({ ...one, product }));
      assert.doesNotMatch(sayLine(lineOf(again)).replace(/kl [\d., ]+/, ""), /µ|\d\.\d|,\d*0\u00a0|NaN|undefined/);
    }),
    { numRuns: 1_000 },
  );
});

test("CLIN-MED-2 no change of unit changes a dose, whatever its size, and none makes an amount of something else", () => {
  const masses: readonly Unit[] = ["g", "mg", "ug", "ng"];
  fc.assert(
    fc.property(amounts, fc.constantFrom(...masses), fc.constantFrom(...masses), fc.constantFrom(...masses), (value, from, by, to) => {
      const first = inUnit({ value, unit: from }, by);
      assert.ok(first !== undefined);
      const direct = inUnit({ value, unit: from }, to);
      const round = inUnit(inUnit(first, to) ?? first, from);
      assert.deepEqual(inUnit(first, to), direct);
      assert.deepEqual(round, { value, unit: from });
      const power = (masses.indexOf(to) - masses.indexOf(from)) * 3;
      assert.ok(Math.abs((direct?.value ?? 0) / value / 10 ** power - 1) < 1e-12);
    }), // prettier-ignore
    { numRuns: 2_000 },
  );
  for (const unit of UNITS) {
    for (const other of UNITS) {
      const isMass = (one: Unit): boolean => masses.includes(one);
      assert.equal(inUnit({ value: 1, unit }, other) !== undefined, unit === other || (isMass(unit) && isMass(other)));
    }
    assert.equal(unitOf(sayAmount({ value: 2, unit }).split("\u00a0")[1] ?? ""), unit);
  }
});

test("CLIN-MED-2 what is written of a number is read as the same number, without trailing zero and with a decimal comma", () => {
  fc.assert(
    fc.property(amounts, (value) => {
      assert.equal(numberIn(sayNumber(value)), value);
      assert.doesNotMatch(sayNumber(value), /[.e]|,\d*0$|^,/);
    }),
    { numRuns: 2_000 },
  );
  assert.deepEqual(["1.", ".5", "1e3", "-1", "0", "", "1 0", "٣"].map(numberIn), Array.from({ length: 8 }));
  assert.deepEqual(times({ value: 0.1, unit: "mg" }, 3), { value: 0.3, unit: "mg" });
});

test("CLIN-MED-3, CLIN-MED-4 the request says what was meant: the dose, how often in a day and a week, and it is valid FHIR with drug, form, strength, route, reason, start and stop", () => {
  const how = { patient: "p", requester: { display: "Anna" }, at: "2026-11-22T10:00:00+01:00", start: "2026-11-22", category: "community", prior: null } as const; // prettier-ignore
  fc.assert(
    fc.property(ordinations, (one) => {
      const request = requestOf(one, how);
      const issues = validateResource(request).filter(({ severity }) => severity === "error");
      assert.deepEqual(issues, [], JSON.stringify(issues));
      const order = orderOf(request);
      assert.deepEqual(order.atc, [one.product.atc]);
      const sum = (name: "day" | "week"): number => tidy(order.doses.reduce((all, dose) => all + (dose[name] ?? 0) * (dose.single?.value ?? 0), 0)); // prettier-ignore
      assert.equal(
        sum("day"),
        times(one.dose, dosesADay(one) ?? 0).value,
        JSON.stringify(request["dosageInstruction"]),
      );
      assert.equal(
        sum("week"),
        times(one.dose, dosesAWeek(one) ?? 0).value,
        JSON.stringify(request["dosageInstruction"]),
      );
      const counts = one.timing.kind === "parts" ? one.timing.counts.filter((count) => count > 0) : [1];
      const biggest = order.doses.map(({ single }) => single?.value ?? 0);
      assert.equal(Math.max(...biggest), times(one.dose, Math.max(...counts)).value);
      assert.ok(order.doses.every(({ single, route }) => single?.unit === one.dose.unit && route === one.route));
    }),
    { numRuns: 1_000 },
  );
  const request = requestOf(read("kåv 1g 3 i 10 d mot halsfluss"), how) as JsonObject & { dosageInstruction: JsonObject[] }; // prettier-ignore
  assert.deepEqual(request["reasonCode"], [{ text: "Halsfluss" }]);
  assert.deepEqual(request.dosageInstruction[0]?.["timing"], { repeat: { boundsPeriod: { start: "2026-11-22", end: "2026-12-01" }, frequency: 3, period: 1, periodUnit: "d" } }); // prettier-ignore
});

test("CLIN-MED-4 a request from elsewhere is read as it counts: codes of timing, hours, ranges, tablets by the name's strength, milligrams a kilogram; what cannot be read is not known", () => {
  const doseOf = (dosage: JsonObject, name = "Alvedon tablett 500 mg"): string => {
    const [dose] = orderOf({ medicationCodeableConcept: { text: name }, dosageInstruction: [dosage] }).doses;
    return `${dose?.single?.value} ${dose?.single?.unit} ${dose?.day}/${dose?.week}${dose?.isPerKg ? " kg" : ""}`;
  };
  const quantity = (value: number, code: string): JsonObject => ({ doseAndRate: [{ doseQuantity: { value, code } }] });
  const repeat = (given: JsonObject): JsonObject => ({ timing: { repeat: given } });
  assert.equal(doseOf({ ...quantity(2, "{tablett}"), timing: { code: { coding: [{ code: "TID" }] } } }), "1000 mg 3/21"); // prettier-ignore
  assert.equal(doseOf({ ...quantity(1, "g"), ...repeat({ frequency: 1, period: 8, periodUnit: "h" }) }), "1 g 3/21");
  assert.equal(doseOf({ ...quantity(15, "mg/kg"), ...repeat({ frequency: 2, frequencyMax: 4, period: 1, periodUnit: "d" }) }), "15 mg 4/28 kg"); // prettier-ignore
  assert.equal(doseOf({ ...quantity(7.5, "mg"), ...repeat({ frequency: 1, period: 1, periodUnit: "wk" }) }), "7.5 mg 1/1"); // prettier-ignore
  assert.equal(doseOf({ ...quantity(7.5, "mg"), ...repeat({ frequency: 1, period: 1, periodUnit: "d", dayOfWeek: ["mon"] }) }), "7.5 mg 1/1"); // prettier-ignore
  assert.equal(doseOf({ doseAndRate: [{ doseRange: { low: { value: 1, code: "mg" }, high: { value: 3, code: "mg" } } }] }), "3 mg null/null"); // prettier-ignore
  assert.equal(doseOf(quantity(2, "{tablett}"), "Alvedon"), "undefined undefined null/null");
  assert.equal(doseOf(quantity(2, "{tablett}"), "Kombination 20 mg/10 mg"), "undefined undefined null/null");
  assert.equal(doseOf(quantity(5, "mL")), "undefined undefined null/null");
  assert.equal(doseOf({ text: "1 tablett vid behov" }), "undefined undefined null/null");
  assert.equal(doseOf({ ...quantity(1, "g"), asNeededBoolean: true, maxDosePerPeriod: { numerator: { value: 4, code: "g" }, denominator: { value: 1, code: "d" } } }), "1 g 4/28"); // prettier-ignore
});
