/**
 * Measurements of any kind, results and vital signs alike: the table of analyses over time at the left, the trend of the
 * chosen one at the right, one filter above. The time shown is always fetched in full before the trend is called complete.
 *
 * SPEC WEB-RESULT · WEB-TREND · ux.md T2 (5 keys)
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { DiagnosticReport, Observation } from "fhir/r4";
import { useEffect, useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { analysesOf, findAnalyses, type Analysis } from "../../say/analyses.ts";
import { millis } from "../../say/dates.ts";
import type { ResultsSearch } from "../../search-params.ts";
import { More } from "../../ui/freshness.tsx";
import type { Rows } from "../use-section.ts";
import { Matrix } from "./matrix.tsx";
import styles from "./measures.module.css";
import { closeSpan, spanStart, usualSpan } from "./spans.ts";
import { TrendPanel } from "./trend-panel.tsx";

type MeasuresProps = {
  readonly caption: string;
  readonly head: string;
  readonly rows: Rows<unknown>;
  readonly observations: readonly Observation[];
  readonly reports: readonly DiagnosticReport[];
  readonly asOf: string;
  /** What can be done with what was measured at a time. */
  readonly toolsAt?: (when: string) => ReactNode;
  /** Measured many times a day: days and hours can be shown, and are when there is enough in them. */
  readonly isClose?: boolean;
};

export function Measures({
  caption,
  head,
  rows,
  observations,
  reports,
  asOf,
  toolsAt,
  isClose = false,
}: MeasuresProps): ReactNode {
  const { result } = useTexts();
  const search: ResultsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: ResultsSearch): void =>
    void navigate({ to: ".", search: { ...search, ...next }, replace: true });
  const analyses = useMemo(() => analysesOf(observations, reports, rows.beside), [observations, reports, rows.beside]);
  const found = findAnalyses(analyses, search.sok ?? "");
  const chosen = chosenOf(found, search);
  const span = search.tid ?? (isClose ? closeSpan : usualSpan)(chosen?.values ?? [], Date.parse(asOf));
  useFetchBackTo(rows, observations, span === "allt" ? 0 : spanStart(span, Date.parse(asOf), 0));
  return (
    <div className={styles["measures"]}>
      <div className={styles["left"]}>
        {found.length === 0 ? (
          <p className={styles["none"]}>{result.noMatch(search.sok ?? "")}</p>
        ) : (
          <Matrix
            caption={caption}
            head={head}
            analyses={found}
            chosen={chosen?.key}
            choose={(key) => key !== search.analys && change({ analys: key })}
            toolsAt={toolsAt}
          />
        )}
        <More
          shown={observations.length}
          hasMore={rows.hasMore}
          isFetching={rows.isFetchingMore}
          fetchMore={rows.fetchMore}
        />
      </div>
      <div className={styles["right"]}>
        {chosen ? (
          <TrendPanel
            key={chosen.key}
            analysis={chosen}
            asOf={asOf}
            span={span}
            setSpan={(tid) => change({ tid })}
            isCut={rows.hasMore}
            isClose={isClose}
          />
        ) : null}
      </div>
    </div>
  );
}

/** The analysis asked for, unless the filter hides it; then the best match, which has numbers if any has. */
function chosenOf(found: readonly Analysis[], search: ResultsSearch): Analysis | undefined {
  return found.find((one) => one.key === search.analys) ?? found.find((one) => one.unit !== undefined) ?? found[0];
}

/** Fetches older pages by itself until the shown time is covered; a region's worth of pages is not fetched unasked. */
function useFetchBackTo(rows: Rows<unknown>, observations: readonly Observation[], from: number): void {
  const oldest = Math.min(...observations.map((one) => millis(one.effectiveDateTime ?? one.issued) ?? Infinity));
  const isCovered = !rows.hasMore || oldest < from || observations.length > 5000;
  useEffect(() => {
    if (!isCovered && !rows.isFetchingMore) rows.fetchMore();
  }, [isCovered, rows]);
}
