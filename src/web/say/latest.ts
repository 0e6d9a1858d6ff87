/**
 * The latest of each analysis and the answers in words, newest first, in the order the overview shows them: together with
 * what came at the same time from the same unit, and within that what deviates before what does not.
 *
 * SPEC WEB-OVER-1
 */
import type { DiagnosticReport, FhirResource } from "fhir/r4";
import { analysesOf, type Analysis } from "./analyses.ts";
import type { Beside } from "./concepts.ts";
import { millis } from "./dates.ts";
import { isInWords } from "./reports.ts";
import { sourceOf } from "./sources.ts";
import { gravestOf } from "./values.ts";

export type LatestLine = {
  readonly key: string;
  readonly when: string | undefined;
  readonly unit: string | undefined;
  readonly isFirstOfItsTime: boolean;
  readonly analysis?: Analysis;
  readonly report?: DiagnosticReport;
};
type Unordered = Omit<LatestLine, "isFirstOfItsTime"> & { readonly ms: number; readonly rank: number };

/** All lines that the items give; the screen decides how many it shows. */
export function latestLines(items: readonly FhirResource[], beside: Beside): readonly LatestLine[] {
  const observations = items.filter((one) => one.resourceType === "Observation");
  const reports = items.filter((one) => one.resourceType === "DiagnosticReport");
  const analyses = analysesOf(observations, reports, beside).map(analysisLine);
  const words = reports.filter(isInWords).map((one) => reportLine(one, beside));
  const ordered = [...analyses, ...words].toSorted(byTimeThenRank);
  return ordered.map((line, index) => ({
    ...line,
    isFirstOfItsTime: index === 0 || occasionOf(line) !== occasionOf(ordered[index - 1]),
  }));
}

function analysisLine(analysis: Analysis): Unordered {
  const newest = analysis.values[0]; // values are newest first
  const deviation = newest && gravestOf(newest.parts.map((part) => part.value.deviation));
  const rank = (deviation ?? "normal") === "normal" ? 1000 : 0;
  return {
    key: analysis.key,
    when: newest?.when,
    unit: newest?.source,
    ms: newest?.ms ?? 0,
    rank: rank + analysis.place,
    analysis,
  };
}

function reportLine(report: DiagnosticReport, beside: Beside): Unordered {
  const when = report.effectiveDateTime ?? report.effectivePeriod?.start ?? report.issued;
  return {
    key: `report/${report.id}`,
    when,
    unit: sourceOf(report, beside).unit,
    ms: millis(when) ?? 0,
    rank: -1,
    report,
  };
}

function byTimeThenRank(a: Unordered, b: Unordered): number {
  return b.ms - a.ms || occasionOf(a).localeCompare(occasionOf(b)) || a.rank - b.rank;
}

function occasionOf(
  line: { readonly when?: string | undefined; readonly unit?: string | undefined } | undefined,
): string {
  return `${line?.when ?? ""}|${line?.unit ?? ""}`;
}
