/** Which lines of the timeline meet the filters, and what there is to filter by. SPEC WEB-TIME-2 */
import { hitsIn, soughtWith, standsIn, textsOf, type Sought } from "../../base/index.ts";
import type { TimelineSearch } from "../search-params.ts";
import { sayDay } from "./dates.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Lines that meet every filter that is set. A line without a date is never hidden by dates alone being unknown. */
export function filterEntries(
  entries: readonly TimelineEntry[],
  { typ, enhet, yrke, fran, tom, sok }: TimelineSearch,
): readonly TimelineEntry[] {
  const sought = soughtWith(sok ?? "");
  return entries.filter((entry) => {
    const day = entry.when === undefined ? undefined : sayDay(entry.when);
    if (typ !== undefined && entry.type !== typ) return false;
    if (enhet !== undefined && entry.unit !== enhet) return false;
    if (yrke !== undefined && entry.profession !== yrke) return false;
    if (fran !== undefined && day !== undefined && day < fran.slice(0, day.length)) return false;
    if (tom !== undefined && day !== undefined && day > tom.slice(0, day.length)) return false;
    return sought.length === 0 || standsIn([entry.words], sought);
  });
}

/** The different values of one property among the lines, with how many lines have each, in Swedish order. */
export function choicesOf(
  entries: readonly TimelineEntry[],
  property: "type" | "unit" | "profession",
): readonly { readonly value: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const value = entry[property];
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => a.value.localeCompare(b.value, "sv"));
}

/** Whether all that is sought is denied wherever it stands in what the line is about. */
export function isDenied({ resource, words }: TimelineEntry, sought: readonly Sought[]): boolean {
  const hits = [...textsOf(resource), words].flatMap((text) => hitsIn(text, sought));
  return hits.some((hit) => hit.isDenied) && hits.every((hit) => hit.isDenied);
}

/** A taste of a line's text around the first of what is sought that is not denied, else around the first, else its beginning. */
export function tasteOf({ resource, summary }: TimelineEntry, sought: readonly Sought[]): string {
  const texts = sought.length === 0 ? [] : [summary ?? "", ...textsOf(resource)];
  const found = texts.flatMap((text) => hitsIn(text, sought).map((hit) => ({ text, hit })));
  const best = found.find(({ hit }) => !hit.isDenied) ?? found[0];
  return cut(best?.text ?? summary ?? "", best?.hit.start ?? 0);
}

const MOST = 220;
const BEFORE = 60;

function cut(text: string, around: number): string {
  if (text.length <= MOST) return text;
  const start = around > MOST - 40 ? around - BEFORE : 0;
  return `${start > 0 ? "…" : ""}${text.slice(start, start + MOST)}${start + MOST < text.length ? "…" : ""}`;
}
