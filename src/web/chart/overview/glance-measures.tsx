/**
 * The glance at vital signs or results: the latest of each analysis with a sparkline, and answers in words, gathered under
 * the time and unit they come from; what deviates stands first.
 *
 * SPEC WEB-OVER-1
 */
import { Link } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { DiagnosticReport } from "fhir/r4";
import { Sparkline } from "../../graph/sparkline.tsx";
import type { TrendPoint } from "../../graph/trend.ts";
import { useTexts } from "../../language/language.tsx";
import { plottable, type Analysis } from "../../say/analyses.ts";
import { sayConcept } from "../../say/concepts.ts";
import { sayMoment } from "../../say/dates.ts";
import { latestLines, type LatestLine } from "../../say/latest.ts";
import { standingOf } from "../../say/values.ts";
import { Chip } from "../../ui/chip.tsx";
import { ValueText } from "../results/value-text.tsx";
import type { SectionPath } from "../sections.ts";
import { Glance, type GlanceInput } from "./glance.tsx";
import styles from "./overview.module.css";

type MeasuresPath = Extract<SectionPath, `${string}svar` | `${string}matvarden`>;
type GlanceMeasuresProps = GlanceInput & {
  readonly title: string;
  readonly unknown: string;
  readonly to: MeasuresPath;
  readonly most: number;
};

export function GlanceMeasures({ patientId, beside, slice, title, unknown, to, most }: GlanceMeasuresProps): ReactNode {
  const lines = useMemo(() => latestLines(slice?.items ?? [], beside), [slice, beside]);
  return (
    <Glance
      title={title}
      to={to}
      patientId={patientId}
      slice={slice}
      rows={lines}
      most={most}
      unknown={unknown}
      nothing={unknown}
      rowKey={({ key }) => key}
      row={(line) => <Line line={line} to={to} patientId={patientId} />}
    />
  );
}

type LineProps = { readonly line: LatestLine; readonly to: MeasuresPath; readonly patientId: string };

function Line({ line, to, patientId }: LineProps): ReactNode {
  const { result, source } = useTexts();
  return (
    <>
      {line.isFirstOfItsTime ? (
        <span className={styles["occasion"]}>
          {line.when ? sayMoment(line.when) : result.timeMissing} · {line.unit ?? source.unitMissing}
        </span>
      ) : null}
      {line.analysis ? <InNumbers one={line.analysis} to={to} patientId={patientId} /> : null}
      {line.report ? <InWords report={line.report} patientId={patientId} /> : null}
    </>
  );
}

function InNumbers({
  one,
  to,
  patientId,
}: {
  readonly one: Analysis;
  readonly to: MeasuresPath;
  readonly patientId: string;
}): ReactNode {
  const { result } = useTexts();
  const newest = one.values[0]; // values are newest first
  return (
    <>
      <span className={styles["analysis"]}>
        <Link to={to} params={{ patientId }} search={{ analys: one.key }}>
          {one.name ?? result.unnamed}
        </Link>
      </span>
      <span className={styles["spark"]}>
        <Sparkline points={sparkPoints(one)} />
      </span>
      <span className={styles["value"]}>{newest ? <ValueText measured={newest} unit={newest.unit} /> : null}</span>
    </>
  );
}

function InWords({ report, patientId }: { readonly report: DiagnosticReport; readonly patientId: string }): ReactNode {
  const { result, value } = useTexts();
  const standing = standingOf(report.status);
  return (
    <>
      <span className={styles["main"]}>
        <Link to="/patienter/$patientId/svar" params={{ patientId }} search={{ vy: "utlatanden" }}>
          {sayConcept(report.code) ?? result.unnamed}
        </Link>{" "}
        {standing === "final" ? null : <Chip tone="note">{value.standings[standing]}</Chip>}
      </span>
      <span className={styles["excerpt"]}>{report.conclusion ?? result.noConclusion}</span>
    </>
  );
}

function sparkPoints(one: Analysis): readonly TrendPoint[] {
  return plottable(one)
    .slice(-12)
    .map(({ ms, value }) => ({ ms, number: value.number, low: value.low, high: value.high }));
}
