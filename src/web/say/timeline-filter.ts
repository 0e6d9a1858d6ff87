/** Which lines of the timeline meet the filters, and what there is to filter by. SPEC WEB-TIME-2 */
import type { TimelineSearch } from "../search-params.ts";
import { sayDay } from "./dates.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Lines that meet every filter that is set. A line without a date is never hidden by dates alone being unknown. */
export function filterEntries(
  entries: readonly TimelineEntry[],
  { typ, enhet, yrke, fran, tom, sok }: TimelineSearch,
): readonly TimelineEntry[] {
  const words = (sok ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const day = entry.when === undefined ? undefined : sayDay(entry.when);
    if (typ !== undefined && entry.type !== typ) return false;
    if (enhet !== undefined && entry.unit !== enhet) return false;
    if (yrke !== undefined && entry.profession !== yrke) return false;
    if (fran !== undefined && day !== undefined && day < fran.slice(0, day.length)) return false;
    if (tom !== undefined && day !== undefined && day > tom.slice(0, day.length)) return false;
    return words.every((word) => entry.words.includes(word));
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
