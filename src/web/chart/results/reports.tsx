/** Answers in words: the report's conclusion in full, newest first, with its standing and source. SPEC WEB-RESULT-5 */
import type { DiagnosticReport, FhirResource } from "fhir/r4";
import { useState, type ReactNode } from "react";
import { judgeWords } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import { sayConcept, sayConcepts } from "../../say/concepts.ts";
import { sayMoment } from "../../say/dates.ts";
import { sourceOf } from "../../say/sources.ts";
import { whenOf } from "../../say/timeline.ts";
import { standingOf } from "../../say/values.ts";
import { Chip } from "../../ui/chip.tsx";
import { Button } from "../../ui/controls.ts";
import { More } from "../../ui/freshness.tsx";
import { useRowKeys } from "../../ui/row-keys.ts";
import { SealCode } from "../../words/seal-code.tsx";
import { PlainWords } from "../../words/shown-words.tsx";
import { ChangedSince } from "../../words/changed-since.tsx";
import { Unlike } from "../../words/words-notice.tsx";
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
  const isSound = judgeWords(report).kind !== "differs";
  const when = whenOf(report as unknown as Readonly<Record<string, unknown>>);
  return (
    <article className={styles["report"]} data-row tabIndex={-1}>
      <h2>{sayConcept(report.code) ?? result.unnamed}</h2>
      <p className="dim">
        {when ? sayMoment(when) : result.timeMissing} · {from.unit ?? source.unitMissing} ·{" "}
        {from.author ?? source.authorMissing}{" "}
        {standing === "final" ? null : <Chip tone="note">{value.standings[standing]}</Chip>}
      </p>
      {isSound ? <Answer report={report} /> : <Unlike name={`DiagnosticReport/${report.id}`} resource={report} />}
    </article>
  );
}

/** The words of an answer, and of a corrected one what was said before. */
function Answer({ report }: { readonly report: DiagnosticReport }): ReactNode {
  const { result, signing } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const version = Number(report.meta?.versionId ?? 1);
  return (
    <>
      <PlainWords
        className={styles["conclusion"]}
        text={report.conclusion ?? sayConcepts(report.conclusionCode) ?? result.noConclusion}
      />
      <Attachments attachments={report.presentedForm ?? []} />
      {version > 1 ? (
        <Button
          className="no-print"
          size="compact-xs"
          variant="subtle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {signing.showDifference}
        </Button>
      ) : null}
      {isOpen ? <ChangedSince resource={report} version={version - 1} /> : null}
      <SealCode resource={report} />
    </>
  );
}
