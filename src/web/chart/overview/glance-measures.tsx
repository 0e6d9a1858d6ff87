/**
 * The glance at vital signs or results: the latest of each analysis with a sparkline, gathered under the time and unit
 * they come from; what deviates stands first.
 *
 * SPEC WEB-OVER-1
 */
import { Link } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { Sparkline } from "../../graph/sparkline.tsx";
import type { TrendPoint } from "../../graph/trend.ts";
import { useTexts } from "../../language/language.tsx";
import { analysesOf, plottable, type Analysis } from "../../say/analyses.ts";
import { sayMoment } from "../../say/dates.ts";
import { gravest, ValueText } from "../results/value-text.tsx";
import type { SectionPath } from "../sections.ts";
import { ofType } from "../use-section.ts";
import { Glance, type GlanceInput } from "./glance.tsx";
import styles from "./overview.module.css";

type GlanceMeasuresProps = GlanceInput & {
  readonly title: string;
  readonly unknown: string;
  readonly to: Extract<SectionPath, `${string}svar` | `${string}matvarden`>;
  readonly most: number;
};
type Line = { readonly one: Analysis; readonly isFirstOfItsTime: boolean };

export function GlanceMeasures({ patientId, beside, slice, title, unknown, to, most }: GlanceMeasuresProps): ReactNode {
  const { result } = useTexts();
  const lines = useMemo((): readonly Line[] => {
    const analyses = [
      ...analysesOf(ofType(slice?.items ?? [], "Observation"), ofType(slice?.items ?? [], "DiagnosticReport"), beside),
    ].toSorted(byNewest);
    return analyses.map((one, index) => ({
      one,
      isFirstOfItsTime: index === 0 || occasionOf(one) !== occasionOf(analyses[index - 1]),
    }));
  }, [slice, beside]);
  return (
    <Glance
      title={title}
      to={to}
      patientId={patientId}
      slice={slice}
      rows={lines}
      most={most}
      unknown={unknown}
      nothing={result.onlyReports}
      rowKey={({ one }) => one.key}
      row={(line) => <MeasureLine line={line} to={to} patientId={patientId} />}
    />
  );
}

function MeasureLine({
  line: { one, isFirstOfItsTime },
  to,
  patientId,
}: {
  readonly line: Line;
  readonly to: GlanceMeasuresProps["to"];
  readonly patientId: string;
}): ReactNode {
  const { result, source } = useTexts();
  const newest = one.values[0];
  if (!newest) return null;
  return (
    <>
      {isFirstOfItsTime ? (
        <span className={styles["occasion"]}>
          {newest.when ? sayMoment(newest.when) : result.timeMissing} · {newest.source ?? source.unitMissing}
        </span>
      ) : null}
      <span className={styles["analysis"]}>
        <Link to={to} params={{ patientId }} search={{ analys: one.key }}>
          {one.name ?? result.unnamed}
        </Link>
      </span>
      <span className={styles["spark"]}>
        <Sparkline points={sparkPoints(one)} />
      </span>
      <span className={styles["value"]}>
        <ValueText measured={newest} unit={newest.unit} />
      </span>
    </>
  );
}

function sparkPoints(one: Analysis): readonly TrendPoint[] {
  return plottable(one)
    .slice(-12)
    .map(({ ms, value }) => ({ ms, number: value.number, low: value.low, high: value.high }));
}

function occasionOf(one: Analysis | undefined): string {
  return `${one?.values[0]?.when ?? ""}|${one?.values[0]?.source ?? ""}`;
}

/** The newest first; at the same time the same unit together, and what deviates before what does not. */
function byNewest(a: Analysis, b: Analysis): number {
  const grave = (one: Analysis): number => (one.values[0] && (gravest(one.values[0]) ?? "normal") !== "normal" ? 0 : 1);
  return (
    (b.values[0]?.ms ?? 0) - (a.values[0]?.ms ?? 0) ||
    occasionOf(a).localeCompare(occasionOf(b)) ||
    grave(a) - grave(b) ||
    a.place - b.place
  );
}
