/**
 * What a MedicationRequest orders, as the checks ask: which drug, how much at a time, a day and a week. However it came (the screen, plain
 * FHIR, a message) it is read the same way, and what cannot be read is told as unknown. Pure.
 *
 * SPEC CLIN-MED-4 · https://hl7.org/fhir/R4/dosage.html · https://hl7.org/fhir/R4/datatypes.html#Timing
 */
import { isNumber, listOf, numberOf, objectOf, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { codesIn, nameIn, textIn } from "../said.ts";
import { numberIn, tidy, unitOf, type Amount } from "./amount.ts";
import type { Route } from "./knowledge/index.ts";
import { routeOf } from "./to-fhir.ts";

/** One dosage as it counts. */
export type DoseFact = {
  /** The most at one time; null when it cannot be read. */
  readonly single: Amount | null;
  /** For each kilogram of the patient. */
  readonly isPerKg: boolean;
  /** How many times in one day and in one week at most; null when that is not said. */
  readonly day: number | null;
  readonly week: number | null;
  /** The most in a day, when that was said. */
  readonly mostADay: Amount | null;
  readonly route: Route | null;
  readonly sequence: number;
  readonly isAtNeed: boolean;
  /** The last day, when there is one. */
  readonly end: string | null;
};

export type OrderFact = {
  /** ATC codes of the drug; none when it has none. */
  readonly atc: readonly string[];
  readonly name: string | null;
  readonly doses: readonly DoseFact[];
  /** On a ward, or at home. */
  readonly isInpatient: boolean;
};

const ATC_SYSTEMS: ReadonlySet<string> = new Set(["http://www.whocc.no/atc", "urn:oid:1.2.752.129.2.2.3.1.1", "urn:oid:2.16.840.1.113883.6.73"]); // prettier-ignore

/** `drug` is the Medication that the request names, when it is one of its own or was found. */
export function orderOf(request: JsonObject, drug?: JsonObject): OrderFact {
  const contained = containedDrug(request) ?? drug;
  const concept = request["medicationCodeableConcept"] ?? contained?.["code"];
  const strength = strengthIn(contained) ?? strengthSaid(nameIn(concept));
  return {
    atc: atcIn(concept),
    name: nameIn(concept) ?? textIn(objectOf(request["medicationReference"])["display"]) ?? null,
    doses: listOf(request["dosageInstruction"]).map((one) => doseOf(objectOf(one), strength)),
    isInpatient: codesIn(request["category"]).includes("inpatient"),
  };
}

/** The codes that a concept has for a drug or a group of drugs. */
export function atcIn(concept: JsonValue | undefined): readonly string[] {
  const codings = listOf(objectOf(concept)["coding"]).map(objectOf);
  return codings.flatMap(({ system, code }) => (ATC_SYSTEMS.has(textIn(system) ?? "") ? (textIn(code)?.toUpperCase() ?? []) : [])); // prettier-ignore
}

function containedDrug(request: JsonObject): JsonObject | undefined {
  const reference = textIn(objectOf(request["medicationReference"])["reference"]);
  if (reference?.startsWith("#") !== true) return undefined;
  return listOf(request["contained"]).map(objectOf).find(({ id }) => id === reference.slice(1)); // prettier-ignore
}

/** What one piece of a product holds, when it holds one substance. */
function strengthIn(drug: JsonObject | undefined): Amount | null {
  const ingredients = listOf(drug?.["ingredient"]).map(objectOf);
  const [one] = ingredients;
  if (one === undefined || ingredients.length > 1) return null;
  return amountIn(objectOf(objectOf(one["strength"])["numerator"]));
}

const STRENGTH = /(\d+(?:[  ]?\d{3})*(?:[.,]\d+)?)[  ]?(g|mg|mikrogram|µg|μg|ie|e|mmol)(?!\p{L})(\/?)/giu;

/** A name that says one strength says what a piece of it holds; with several nobody knows. */
function strengthSaid(name: string | undefined): Amount | null {
  const found = [...(name ?? "").matchAll(STRENGTH)];
  const [first] = found;
  if (first === undefined || found.length > 1 || first[3] === "/") return null;
  const [value, unit] = [numberIn((first[1] ?? "").replaceAll(/[  ]/g, "")), unitOf(first[2] ?? "")];
  return value === undefined || unit === undefined ? null : { value, unit };
}

function doseOf(dosage: JsonObject, strength: Amount | null): DoseFact {
  const biggest = biggestIn(dosage, strength);
  const single = biggest?.amount ?? null;
  const timing = timesIn(objectOf(dosage["timing"]));
  const most = mostIn(objectOf(dosage["maxDosePerPeriod"]), strength);
  const isAtNeed = dosage["asNeededBoolean"] === true || dosage["asNeededCodeableConcept"] !== undefined;
  const day = timing?.day ?? (isAtNeed ? dosesWithin(most, single) : null);
  const bounds = objectOf(objectOf(objectOf(dosage["timing"])["repeat"])["boundsPeriod"]);
  return {
    single,
    isPerKg: biggest?.isPerKg === true,
    day,
    week: timing?.week ?? (day === null ? null : day * 7),
    mostADay: most,
    route: routeIn(dosage["route"]),
    sequence: isNumber(dosage["sequence"]) ? numberOf(dosage["sequence"]) : 0,
    isAtNeed,
    end: textIn(bounds["end"])?.slice(0, 10) ?? null,
  };
}

/** The most at one time; nothing when any of what is given cannot be read, or they measure different things. */
function biggestIn(dosage: JsonObject, strength: Amount | null): ReadQuantity | null {
  const rates = listOf(dosage["doseAndRate"]).map(objectOf);
  const quantities = rates.flatMap((one) => [objectOf(one["doseQuantity"]), objectOf(objectOf(one["doseRange"])["high"])]).filter((one) => one["value"] !== undefined); // prettier-ignore
  const read = quantities.flatMap((one) => readQuantity(one, strength) ?? []);
  const biggest = read.toSorted((a, b) => b.amount.value - a.amount.value)[0];
  const isWhole = read.length === quantities.length && read.every(({ amount }) => amount.unit === biggest?.amount.unit); // prettier-ignore
  return isWhole ? (biggest ?? null) : null;
}

/** How many doses the most in a day allows. */
function dosesWithin(most: Amount | null, single: Amount | null): number | null {
  if (most === null || single === null || most.unit !== single.unit) return null;
  return Math.max(1, Math.floor(most.value / single.value + 1e-9));
}

type ReadQuantity = { readonly amount: Amount; readonly isPerKg: boolean };

/** Tablets are as much as the product's name says; what says nothing, or something else than an amount, is unknown. */
function readQuantity(quantity: JsonObject, strength: Amount | null): ReadQuantity | null {
  const code = textIn(quantity["code"]) ?? textIn(quantity["unit"]) ?? "";
  const bare = code.replace(/\/kg$/, "");
  const amount = amountIn({ ...quantity, code: bare });
  if (amount !== null && amount.unit !== "mL") return { amount, isPerKg: bare !== code };
  const count = isNumber(quantity["value"]) ? numberOf(quantity["value"]) : 0;
  const isPiece = /^(?:1|\{.*\}|st|styck|tabl?(?:ett|etter)?|kaps(?:el|lar)?|TAB|CAP|dos|doser)$/i.test(code);
  if (!isPiece || strength === null || count <= 0) return null;
  return { amount: { value: tidy(count * strength.value), unit: strength.unit }, isPerKg: false };
}

export function amountIn(quantity: JsonObject): Amount | null {
  const { value } = quantity;
  const unit = unitOf(textIn(quantity["code"]) ?? textIn(quantity["unit"]) ?? "");
  const isPositive = isNumber(value) && numberOf(value) > 0;
  return unit === undefined || !isPositive ? null : { value: numberOf(value), unit };
}

function mostIn(ratio: JsonObject, strength: Amount | null): Amount | null {
  const [top, bottom] = [objectOf(ratio["numerator"]), objectOf(ratio["denominator"])];
  const read = readQuantity(top, strength);
  const per = isNumber(bottom["value"]) ? numberOf(bottom["value"]) : 1;
  const hours = { h: 1, d: 24 }[textIn(bottom["code"]) ?? "d"];
  if (read === null || hours === undefined || per <= 0) return null;
  return { value: tidy((read.amount.value * 24) / (per * hours)), unit: read.amount.unit };
}

function routeIn(concept: JsonValue | undefined): Route | null {
  const codes = listOf(objectOf(concept)["coding"]).map((one) => textIn(objectOf(one)["code"]) ?? "");
  return codes.map(routeOf).find((one) => one !== undefined) ?? null;
}

const HOURS: Readonly<Record<string, number>> = { s: 1 / 3600, min: 1 / 60, h: 1, d: 24, wk: 168, mo: 720, a: 8760 };
const CODED: Readonly<Record<string, number>> = { QD: 1, AM: 1, PM: 1, BED: 1, QOD: 1, BID: 2, TID: 3, QID: 4, Q1H: 24, Q2H: 12, Q3H: 8, Q4H: 6, Q6H: 4, Q8H: 3, WK: 1, MO: 1 }; // prettier-ignore

type Times = { readonly day: number; readonly week: number };

/** How many times in a day and in a week at most. */
export function timesIn(timing: JsonObject): Times | null {
  return repeatedIn(objectOf(timing["repeat"])) ?? codedIn(timing["code"]) ?? eventsIn(listOf(timing["event"]));
}

function repeatedIn(repeat: JsonObject): Times | null {
  const number = (name: string): number | undefined => {
    const value = repeat[name];
    return isNumber(value) ? numberOf(value) : undefined;
  };
  const clocks = Math.max(listOf(repeat["timeOfDay"]).length, listOf(repeat["when"]).length);
  const days = listOf(repeat["dayOfWeek"]).length;
  const span = (number("period") ?? 0) * (HOURS[textIn(repeat["periodUnit"]) ?? ""] ?? 0);
  if (span > 0) {
    const each = Math.max(number("frequencyMax") ?? 0, number("frequency") ?? 1, clocks, 1);
    const day = Math.max(1, Math.ceil((each * 24) / span - 1e-9), clocks);
    return { day, week: days > 0 ? day * days : Math.max(1, Math.ceil((each * 168) / span - 1e-9)) };
  }
  if (number("count") === 1) return { day: 1, week: 1 };
  return clocks > 0 ? { day: clocks, week: clocks * (days > 0 ? days : 7) } : null;
}

const FEW_A_WEEK: Readonly<Record<string, number>> = { WK: 1, MO: 1, QOD: 4 };

function codedIn(concept: JsonValue | undefined): Times | null {
  const coded = codesIn(concept).find((one) => Object.hasOwn(CODED, one));
  if (coded === undefined) return null;
  const day = CODED[coded] ?? 1;
  return { day, week: FEW_A_WEEK[coded] ?? day * 7 };
}

function eventsIn(events: readonly JsonValue[]): Times | null {
  const days = events.map((one) => (textIn(one) ?? "").slice(0, 10));
  if (days.length === 0) return null;
  return { day: Math.max(...days.map((day) => days.filter((one) => one === day).length)), week: days.length };
}
