/**
 * An ordination as FHIR: Timing and Dosage with UCUM quantities, and the MedicationRequest with all that the regulation asks for. Pure.
 *
 * SPEC CLIN-MED-3 · HSLF-FS 2017:37 6 kap. · https://hl7.org/fhir/R4/dosage.html · https://hl7.org/fhir/R4/medicationrequest.html
 */
import type { JsonObject, JsonValue } from "../../fhir/index.ts";
import { sayUnit, times, type Amount } from "./amount.ts";
import type { Product, Route } from "./knowledge/index.ts";
import { PARTS, type Ordination, type Timing } from "./ordination.ts";
import { lineOf, productWords } from "./words.ts";

export const ATC = "http://www.whocc.no/atc";
export const UCUM = "http://unitsofmeasure.org";
const SNOMED = "http://snomed.info/sct";
export const PRODUCT = "urn:eira:lakemedel:produkt";

const ROUTES: Readonly<Record<Route, readonly [code: string, text: string]>> = {
  oral: ["26643006", "oralt"],
  inhaled: ["447694001", "inhalation"],
  subcutaneous: ["34206005", "subkutant"],
  intravenous: ["47625008", "intravenöst"],
  intramuscular: ["78421000", "intramuskulärt"],
  cutaneous: ["6064005", "på huden"],
  sublingual: ["37839007", "under tungan"],
  rectal: ["37161004", "rektalt"],
};

/** The route that a code means; nothing when it is none of ours. */
export function routeOf(code: string): Route | undefined {
  return (Object.keys(ROUTES) as Route[]).find((one) => ROUTES[one][0] === code);
}

export type Ordained = {
  readonly patient: string;
  readonly requester: JsonObject;
  /** The moment of the ordination, and the day from which it counts. */
  readonly at: string;
  readonly start: string;
  readonly category: "inpatient" | "community";
  /** The ordination that it renews or changes. */
  readonly prior: string | null;
};

/** The request. What was overridden is put into it by `override.ts`. */
export function requestOf(one: Ordination, how: Ordained): JsonObject {
  const course = one.days === null && one.timing.kind !== "once" ? "continuous" : "acute";
  return {
    resourceType: "MedicationRequest",
    status: "active",
    intent: "order",
    category: [hl7("medicationrequest-category", how.category)],
    medicationCodeableConcept: drugConcept(one.product),
    subject: { reference: `Patient/${how.patient}` },
    authoredOn: how.at,
    requester: how.requester,
    ...(one.reason === null ? {} : { reasonCode: [{ text: capital(one.reason) }] }),
    courseOfTherapyType: hl7("medicationrequest-course-of-therapy", course),
    dosageInstruction: dosagesOf(one, how.start),
    ...(how.prior === null ? {} : { priorPrescription: { reference: `MedicationRequest/${how.prior}` } }),
  };
}

/** Substance by ATC, and the product with form and strength. */
export function drugConcept(product: Product): JsonObject {
  const coding = [
    { system: ATC, code: product.atc, display: product.name },
    { system: PRODUCT, code: product.id, display: `${product.name} ${productWords(product)}` },
  ];
  return { coding, text: `${product.name} ${productWords(product)}` };
}

/** A dosage for each size of dose: `2+1+0+0` is two. */
export function dosagesOf(one: Ordination, start: string): readonly JsonObject[] {
  const { timing } = one;
  if (timing.kind !== "parts") return [dosageOf(one, { start, timing: repeatOf(timing), count: 1 })];
  const sizes = [...new Set(timing.counts.filter((count) => count > 0))];
  return sizes.map((count) => {
    const when = PARTS.filter((_, at) => timing.counts[at] === count);
    const timingOfSize = { frequency: when.length, period: 1, periodUnit: "d", when: [...when] };
    return dosageOf(one, { start, timing: timingOfSize, count });
  });
}

type Part = { readonly start: string; readonly timing: JsonObject | null; readonly count: number };

function dosageOf(one: Ordination, { start, timing, count }: Part): JsonObject {
  const { asNeeded, route, dose } = one;
  const repeat = { ...boundsOf(one, start), ...timing };
  return {
    ...(count === 1 && !isUneven(one.timing) ? { text: textOf(one) } : {}),
    timing: one.timing.kind === "once" ? { repeat: { boundsPeriod: { start, end: start }, count: 1 } } : { repeat },
    ...(asNeeded === null ? {} : { asNeededBoolean: true }),
    route: { coding: [{ system: SNOMED, code: ROUTES[route][0], display: ROUTES[route][1] }], text: ROUTES[route][1] },
    doseAndRate: [{ type: hl7("dose-rate-type", "ordered"), doseQuantity: quantityOf(times(dose, count)) }],
    ...mostOf(one),
  };
}

function isUneven(timing: Timing): boolean {
  return timing.kind === "parts" && new Set(timing.counts.filter((count) => count > 0)).size > 1;
}

/** The instruction in words, as the line says it from the dose on. */
function textOf(one: Ordination): string {
  const { dose, when, length } = lineOf(one);
  return [dose, when, length === "tills vidare" ? null : length].filter((part) => part !== null).join(" ").replaceAll("\u00a0", " "); // prettier-ignore
}

function boundsOf({ days, timing }: Ordination, start: string): JsonObject {
  if (days === null || timing.kind === "once") return { boundsPeriod: { start } };
  return { boundsPeriod: { start, end: dayAfter(start, days - 1) } };
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function repeatOf(timing: Timing): JsonObject | null {
  if (timing.kind === "often") return { frequency: timing.times, period: timing.every, periodUnit: timing.unit };
  if (timing.kind === "clock") return { frequency: timing.at.length, period: 1, periodUnit: "d", timeOfDay: timing.at.map((one) => `${one}:00`) }; // prettier-ignore
  return null;
}

function mostOf({ asNeeded, dose }: Ordination): JsonObject {
  const most = asNeeded?.most ?? null;
  if (most === null) return {};
  const numerator = quantityOf(typeof most === "number" ? times(dose, most) : most);
  return { maxDosePerPeriod: { numerator, denominator: { value: 1, unit: "dygn", system: UCUM, code: "d" } } };
}

export function quantityOf({ value, unit }: Amount): JsonObject {
  return { value, unit: sayUnit(unit), system: UCUM, code: unit };
}

function hl7(name: string, code: string): JsonObject {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${name}`, code } satisfies Record<string, JsonValue>] }; // prettier-ignore
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase("sv") + text.slice(1);
}
