/**
 * Gathers observations into analyses (one row each: B-Hemoglobin, blood pressure) with their values in time, newest first.
 * Same code is same analysis; values in another unit stay in the table but never on the same axis.
 *
 * SPEC WEB-TREND · Sittig 2015 (graph criteria) · failure-modes: silent unit mix
 */
import type { CodeableConcept, DiagnosticReport, Observation, ObservationComponent } from "fhir/r4";
import { toneOf, toneOfSum, type ScoreTone } from "../observations/tone.ts";
import { hasCode, sayConcept, type Beside } from "./concepts.ts";
import { millis } from "./dates.ts";
import { sourceOf } from "./sources.ts";
import { standingOf, valueOf, type Standing, type Value } from "./values.ts";

export type Part = { readonly name: string | undefined; readonly value: Value };
export type Measured = {
  readonly id: string;
  readonly when: string | undefined;
  readonly ms: number | undefined;
  /** One part for a plain value; several for a panel in one observation, such as systolic and diastolic. */
  readonly parts: readonly Part[];
  readonly standing: Standing;
  readonly unit: string | undefined;
  readonly source: string | undefined;
  readonly note: string | undefined;
  /** What it was before it was corrected, oldest first. */
  readonly was: readonly string[];
  /** How grave a score is. */
  readonly tone: ScoreTone | undefined;
};
export type Analysis = {
  readonly key: string;
  readonly name: string | undefined;
  readonly group: string | undefined;
  /** The place within its group: the laboratory's own order, or the usual order of vital signs. */
  readonly place: number;
  /** The unit of the newest value; undefined for answers in words. */
  readonly unit: string | undefined;
  readonly values: readonly Measured[];
};

/** One analysis per code; the group answered last comes first, and within it the laboratory's own order. Values newest first. */
export function analysesOf(
  observations: readonly Observation[],
  reports: readonly DiagnosticReport[],
  beside: Beside,
): readonly Analysis[] {
  const groups = groupPlaces(reports);
  const byKey = new Map<string, Observation[]>();
  for (const observation of observations) {
    if (isHolder(observation)) continue;
    const key = keyOf(observation.code);
    const same = byKey.get(key);
    if (same) same.push(observation);
    else byKey.set(key, [observation]);
  }
  const analyses = [...byKey].map(([key, same]) => analysis(key, same, groups, beside));
  return analyses.toSorted(byGroupThenPlace(newestOfGroups(analyses)));
}

/** Only those whose name or abbreviation has all the words typed; the best match first. */
export function findAnalyses(analyses: readonly Analysis[], typed: string): readonly Analysis[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return analyses;
  const matching = analyses.filter((one) => words.every((word) => wordsOf(one).some((own) => own.includes(word))));
  const best = matching.filter((one) =>
    words.every((word) => wordsOf(one).some((own) => own === word || synonymOf(word).some((full) => own === full))),
  );
  return [...best, ...matching.filter((one) => !best.includes(one))];
}

/** Values that can share the axis: numbers in the analysis's unit, not cancelled and not mistaken; oldest first. */
export function plottable(
  one: Analysis,
  part = 0,
): readonly (Measured & { readonly ms: number; readonly value: Value & { readonly number: number } })[] {
  return one.values
    .flatMap((measured) => {
      const value = measured.parts[part]?.value;
      if (value?.number === undefined || value.unit !== one.unit || measured.ms === undefined) return [];
      if (measured.standing === "cancelled" || measured.standing === "mistaken") return [];
      return [{ ...measured, ms: measured.ms, value: { ...value, number: value.number } }];
    })
    .toReversed();
}

/** "128/82", or the single value; a missing part is said with a dash. */
export function sayParts(parts: readonly Part[]): string | undefined {
  if (parts.every((part) => part.value.text === undefined)) return parts.map((part) => part.value.absent).find(Boolean);
  return parts.map((part) => part.value.text ?? "–").join("/");
}

/** Vital signs and body measures in the order that a Swedish ward reads them: LOINC codes, and NEWS2 by its name. */
const USUAL_ORDER: readonly string[] = [
  "news2",
  "85354-9",
  "8867-4",
  "9279-1",
  "59408-5",
  "2708-6",
  "syrgastillforsel",
  "8310-5",
  "67775-7",
  "29463-7",
  "8302-2",
  "39156-5",
  "9843-4",
];

/** The place of a measurement among others of its occasion. */
export function usualPlace(code: CodeableConcept | undefined): number {
  const place = (code?.coding ?? []).map((one) => USUAL_ORDER.indexOf(one.code ?? "")).find((at) => at >= 0);
  return place ?? USUAL_ORDER.length;
}

const ABBREVIATIONS: Readonly<Record<string, readonly string[]>> = {
  hb: ["hemoglobin"],
  krea: ["kreatinin"],
  na: ["natrium"],
  k: ["kalium"],
  ca: ["kalcium"],
  lpk: ["leukocyter"],
  tpk: ["trombocyter"],
  epk: ["erytrocyter"],
  evf: ["erytrocytvolymfraktion"],
  sr: ["sänkningsreaktion"],
  bt: ["blodtryck"],
  af: ["andningsfrekvens"],
  pox: ["syrgasmättnad"],
  pk: ["protrombinkomplex"],
};

function synonymOf(word: string): readonly string[] {
  return ABBREVIATIONS[word] ?? [];
}

function wordsOf(one: Analysis): readonly string[] {
  const own = fold(one.name ?? one.key)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const short = Object.keys(ABBREVIATIONS).filter((abbreviation) =>
    synonymOf(abbreviation).some((full) => own.includes(full)),
  );
  return [...own, ...short, fold(one.name ?? one.key)];
}

function analysis(
  key: string,
  same: readonly Observation[],
  groups: ReadonlyMap<string, GroupPlace>,
  beside: Beside,
): Analysis {
  const values = same.map((one) => measured(one, beside)).toSorted((a, b) => (b.ms ?? 0) - (a.ms ?? 0));
  const newest = values.find((one) => one.parts[0]?.value.number !== undefined);
  const group = values.map((one) => groups.get(one.id)).find(Boolean);
  const place = group?.place ?? usualPlace(same[0]?.code); // all of one analysis have the same code
  return {
    key,
    name: same.map((one) => sayConcept(one.code)).find(Boolean),
    group: group?.name,
    place,
    unit: newest?.unit,
    values,
  };
}

function measured(observation: Observation, beside: Beside): Measured {
  const when =
    observation.effectiveDateTime ??
    observation.effectivePeriod?.start ??
    observation.effectiveInstant ??
    observation.issued;
  const parts = partsOf(observation);
  return {
    id: observation.id ?? "",
    when,
    ms: millis(when),
    parts,
    standing: standingOf(observation.status),
    unit: parts.map((part) => part.value.unit).find(Boolean),
    source: sourceOf(observation, beside).unit,
    note: (observation.note ?? []).map((one) => one.text).join(" ") || undefined,
    was: wasOf(observation),
    tone: scoreToneOf(observation),
  };
}

/** What only holds others together is no value of its own. */
function isHolder(observation: Observation): boolean {
  const [part, ...others] = partsOf(observation);
  const isEmpty = others.length === 0 && part?.value.text === undefined && part?.value.absent === undefined;
  return isEmpty && (observation.hasMember ?? []).length > 0;
}

/** The values that stood before corrections. */
function wasOf({ extension }: Observation): readonly string[] {
  const marks = (extension ?? []).filter(({ url }) => url === "urn:eira:matvarden:rattad");
  return marks.flatMap((mark) => mark.extension?.find(({ url }) => url === "varde")?.valueString ?? []);
}

/** Of a score only: by what it says of itself, else by its sum. */
function scoreToneOf({ code, interpretation, valueInteger }: Observation): ScoreTone | undefined {
  if (!hasCode(code, "news2")) return undefined;
  const said = (interpretation ?? []).flatMap(({ coding }) => (coding ?? []).map((one) => toneOf(one.code)));
  return said.find((one) => one !== undefined) ?? (valueInteger === undefined ? undefined : toneOfSum(valueInteger));
}

/** The value, or the values of its components in their usual order. */
export function partsOf(observation: Observation): readonly Part[] {
  const components: readonly ObservationComponent[] = observation.component ?? [];
  const own = valueOf(observation);
  if (components.length === 0 || own.text !== undefined) return [{ name: undefined, value: own }];
  return components.map((one) => ({ name: sayConcept(one.code), value: valueOf(one) })).toSorted(byUsualOrder);
}

/** Systolic before diastolic whatever the sender's order, so that 120/80 is never 80/120. */
function byUsualOrder(a: Part, b: Part): number {
  const rank = (part: Part): number => (/diasto/i.test(part.name ?? "") ? 1 : 0);
  return rank(a) - rank(b);
}

function keyOf(code: CodeableConcept): string {
  const coding = code.coding?.find((one) => one.code);
  return coding ? `${coding.system ?? ""}|${coding.code}` : (sayConcept(code) ?? "");
}

type GroupPlace = { readonly name: string; readonly place: number };

/** Which panel each observation was answered in, and where in it. */
function groupPlaces(reports: readonly DiagnosticReport[]): ReadonlyMap<string, GroupPlace> {
  const places = new Map<string, GroupPlace>();
  for (const report of reports) {
    const name = sayConcept(report.code);
    (report.result ?? []).forEach((one, place) => {
      if (name && one.reference) places.set(one.reference.replace(/^.*Observation\//, ""), { name, place });
    });
  }
  return places;
}

function newestOfGroups(analyses: readonly Analysis[]): ReadonlyMap<string | undefined, number> {
  const newest = new Map<string | undefined, number>();
  for (const one of analyses) newest.set(one.group, Math.max(newest.get(one.group) ?? 0, one.values[0]?.ms ?? 0));
  return newest;
}

function byGroupThenPlace(newest: ReadonlyMap<string | undefined, number>): (a: Analysis, b: Analysis) => number {
  return (a, b) => {
    if (a.group !== b.group)
      return (
        (newest.get(b.group) ?? 0) - (newest.get(a.group) ?? 0) ||
        (a.group ?? "\uffff").localeCompare(b.group ?? "\uffff", "sv")
      );
    return a.place - b.place || (a.name ?? a.key).localeCompare(b.name ?? b.key, "sv");
  };
}

export function fold(text: string): string {
  return text.toLowerCase().normalize("NFC");
}
