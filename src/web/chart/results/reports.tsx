/** Answers in words: the report's conclusion in full, newest first, with its standing and source. SPEC WEB-RESULT-5 */
import type { DiagnosticReport, FhirResource } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayConcept, sayConcepts } from "../../say/concepts.ts";
import { sayMoment } from "../../say/dates.ts";
import { sourceOf } from "../../say/sources.ts";
import { whenOf } from "../../say/timeline.ts";
import { standingOf } from "../../say/values.ts";
import { Chip } from "../../ui/chip.tsx";
import { More } from "../../ui/freshness.tsx";
import { useRowKeys } from "../../ui/row-keys.ts";
import { Attachments } from "../notes/attachments.tsx";
import type { Rows } from "../use-section.ts";
import styles from "./results.module.css";

export function Reports({
  reports,
  rows,
}: {
  readonly reports: readonly DiagnosticReport[];
  readonly rows: Rows<FhirResource>;
}): ReactNode {
  const { result } = useTexts();
  useRowKeys();
  return (
    <div className={styles["reports"]}>
      {reports.length === 0 ? <p>{result.noReports}</p> : null}
      {reports.map((report) => (
        <Report key={report.id} report={report} rows={rows} />
      ))}
      <More shown={reports.length} hasMore={rows.hasMore} isFetching={rows.isFetchingMore} fetchMore={rows.fetchMore} />
    </div>
  );
}

function Report({ report, rows }: { readonly report: DiagnosticReport; readonly rows: Rows<FhirResource> }): ReactNode {
  const { result, source, value } = useTexts();
  const from = sourceOf(report, rows.beside);
  const standing = standingOf(report.status);
  const when = whenOf(report as unknown as Readonly<Record<string, unknown>>);
  return (
    <article className={styles["report"]} data-row tabIndex={-1}>
      <h2>{sayConcept(report.code) ?? result.unnamed}</h2>
      <p className="dim">
        {when ? sayMoment(when) : result.timeMissing} · {from.unit ?? source.unitMissing} ·{" "}
        {from.author ?? source.authorMissing}{" "}
        {standing === "final" ? null : <Chip tone="note">{value.standings[standing]}</Chip>}
      </p>
      <p className={styles["conclusion"]}>
        {report.conclusion ?? sayConcepts(report.conclusionCode) ?? result.noConclusion}
      </p>
      <Attachments attachments={report.presentedForm ?? []} />
    </article>
  );
}
