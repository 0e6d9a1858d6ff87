/**
 * One observed value in words and as a number for the graph: exactly as written, with its unit, reference interval,
 * deviation and standing (preliminary, corrected). What is missing is said (dataAbsentReason), never left out.
 *
 * SPEC WEB-VALUE · https://hl7.org/fhir/R4/observation.html
 */
import type { CodeableConcept, Observation, ObservationComponent, ObservationReferenceRange } from "fhir/r4";
import { sayConcept } from "./concepts.ts";
import { sayMoment, sayPeriod } from "./dates.ts";
import { sayQuantityNumber, sayReference, sayStrength, unitOf } from "./quantities.ts";

export type Deviation = "critical-low" | "low" | "normal" | "high" | "critical-high" | "abnormal";
export type Standing = "preliminary" | "corrected" | "cancelled" | "mistaken" | "unclear" | "final";
export type Value = {
  readonly text: string | undefined;
  readonly number: number | undefined;
  readonly comparator: string | undefined;
  readonly unit: string | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly reference: string | undefined;
  readonly deviation: Deviation | undefined;
  /** Why there is no value, in words, when there is none. */
  readonly absent: string | undefined;
};

const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  LL: "critical-low",
  HH: "critical-high",
  AA: "abnormal",
  L: "low",
  LU: "critical-low",
  H: "high",
  HU: "critical-high",
  A: "abnormal",
  POS: "abnormal",
  N: "normal",
  NEG: "normal",
};
const STANDINGS: Readonly<Record<string, Standing>> = {
  registered: "preliminary",
  preliminary: "preliminary",
  final: "final",
  amended: "corrected",
  corrected: "corrected",
  appended: "corrected",
  cancelled: "cancelled",
  "entered-in-error": "mistaken",
  unknown: "unclear",
  partial: "preliminary",
};

/** The value of an observation or of one of its components. */
export function valueOf(observed: Observation | ObservationComponent): Value {
  const quantity = observed.valueQuantity;
  const range = normalRange(observed.referenceRange);
  const [low, high] = [range?.low?.value, range?.high?.value];
  return {
    text: sayValue(observed),
    number: quantity?.value ?? observed.valueInteger,
    comparator: quantity?.comparator,
    unit: unitOf(quantity),
    low,
    high,
    reference: sayReference(range),
    deviation:
      interpreted(observed.interpretation) ?? compared(quantity?.comparator ? undefined : quantity?.value, low, high),
    absent: sayConcept(observed.dataAbsentReason),
  };
}

/** How far the laboratory stands by a result, from its status. */
export function standingOf(status: string | undefined): Standing {
  return STANDINGS[status ?? ""] ?? "unclear";
}

export function isCritical(deviation: Deviation | undefined): boolean {
  return deviation === "critical-high" || deviation === "critical-low";
}

const GRAVITY: readonly Deviation[] = ["critical-high", "critical-low", "high", "low", "abnormal", "normal"];

/** The gravest of several deviations. */
export function gravestOf(deviations: readonly (Deviation | undefined)[]): Deviation | undefined {
  return GRAVITY.find((one) => deviations.includes(one));
}

function sayValue(observed: Observation | ObservationComponent): string | undefined {
  if (observed.valueQuantity) return sayQuantityNumber(observed.valueQuantity);
  if (observed.valueString !== undefined) return observed.valueString;
  if (observed.valueCodeableConcept) return sayConcept(observed.valueCodeableConcept);
  if (observed.valueBoolean !== undefined) return observed.valueBoolean ? "ja" : "nej";
  if (observed.valueInteger !== undefined) return String(observed.valueInteger);
  if (observed.valueRatio) return sayStrength(observed.valueRatio);
  if (observed.valueRange) return sayReference(observed.valueRange);
  if (observed.valueDateTime) return sayMoment(observed.valueDateTime);
  return observed.valueTime ?? sayPeriod(observed.valuePeriod);
}

/** The range that applies: the one without a type or typed normal. Others (therapeutic, pre-pregnancy) are not for marking. */
function normalRange(ranges: readonly ObservationReferenceRange[] | undefined): ObservationReferenceRange | undefined {
  const usable = (ranges ?? []).filter(
    (one) => !one.type || (one.type.coding ?? []).some((coding) => coding.code === "normal"),
  );
  return usable.length === 1 ? usable[0] : undefined;
}

/** The sender's own interpretation goes first: it knew age, sex and method. The gravest one counts. */
function interpreted(concepts: readonly CodeableConcept[] | undefined): Deviation | undefined {
  const codes = (concepts ?? []).flatMap((concept) => (concept.coding ?? []).map((coding) => coding.code ?? ""));
  return Object.keys(DEVIATIONS)
    .map((code) => (codes.includes(code) ? DEVIATIONS[code] : undefined))
    .find(Boolean);
}

function compared(value: number | undefined, low: number | undefined, high: number | undefined): Deviation | undefined {
  if (value === undefined || (low === undefined && high === undefined)) return undefined;
  if (low !== undefined && value < low) return "low";
  return high !== undefined && value > high ? "high" : "normal";
}
