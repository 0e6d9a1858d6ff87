/**
 * Values of the record that somebody pulls into a note: the latest of each analysis and vital sign, current drugs, problems, and what stood under
 * the same search word in the note before. Each is a line with its source and time, and the reference that the note keeps.
 *
 * SPEC CLIN-NOTE-PULL · F37
 */
import { fhirErrorAt, listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { disclosedTogether, requireNeed, searchResources, type Disclosed, type Found, type Visit } from "../../journal/index.ts"; // prettier-ignore
import { codesIn, nameIn, objectIn, textIn } from "../said.ts";
import { copiedFrom, isMarked, linesOf } from "./lines.ts";
import { writing } from "./may.ts";
import type { Pulled } from "./merge.ts";
import { keyOf } from "./template.ts";

export const PULLS = ["lab", "vital", "drugs", "problems", "before"] as const;
export type PullKind = (typeof PULLS)[number];

const MOST = "100";
const MOST_LINES = 25;
const LAB_DAYS = 90;
const VITAL_DAYS = 7;
const DAY_MS = 86_400_000;

type Wanted = readonly [type: string, ...more: (readonly [string, string])[]];
/** What is searched for each kind, newest first. */
const WANTED: Readonly<Record<PullKind, (since: (days: number) => string) => readonly Wanted[]>> = {
  lab: (since) => [["Observation", ["category", "laboratory"], ["date", since(LAB_DAYS)], ["_sort", "-date"]]],
  vital: (since) => [["Observation", ["category", "vital-signs"], ["date", since(VITAL_DAYS)], ["_sort", "-date"]]],
  drugs: () => [["MedicationRequest", ["status", "active"], ["_sort", "-authoredon"]], ["MedicationStatement", ["status", "active"]]], // prettier-ignore
  problems: () => [["Condition", ["clinical-status", "active"], ["category:not", "encounter-diagnosis"]]],
  before: () => [["Composition", ["status:not", "entered-in-error"], ["_sort", "-date"]]],
};

type Ask = { readonly kind: PullKind; readonly word: string };

/** The lines that stand for a kind of values now; `word` is the search word whose former text is wanted. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function pullIn(
  visit: Visit,
  patient: string,
  { kind, word }: Ask,
): Promise<Disclosed<readonly Pulled[]>> {
  await writing(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} notes`);
  const since = (days: number): string => `ge${new Date(visit.clock().getTime() - days * DAY_MS).toISOString()}`;
  const search = (type: string, ...more: readonly (readonly [string, string])[]): Promise<Disclosed<Found>> =>
    searchResources(visit, type, [["patient", patient], ["_count", MOST], ...more]);
  const found: readonly Disclosed<Found>[] = await Promise.all(WANTED[kind](since).map(([type, ...more]) => search(type, ...more))); // prettier-ignore
  return disclosedTogether(found, (pages) => {
    const all = pages.flatMap(({ rows }) => rows.map(({ content }) => objectIn(content))); // prettier-ignore
    const wanted = kind === "before" ? wordBefore(all, word) : latestOfEach(all).flatMap(pulledOf);
    return wanted.slice(0, MOST_LINES);
  });
}

function pulledOf(resource: JsonObject): readonly Pulled[] {
  const reference = nameOf(resource);
  return linesOf(resource).map((line) => ({ reference, line }));
}

function nameOf(resource: JsonObject): string {
  return `${textIn(resource["resourceType"]) ?? ""}/${textIn(resource["id"]) ?? ""}`;
}

/** Of values the newest of each, as they come newest first; everything else is as it is. */
function latestOfEach(all: readonly JsonObject[]): readonly JsonObject[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    if (one["resourceType"] !== "Observation") return true;
    const key = codesIn(one["code"])[0] ?? nameIn(one["code"]) ?? ""; // the first code is the one that it is known by
    if (linesOf(one).length === 0 || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The section of the newest note that has one under the word. */
function wordBefore(notes: readonly JsonObject[], word: string): readonly Pulled[] {
  const key = keyOf(word);
  for (const note of notes) {
    const section = sectionsOf(note).find((one) => keyOf(textIn(one["title"]) ?? "") === key);
    const lines = section === undefined ? [] : copiedFrom(note, section);
    if (lines.length > 0) return lines.map((line) => ({ reference: nameOf(note), line }));
  }
  return [];
}

function sectionsOf(note: JsonObject): readonly JsonObject[] {
  return listOf(note["section"]).map(objectOf);
}

type Standing = {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly pulled: readonly Pulled[];
};

/**
 * Refuses a note that says that a line was pulled in when the record does not say so: changed by hand, another patient's, or corrected since.
 * Errors: NOTE_PULLED with the place.
 */
export async function refuseUnlikeRecord(visit: Visit, patient: string, sections: readonly Standing[]): Promise<void> {
  const marked = sections.flatMap(({ key, title, text, pulled }) =>
    text.split("\n").filter(isMarked).map((line) => ({ key, title, line, reference: pulled.find((one) => one.line === line)?.reference })),
  ); // prettier-ignore
  const names = new Set(marked.flatMap(({ reference }) => reference ?? []));
  const said = await linesNow(visit, patient, names);
  const wrong = marked.find(({ line, reference }) => !(said.get(reference ?? "") ?? []).includes(line));
  if (wrong !== undefined) throw fhirErrorAt("NOTE_PULLED", `sections.${wrong.key}`, wrong.title);
}

async function linesNow(
  visit: Visit,
  patient: string,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const byType = new Map<string, string[]>();
  for (const name of names) {
    const [type = "", id = ""] = name.split("/");
    if (PULLED_TYPES.has(type)) byType.set(type, [...(byType.get(type) ?? []), id]);
  }
  const found = await Promise.all([...byType].map(([type, ids]) => searchResources(visit, type, [["patient", patient], ["_id", ids.join(",")], ["_count", String(ids.length)]]))); // prettier-ignore
  const rows = found.flatMap(({ value }) => value.rows);
  return new Map(rows.map(({ type, id, content }) => [`${type}/${id}`, linesOf(parseJson(content) as JsonObject)]));
}

const PULLED_TYPES: ReadonlySet<string> = new Set(["Observation", "MedicationRequest", "MedicationStatement", "Condition", "Composition"]); // prettier-ignore
