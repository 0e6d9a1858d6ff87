/**
 * The chosen analysis: its trend over the chosen time and, beside it, the same values as a table. The two share the value
 * in focus. Values that cannot be on the axis are counted and stay in the table.
 *
 * SPEC WEB-TREND
 */
import { useState, type ReactNode } from "react";
import { TrendGraph, type GraphPoint } from "../../graph/trend-graph.tsx";
import { useTexts } from "../../language/language.tsx";
import { plottable, sayParts, type Analysis } from "../../say/analyses.ts";
import type { SpanName } from "../../search-params.ts";
import { SegmentedControl } from "../../ui/controls.ts";
import { CLOSE_SPANS, spanStart } from "./spans.ts";
import styles from "./trend-panel.module.css";
import { gravest } from "./value-text.tsx";
import { ValueTable } from "./value-table.tsx";

type TrendPanelProps = {
  readonly analysis: Analysis;
  readonly asOf: string;
  readonly span: SpanName;
  readonly setSpan: (span: SpanName) => void;
  /** Older values exist at the server that have not been fetched. */
  readonly isCut: boolean;
  readonly isClose: boolean;
};

export function TrendPanel({ analysis, asOf, span, setSpan, isCut, isClose }: TrendPanelProps): ReactNode {
  const { trend, result, spans } = useTexts();
  const [activeId, setActiveId] = useState<string>();
  const to = Date.parse(asOf);
  const all = graphSeries(analysis);
  const first = Math.min(...all.flatMap((points) => points.slice(0, 1).map((point) => point.ms)), to);
  const from = spanStart(span, to, first);
  const series = all.map((points) => points.filter((point) => point.ms >= from));
  const values = analysis.values.filter((one) => one.ms === undefined || one.ms >= from);
  const outside = values.length - (series[0]?.length ?? 0);
  return (
    <section className={styles["panel"]} aria-label={trend.title(analysis.name ?? result.unnamed)}>
      <header className={styles["head"]}>
        <h2>
          {analysis.name ?? result.unnamed}
          {analysis.unit ? <span className="dim"> {analysis.unit}</span> : null}
        </h2>
        <SegmentedControl
          className="no-print"
          size="xs"
          aria-label={trend.span}
          value={span}
          onChange={(value) => setSpan(value)}
          data={(Object.keys(spans) as SpanName[])
            .filter((one) => isClose || !CLOSE_SPANS.has(one))
            .map((value) => ({ value, label: spans[value] }))}
        />
      </header>
      <div className={styles["both"]}>
        {all.some((points) => points.length > 0) ? (
          <div>
            <TrendGraph
              name={analysis.name ?? result.unnamed}
              unit={analysis.unit}
              series={series}
              from={from}
              to={to}
              activeId={activeId}
              setActiveId={setActiveId}
            />
            <Legend analysis={analysis} />
            {outside > 0 ? <p className={styles["note"]}>{trend.onlyInTable(outside)}</p> : null}
          </div>
        ) : (
          <p className={styles["note"]}>{trend.noNumbers}</p>
        )}
        <ValueTable analysis={analysis} values={values} activeId={activeId} setActiveId={setActiveId} />
      </div>
      <p className={styles["note"]}>
        {values.length < analysis.values.length ? trend.outsideSpan(analysis.values.length - values.length) : ""}{" "}
        {isCut ? trend.cut : ""}
      </p>
    </section>
  );
}

/** Which line is which, when there is more than one. */
function Legend({ analysis }: { readonly analysis: Analysis }): ReactNode {
  const parts = analysis.values[0]?.parts ?? [];
  if (parts.length < 2) return null;
  return (
    <ul className={styles["legend"]}>
      {parts.map((part, index) => (
        <li key={part.name ?? index} data-series={index}>
          {part.name}
        </li>
      ))}
    </ul>
  );
}

function graphSeries(analysis: Analysis): readonly (readonly GraphPoint[])[] {
  const parts = Math.max(1, ...analysis.values.map((one) => one.parts.length));
  return Array.from({ length: parts }, (_, part) =>
    plottable(analysis, part).map((one): GraphPoint => ({
      id: one.id,
      ms: one.ms,
      when: one.when,
      number: one.value.number,
      low: one.value.low,
      high: one.value.high,
      text: sayParts(one.parts) ?? "",
      reference: one.value.reference,
      deviation: parts > 1 ? one.value.deviation : gravest(one),
      standing: one.standing,
      comparator: one.value.comparator,
      source: one.source,
    })),
  );
}
