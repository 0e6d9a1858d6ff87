/** What the timeline says, in English. SPEC WEB-TIME, WEB-LANG */
import type { timeline as sv } from "./texts.timeline.ts";

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const timeline: typeof sv = {
  list: "Events, newest first",
  filters: "Filters",
  words: "Words in the whole record",
  wordsExample: "Words in the record",
  denied: "denied",
  looking: (count) => `Searching … ${plural(count, "event", "events")} searched.`,
  found: (count, looked) =>
    `${plural(count, "hit", "hits")} among ${plural(looked, "event", "events")} in the whole record.`,
  notFound: "The words are not in what is open to you of the record.",
  hideDenied: (count) => `Hide denied (${count})`,
  withinReach: "Searched in what is open to you.",
  type: "Kind",
  allTypes: "All kinds",
  unit: "Unit",
  allUnits: "All units",
  profession: "Profession",
  allProfessions: "All professions",
  from: "From",
  to: "To",
  clear: "Clear filters",
  notRecorded: "Nothing is recorded about the patient.",
  noMatch: "No fetched event fits the filter.",
  hiddenByFilter: (count) => `${plural(count, "fetched event is", "fetched events are")} hidden by the filter.`,
  untitled: "Untitled",
  timeMissing: "Time missing",
};
