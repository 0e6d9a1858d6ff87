/**
 * An ordination read back: the medication line in Swedish, and the line as it would be typed. Both are made from what was understood, so
 * that whoever signs reads what will be done and not what was meant. Pure.
 *
 * SPEC CLIN-MED-1, CLIN-MED-2 · ux.md section 8 (medication line) · NHS CUI Medication Line
 */
import { inUnit, sayAmount, sayNumber, sayUnit, tidy, type Amount } from "./amount.ts";
import type { Product, Route } from "./knowledge/model.ts";
import type { Ordination, Timing } from "./ordination.ts";

export const ROUTE_WORDS: Readonly<Record<Route, string>> = {
  oral: "oralt",
  intravenous: "intravenöst",
  subcutaneous: "subkutant",
  intramuscular: "intramuskulärt",
  rectal: "rektalt",
  inhaled: "inhalation",
  sublingual: "under tungan",
  cutaneous: "på huden",
};
const PART_WORDS = ["på morgonen", "mitt på dagen", "på kvällen", "till natten"] as const;

/** The attributes of a line in their order; the screen puts dashes between them and breaks only there. */
export type Line = {
  readonly substance: string;
  /** Form and strength. */
  readonly product: string;
  /** The dose as an amount, and as pieces of the product. */
  readonly dose: string;
  readonly route: string;
  readonly when: string;
  readonly length: string | null;
  readonly reason: string | null;
};

export function lineOf(one: Ordination): Line {
  return {
    substance: one.product.name,
    product: productWords(one.product),
    dose: doseWords(one),
    route: ROUTE_WORDS[one.route],
    when: whenWords(one),
    length: one.timing.kind === "once" ? null : one.days === null ? "tills vidare" : daysWords(one.days),
    reason: one.reason,
  };
}

/** The whole line as text. */
export function sayLine(line: Line): string {
  const { substance, product, dose, route, when, length, reason } = line;
  return [substance, product, dose, route, when, length, reason === null ? null : `mot ${reason}`].filter((part) => part !== null).join(" — "); // prettier-ignore
}

/** "tablett 500 mg". */
export function productWords({ form, strength, one }: Product): string {
  const isCounted = strength.value === 1 && one[0] === "enhet";
  return isCounted ? form : `${form} ${sayAmount(strength)}`;
}

function doseWords({ dose, product }: Ordination): string {
  const pieces = piecesOf(dose, product);
  const isSame = pieces === null || (product.strength.value === 1 && product.one[0] === "enhet");
  return isSame ? sayAmount(dose) : `${sayAmount(dose)} (${piecesWords(pieces, product)})`;
}

/** How many pieces of the product a dose is; null when it is not a number of halves. */
export function piecesOf(dose: Amount, { strength }: Product): number | null {
  const same = inUnit(dose, strength.unit);
  if (same === undefined) return null;
  const count = tidy(same.value / strength.value);
  return Number.isInteger(count * 2) ? count : null;
}

function piecesWords(count: number, { one }: Product): string {
  return `${sayNumber(count)} ${count === 1 ? one[0] : one[1]}`;
}

function whenWords({ timing, asNeeded }: Ordination): string {
  const often = timingWords(timing);
  if (asNeeded === null) return often;
  const { most } = asNeeded;
  const limit = most === null ? "" : `, högst ${typeof most === "number" ? `${sayNumber(most)} ${most === 1 ? "gång" : "gånger"}` : sayAmount(most)} per dygn`; // prettier-ignore
  return `${often === "" ? "" : `${often} `}vid behov${limit}`;
}

function timingWords(timing: Timing): string {
  switch (timing.kind) {
    case "need":
      return "";
    case "once":
      return "en gång";
    case "clock":
      return `kl ${timing.at.map((one) => one.replace(":", ".")).join(", ")}`;
    case "parts": {
      const said = timing.counts.flatMap((count, at) => (count === 0 ? [] : [`${count === 1 ? "" : `${count} doser `}${PART_WORDS[at] ?? ""}`])); // prettier-ignore
      return said.length < 2 ? said.join("") : `${said.slice(0, -1).join(", ")} och ${said.at(-1) ?? ""}`;
    }
    case "often":
      return oftenWords(timing);
  }
}

const EVERY_WORDS = { h: "timme", d: "dag", wk: "vecka" } as const;

function oftenWords({ times, every, unit }: Extract<Timing, { kind: "often" }>): string {
  const count = times === 1 ? "1 gång" : `${times} gånger`;
  if (every === 1 && unit === "d") return `${count} dagligen`;
  if (every === 1 && unit === "wk") return times === 1 ? "en gång i veckan" : `${count} i veckan`;
  if (every === 1) return "varje timme";
  return every === 2 ? `varannan ${EVERY_WORDS[unit]}` : `var ${every}:e ${EVERY_WORDS[unit]}`;
}

function daysWords(days: number): string {
  return days === 1 ? "i 1 dag" : `i ${days} dagar`;
}

/** The line by which the same ordination is typed. */
export function typedOf(one: Ordination): string {
  const { product, dose, timing, asNeeded, days, reason, route } = one;
  const amount = (given: Amount): string => `${sayNumber(given.value)} ${sayUnit(given.unit)}`;
  const words = [product.name, amount(dose), timingTyped(timing), ROUTE_TYPED[route]];
  if (asNeeded !== null) words.push("vb");
  if (asNeeded !== null && asNeeded.most !== null) words.push(`max ${typeof asNeeded.most === "number" ? asNeeded.most : amount(asNeeded.most)}`); // prettier-ignore
  if (days !== null) words.push(`i ${days} d`);
  if (reason !== null) words.push(`mot ${reason}`);
  return words.filter((word) => word !== "").join(" ");
}

const ROUTE_TYPED: Readonly<Record<Route, string>> = { oral: "po", intravenous: "iv", subcutaneous: "sc", intramuscular: "im", rectal: "rekt", inhaled: "inh", sublingual: "", cutaneous: "" }; // prettier-ignore

function timingTyped(timing: Timing): string {
  switch (timing.kind) {
    case "need":
      return "";
    case "once":
      return "engång";
    case "clock":
      return timing.at.join(" ");
    case "parts":
      return timing.counts.join("+");
    case "often":
      if (timing.every === 1 && timing.unit === "d") return String(timing.times);
      if (timing.every === 1 && timing.unit === "wk") return `${timing.times}/v`;
      return `var ${timing.every} ${timing.unit === "wk" ? "v" : timing.unit}`;
  }
}
