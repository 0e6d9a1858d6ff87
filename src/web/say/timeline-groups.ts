/**
 * Brings together what belongs together on the timeline: the values of one laboratory answer become one line with it, and
 * values measured at the same time by the same unit become one line. Nothing is dropped; it is all in that line.
 *
 * SPEC WEB-TIME-4
 */
import type { FhirResource, Observation } from "fhir/r4";
import { partsOf, sayParts, usualPlace } from "./analyses.ts";
import { sayConcept, type Beside } from "./concepts.ts";
import { timelineEntry, type TimelineEntry } from "./timeline.ts";
import type { Deviation } from "./values.ts";

const ARROWS: Readonly<Partial<Record<Deviation, string>>> = {
  "critical-high": " ▲▲",
  high: " ▲",
  "critical-low": " ▼▼",
  low: " ▼",
  abnormal: " ●",
};

/** The lines of a page of mixed resources, in the order given. */
export function timelineEntries(items: readonly FhirResource[], beside: Beside): readonly TimelineEntry[] {
  const observations = new Map(
    items.flatMap((item) => (item.resourceType === "Observation" ? [[`Observation/${item.id}`, item] as const] : [])),
  );
  const answered = new Set(
    items.flatMap((item) =>
      item.resourceType === "DiagnosticReport" ? (item.result ?? []).map((one) => one.reference ?? "") : [],
    ),
  );
  const lines: TimelineEntry[] = [];
  const together = new Map<string, { readonly at: number; readonly members: Observation[] }>();
  for (const item of items) {
    if (item.resourceType === "Observation") {
      if (answered.has(`Observation/${item.id}`)) continue;
      const key = groupKey(item, beside);
      const group = together.get(key);
      if (group) group.members.push(item);
      else together.set(key, { at: lines.push(timelineEntry(item, beside)) - 1, members: [item] });
    } else
      lines.push(
        item.resourceType === "DiagnosticReport" ? withValues(item, observations, beside) : timelineEntry(item, beside),
      );
  }
  for (const { at, members } of together.values())
    if (members.length > 1) lines[at] = summed(timelineEntry(members[0] as Observation, beside), undefined, members);
  return lines;
}

/** "P-Natrium 136 ▼", "Blodtryck 143/69 mmHg". */
export function sayMeasured(observation: Observation): string {
  const parts = partsOf(observation);
  const value = sayParts(parts);
  const unit = parts.map((part) => part.value.unit).find(Boolean);
  const arrow = parts.map((part) => ARROWS[part.value.deviation ?? "normal"]).find(Boolean) ?? "";
  return [
    sayConcept(observation.code),
    value === undefined ? undefined : `${value}${unit ? `\u00a0${unit}` : ""}${arrow}`,
  ]
    .filter(Boolean)
    .join(" ");
}

function withValues(
  report: Extract<FhirResource, { resourceType: "DiagnosticReport" }>,
  observations: ReadonlyMap<string, Observation>,
  beside: Beside,
): TimelineEntry {
  const entry = timelineEntry(report, beside);
  const values = (report.result ?? []).flatMap((one) => observations.get(one.reference ?? "") ?? []);
  return values.length === 0 ? entry : summed(entry, entry.title, values, report.conclusion);
}

function summed(
  entry: TimelineEntry,
  title: string | undefined,
  members: readonly Observation[],
  conclusion?: string,
): TimelineEntry {
  const ordered = members.toSorted((a, b) => usualPlace(a.code) - usualPlace(b.code));
  const summary = [conclusion, ordered.map(sayMeasured).join(", ")].filter(Boolean).join(" ");
  const words = [entry.words, title, summary].filter(Boolean).join(" ").toLowerCase();
  return { ...entry, title, summary, words };
}

function groupKey(observation: Observation, beside: Beside): string {
  const category = observation.category?.map((one) => one.coding?.[0]?.code).join() ?? ""; // one key per recorded set of categories
  const { when, unit } = timelineEntry(observation, beside);
  return [when, unit, category, observation.performer?.map((one) => one.reference).join()].join("|");
}
