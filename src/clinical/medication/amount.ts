/**
 * Amounts of a drug as UCUM quantities, pure: what people type, what a Swedish ordination says, and the same amount in another unit. A
 * unit is changed by moving the decimal point of the written number, so that no conversion can change a dose by rounding.
 *
 * SPEC CLIN-MED-2 · F24 · https://ucum.org · ux.md section 8 (medication line)
 */
export const UNITS = ["g", "mg", "ug", "ng", "[iU]", "mmol", "mL"] as const;
export type Unit = (typeof UNITS)[number];
export type Amount = { readonly value: number; readonly unit: Unit };

/** Powers of ten of a gram; what is no mass is only itself. */
const MASS: Readonly<Partial<Record<Unit, number>>> = { g: 0, mg: -3, ug: -6, ng: -9 };

const TYPED: Readonly<Record<string, Unit>> = {
  g: "g",
  gram: "g",
  mg: "mg",
  milligram: "mg",
  mikrogram: "ug",
  mikrog: "ug",
  µg: "ug",
  μg: "ug",
  ug: "ug",
  mcg: "ug",
  nanogram: "ng",
  ng: "ng",
  e: "[iU]",
  ie: "[iU]",
  enh: "[iU]",
  enheter: "[iU]",
  "[iu]": "[iU]",
  iu: "[iU]",
  u: "[iU]",
  mmol: "mmol",
  ml: "mL",
};

/** The unit that a word or a UCUM code means; nothing when it is none of ours. */
export function unitOf(word: string): Unit | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(TYPED, key) ? TYPED[key] : undefined;
}

const SAID: Readonly<Record<Unit, string>> = {
  g: "g",
  mg: "mg",
  ug: "mikrogram",
  ng: "nanogram",
  "[iU]": "E",
  mmol: "mmol",
  mL: "ml",
};

/** The unit as the medication line writes it: mikrogram and E, never µg or IU. */
export function sayUnit(unit: Unit): string {
  return SAID[unit];
}

/** A number as Swedish ordinations write it: decimal comma, no trailing zero, a zero before the comma. */
export function sayNumber(value: number): string {
  return plain(value).replace(".", ",");
}

/** "500 mg", "0,5 mg", "75 mikrogram", with a hard space. */
export function sayAmount({ value, unit }: Amount): string {
  return `${sayNumber(value)}\u00a0${SAID[unit]}`;
}

/** The same amount in another unit; nothing when they measure different things. */
export function inUnit({ value, unit }: Amount, wanted: Unit): Amount | undefined {
  if (unit === wanted) return { value, unit };
  const [from, to] = [MASS[unit], MASS[wanted]];
  return from === undefined || to === undefined ? undefined : { value: shifted(value, from - to), unit: wanted };
}

/** A number of times an amount, without the noise of binary fractions. */
export function times({ value, unit }: Amount, count: number): Amount {
  return { value: tidy(value * count), unit };
}

/** Fifteen digits are exact in a double; the sixteenth is noise. */
export function tidy(value: number): number {
  return Number(value.toPrecision(14));
}

function shifted(value: number, power: number): number {
  const [digits = "0", exponent = "0"] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + power}`);
}

/** Without an exponent, however small. */
function plain(value: number): string {
  return String(value).includes("e") ? value.toFixed(12).replace(/0+$/, "").replace(/\.$/, "") : String(value);
}

/** A typed number, with decimal comma or point; nothing when it is none that a dose can be. */
export function numberIn(text: string): number | undefined {
  if (!/^\d{1,7}(?:[.,]\d{1,6})?$/.test(text)) return undefined;
  const value = Number(text.replace(",", "."));
  return value > 0 ? value : undefined;
}
