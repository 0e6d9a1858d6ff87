/**
 * Numbers, quantities and reference ranges in words: decimal comma, digits exactly as written, the unit after a hard space.
 * Doses follow the medication line instead: no trailing zero, and microgram written out because "µg" is read as "mg".
 *
 * SPEC WEB-NUM · https://hl7.org/fhir/R4/datatypes.html#Quantity
 */
import type { ObservationReferenceRange, Quantity, Range, Ratio } from "fhir/r4";
import { asWritten } from "../wire/written-json.ts";

const HARD_SPACE = "\u00a0";
const COMPARATORS: Readonly<Record<string, string>> = { "<": "<", "<=": "≤", ">": ">", ">=": "≥" };
/** UCUM codes whose own text is unfit for a screen; the rest are shown as they are. */
const UNITS: Readonly<Record<string, string>> = {
  "1": "",
  Cel: "°C",
  "mm[Hg]": "mmHg",
  "/min": "/min",
  "{beats}/min": "/min",
  "10*9/L": "10⁹/L",
  "10*12/L": "10¹²/L",
  "10*6/L": "10⁶/L",
  "10*-3": "10⁻³",
  "kg/m2": "kg/m²",
  "mL/min/{1.73_m2}": "ml/min/1,73 m²",
  "mmol/L": "mmol/L",
  "umol/L": "µmol/L",
  "ug/L": "µg/L",
  "u[IU]/mL": "mIE/L",
  "{score}": "poäng",
  h: "tim",
  d: "d",
};
const MICROGRAM = new Set(["ug", "µg", "μg", "mcg", "mikrog", "microgram"]);

/** A JSON number text with a decimal comma and a real minus: "6.0" is "6,0". */
export function sayNumber(text: string): string {
  return text.replace(".", ",").replace(/^-/, "−");
}

/** Comparator, number as written and unit: "< 0,30 mmol/L". Undefined when there is no number. */
export function sayQuantity(quantity: Quantity | undefined): string | undefined {
  const number = quantity && sayQuantityNumber(quantity);
  return number === undefined ? undefined : joined(number, unitOf(quantity));
}

/** The same without its unit, for columns that say the unit once. */
export function sayQuantityNumber(quantity: Quantity): string | undefined {
  const text = asWritten(quantity, "value");
  if (text === undefined) return undefined;
  const comparator = quantity.comparator
    ? `${COMPARATORS[quantity.comparator] ?? quantity.comparator}${HARD_SPACE}`
    : "";
  return `${comparator}${sayNumber(text)}`;
}

/** The unit as people write it; undefined when none was recorded. */
export function unitOf(quantity: Quantity | undefined): string | undefined {
  const raw = quantity?.unit ?? quantity?.code;
  return raw === undefined ? undefined : (UNITS[raw] ?? raw);
}

/** A dose: no trailing zero (5.0 mg is read as 50 mg), microgram written out. */
export function sayDose(quantity: Quantity | undefined): string | undefined {
  const text = quantity && asWritten(quantity, "value");
  if (text === undefined) return undefined;
  const unit = quantity?.unit ?? quantity?.code;
  return joined(sayNumber(withoutTrailingZeros(text)), unit && MICROGRAM.has(unit) ? "mikrogram" : unitOf(quantity));
}

/** "1–2 tabletter", "upp till 2 tabletter", "minst 1 tablett". */
export function sayDoseRange(range: Range): string | undefined {
  const [low, high] = [sayDose(range.low), sayDose(range.high)];
  if (low && high) return `${low.split(HARD_SPACE)[0]}–${high}`;
  return high ? `upp till ${high}` : low && `minst ${low}`;
}

/** A strength: "500 mg", "50 mg/ml". A denominator of one is only its unit. */
export function sayStrength(ratio: Ratio | undefined): string | undefined {
  const amount = sayDose(ratio?.numerator);
  if (!amount) return undefined;
  const per = ratio?.denominator;
  const unit = unitOf(per);
  if (!per || !unit || /^(tablett|kapsel|st|each|\{.*\})/i.test(unit)) return amount;
  const count = asWritten(per, "value");
  return count === undefined || count === "1" ? `${amount}/${unit}` : `${amount}/${sayDose(per)}`;
}

/** A reference interval without unit: "117–153", "< 5", or its own text. */
export function sayReference(range: ObservationReferenceRange | undefined): string | undefined {
  if (!range) return undefined;
  const [low, high] = [range.low && sayQuantityNumber(range.low), range.high && sayQuantityNumber(range.high)];
  if (low !== undefined && high !== undefined) return `${low}–${high}`;
  if (high !== undefined) return `≤${HARD_SPACE}${high}`;
  if (low !== undefined) return `≥${HARD_SPACE}${low}`;
  return range.text;
}

function withoutTrailingZeros(text: string): string {
  return /[eE]/.test(text) ? text : text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function joined(number: string, unit: string | undefined): string {
  return unit ? `${number}${HARD_SPACE}${unit}` : number;
}
