/**
 * One typed line as an ordination: `alv 1g 4`, `oxi 5 mg vb max 4`, `enalapril 5mg 1+0+0+0`, `kåv 1g 3 i 10 d mot halsfluss`. What is not
 * understood is told by its word and never guessed at: a dose without a unit is no dose. Pure.
 *
 * SPEC CLIN-MED-1 · ux.md section 10 (screen 6) · HSLF-FS 2017:37
 */
import { inUnit, numberIn, times, unitOf, type Amount } from "./amount.ts";
import type { Knowledge, Product, Route } from "./knowledge/index.ts";
import type { Ordination, Timing } from "./ordination.ts";

export type Fault = {
  readonly kind: "empty" | "drug" | "dose" | "unit" | "strength" | "when" | "twice" | "word" | "days";
  readonly word: string;
};
export type Parsed =
  | { readonly ordination: Ordination; readonly others: readonly Product[] }
  | { readonly faults: readonly Fault[]; readonly products: readonly Product[] };

const ROUTE: Readonly<Record<string, Route>> = {
  po: "oral",
  iv: "intravenous",
  sc: "subcutaneous",
  im: "intramuscular",
  rekt: "rectal",
  supp: "rectal",
  inh: "inhaled",
};
const COUNTS: ReadonlySet<string> = new Set(["st", "tabl", "tablett", "tabletter", "kaps", "kapsel", "kapslar", "dos", "doser"]); // prettier-ignore
const LONGEST = 300;
const MOST_DAYS = 730;

type Reading = {
  readonly words: string[];
  readonly faults: Fault[];
  dose?: { readonly amount: Amount } | { readonly count: number };
  timing?: Timing;
  need?: { most: number | Amount | null };
  days?: number;
  route?: Route;
};

/** Reads a line. */
export function parseOrdination(line: string, knowledge: Knowledge): Parsed {
  const { body, reason } = withoutReason(line.slice(0, LONGEST).trim());
  const { name, rest } = nameIn(body);
  const found = knowledge.productsNamed(name);
  const reading: Reading = { words: rest, faults: [] };
  while (reading.words.length > 0) readNext(reading);
  if (name === "") reading.faults.unshift({ kind: "empty", word: "" });
  else if (found.length === 0) reading.faults.unshift({ kind: "drug", word: name });
  if (reading.faults.length > 0 || reading.dose === undefined) return refused(reading, found);
  return settled(reading, { found, reason });
}

type Named = { readonly found: readonly Product[]; readonly reason: string | null };

function settled(reading: Reading, { found, reason }: Named): Parsed {
  const { dose, need, timing = need === undefined ? undefined : ({ kind: "need" } as const), route, days = null } = reading; // prettier-ignore
  const [first] = found;
  const candidates = found.filter((one) => one.atc === first?.atc && (route === undefined || one.route === route));
  if (dose === undefined || timing === undefined || candidates.length === 0)
    return refused(candidates.length === 0 ? { ...reading, faults: [{ kind: "strength", word: route ?? "" }] } : reading, found); // prettier-ignore
  const product = "amount" in dose ? productFor(dose.amount, candidates) : candidates[0];
  if (product === undefined) return refused({ ...reading, faults: [{ kind: "strength", word: "" }] }, found);
  const amount = "amount" in dose ? dose.amount : times(product.strength, dose.count);
  const ordination: Ordination = {
    product,
    dose: amount,
    timing,
    asNeeded: need ?? null,
    days,
    route: product.route,
    reason,
  };
  return { ordination, others: candidates.filter((one) => one !== product && one.route === product.route) };
}

function refused({ dose, timing, need, faults }: Reading, products: readonly Product[]): Parsed {
  const missing: Fault[] = [];
  if (faults.length === 0 && dose === undefined) missing.push({ kind: "dose", word: "" });
  if (faults.length === 0 && timing === undefined && need === undefined) missing.push({ kind: "when", word: "" });
  return { faults: [...faults, ...missing], products };
}

/** The strength that a dose is a whole number of, the fewest pieces first; halves pass. */
function productFor(dose: Amount, products: readonly Product[]): Product | undefined {
  const pieces = products.flatMap((one) => {
    const same = inUnit(dose, one.strength.unit);
    if (same === undefined) return [];
    const count = same.value / one.strength.value;
    const rounded = Math.round(count * 2) / 2;
    const isWhole = rounded >= 0.5 && Math.abs(count - rounded) < 1e-9;
    return [{ one, rank: (isWhole ? (Number.isInteger(rounded) ? 0 : 1_000) : 100_000) + Math.abs(count - 1) }];
  });
  return pieces.toSorted((a, b) => a.rank - b.rank)[0]?.one;
}

/** "mot halsfluss" ends a line; it is the reason in the writer's own words. */
function withoutReason(line: string): { readonly body: string; readonly reason: string | null } {
  const found = /\s(?:mot|för|pga)\s+(\S.*)$/iu.exec(line);
  if (found === null) return { body: line, reason: null };
  return { body: line.slice(0, found.index), reason: found[1]?.trim().replace(/\s+/g, " ") ?? null };
}

const BARE: ReadonlySet<string> = new Set([
  "vb",
  "i",
  "x",
  "max",
  "var",
  "varje",
  "engång",
  "kl",
  ...Object.keys(ROUTE),
]);

/** The words before the first that is a dose, a time or a keyword. */
function nameIn(body: string): { readonly name: string; readonly rest: string[] } {
  const words = body.split(/\s+/).filter(Boolean);
  const end = words.findIndex((word, at) => at > 0 && (/^\d/.test(word) || BARE.has(word.toLowerCase())));
  const count = end === -1 ? words.length : end;
  return { name: words.slice(0, count).join(" "), rest: words.slice(count) };
}

function readNext(reading: Reading): void {
  const word = reading.words.shift() ?? "";
  const small = word.toLowerCase();
  const took = doseOf(reading, small) || timingOf(reading, small) || keywordOf(reading, small);
  if (!took) reading.faults.push({ kind: /^\d/.test(word) ? "unit" : "word", word });
}

function doseOf(reading: Reading, word: string): boolean {
  const [, digits, own] = /^(\d[\d.,]*)([\p{L}[\]µμ]*)$/u.exec(word) ?? [];
  if (digits === undefined) return false;
  const value = numberIn(digits);
  const next = own === "" ? (reading.words[0] ?? "").toLowerCase() : (own ?? "");
  const unit = unitOf(next);
  if (value === undefined || (unit === undefined && !COUNTS.has(next))) return false;
  if (own === "") reading.words.shift();
  if (reading.dose === undefined) reading.dose = unit === undefined ? { count: value } : { amount: { value, unit } };
  else reading.faults.push({ kind: "twice", word: `${digits} ${next}` });
  return true;
}

function timingOf(reading: Reading, word: string): boolean {
  const parts = /^(\d+)\+(\d+)\+(\d+)(?:\+(\d+))?$/.exec(word);
  if (parts !== null) {
    const counts = parts.slice(1).map((one) => Number(one ?? 0)) as [number, number, number, number];
    if (counts.every((one) => one === 0) || counts.some((one) => one > 20)) return false;
    return timed(reading, word, { kind: "parts", counts: [counts[0], counts[1], counts[2], counts[3]] });
  }
  const weekly = /^(\d)\/v$/.exec(word);
  if (weekly !== null && Number(weekly[1]) > 0) return timed(reading, word, { kind: "often", times: Number(weekly[1]), every: 1, unit: "wk" }); // prettier-ignore
  if (/^[x×]?[1-9][x×]?$/.test(word)) return timed(reading, word, { kind: "often", times: Number(word.replaceAll(/\D/g, "")), every: 1, unit: "d" }); // prettier-ignore
  const clock = clockIn(word);
  if (clock === undefined) return false;
  const at = [clock];
  for (let next = clockIn(reading.words[0] ?? ""); next !== undefined; next = clockIn(reading.words[0] ?? "")) {
    at.push(next);
    reading.words.shift();
  }
  return timed(reading, word, { kind: "clock", at: [...new Set(at)].toSorted() });
}

/** Two digits, with minutes or without, are a time of the day: `08`, `20:30`. */
function clockIn(word: string): string | undefined {
  const [, hour, minute = "00"] = /^([01]\d|2[0-3])(?:[:.]([0-5]\d))?$/.exec(word) ?? [];
  return hour === undefined ? undefined : `${hour}:${minute}`;
}

function timed(reading: Reading, word: string, timing: Timing): boolean {
  if (reading.timing === undefined) reading.timing = timing;
  else reading.faults.push({ kind: "twice", word });
  return true;
}

function keywordOf(reading: Reading, word: string): boolean {
  switch (word) {
    case "x":
    case "kl":
    case "ggr":
      return true;
    case "vb":
      reading.need ??= { most: null };
      return true;
    case "max":
      return mostOf(reading);
    case "i":
      return daysOf(reading);
    case "var":
      return everyOf(reading);
    case "engång":
      return timed(reading, word, { kind: "once" });
    default:
      if (!Object.hasOwn(ROUTE, word)) return false;
      reading.route = ROUTE[word] ?? "oral";
      return true;
  }
}

/** `max 4` is doses in a day, `max 4 g` an amount in a day. */
function mostOf(reading: Reading): boolean {
  const [, digits = "", own = ""] = /^(\d[\d.,]*)([\p{L}]*)$/u.exec((reading.words[0] ?? "").toLowerCase()) ?? [];
  const value = numberIn(digits);
  if (value === undefined) return false;
  reading.words.shift();
  const unit = unitOf(own === "" ? (reading.words[0] ?? "") : own);
  if (unit !== undefined && own === "") reading.words.shift();
  if (unit === undefined && (own !== "" || !Number.isInteger(value) || value > 24)) return false;
  reading.need = { most: unit === undefined ? value : { value, unit } };
  return true;
}

const DAYS: Readonly<Record<string, number>> = { d: 1, dag: 1, dagar: 1, dygn: 1, v: 7, vecka: 7, veckor: 7 };

/** `i 7 d`, `i 2 v`. */
function daysOf(reading: Reading): boolean {
  const [, digits = "", own = ""] = /^(\d+)(\p{L}*)$/u.exec((reading.words[0] ?? "").toLowerCase()) ?? [];
  const word = own === "" ? (reading.words[1] ?? "").toLowerCase() : own;
  const factor = Object.hasOwn(DAYS, word) ? (DAYS[word] ?? 0) : 0;
  const days = Number(digits) * factor;
  if (digits === "" || factor === 0) return false;
  reading.words.splice(0, own === "" ? 2 : 1);
  if (days < 1 || days > MOST_DAYS) reading.faults.push({ kind: "days", word: digits });
  else if (reading.days === undefined) reading.days = days;
  else reading.faults.push({ kind: "twice", word: `i ${digits}` });
  return true;
}

const EVERY: Readonly<Record<string, "h" | "d" | "wk">> = { h: "h", tim: "h", timme: "h", d: "d", dag: "d", v: "wk", vecka: "wk" }; // prettier-ignore

/** `var 6 h`, `var 2 d`, `var 3 v`. */
function everyOf(reading: Reading): boolean {
  const [, digits = "", own = ""] = /^(\d{1,2})(?::e)?(\p{L}*)$/u.exec((reading.words[0] ?? "").toLowerCase()) ?? [];
  const word = own === "" ? (reading.words[1] ?? "").toLowerCase() : own;
  const unit = Object.hasOwn(EVERY, word) ? EVERY[word] : undefined;
  const every = Number(digits);
  if (unit === undefined || every < 1) return false;
  reading.words.splice(0, own === "" ? 2 : 1);
  const timing: Timing = unit === "d" && every === 1 ? { kind: "often", times: 1, every: 1, unit } : { kind: "often", times: 1, every, unit }; // prettier-ignore
  return timed(reading, `var ${every}`, timing);
}
