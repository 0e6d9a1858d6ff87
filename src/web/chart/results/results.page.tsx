/** Svar: laboratory answers as table and trend, and answers in words (radiology, pathology, microbiology). SPEC WEB-RESULT */
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { Screen } from "../screen.tsx";
import { ofType, useSection, type Rows } from "../use-section.ts";
import { Filter } from "./filter.tsx";
import { Measures } from "./measures.tsx";
import { isInWords } from "../../say/reports.ts";
import { Reports } from "./reports.tsx";
import styles from "./results.module.css";
import type { FhirResource } from "fhir/r4";

const PATH = "/patienter/$patientId/svar";
const PAGE = 300;

export function ResultsPage(): ReactNode {
  const { sections, result } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/svar" });
  const { vy } = useSearch({ from: "/work/patienter/$patientId/svar" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "results", PAGE);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  const tools = (
    <>
      <nav className={`${styles["views"]} no-print`} aria-label={result.views}>
        <Link
          to={PATH}
          params={{ patientId }}
          search={({ sok }) => (sok ? { sok } : {})}
          activeOptions={{ includeSearch: false }}
          data-here={vy === undefined}
        >
          {result.analyses}
        </Link>
        <Link to={PATH} params={{ patientId }} search={{ vy: "utlatanden" }} data-here={vy === "utlatanden"}>
          {result.reports}
        </Link>
      </nav>
      {vy === undefined ? <Filter label={result.filter} example={result.filterExample} /> : null}
    </>
  );
  return (
    <Screen title={sections.results} fresh={{ asOf, refresh, isRefreshing }} tools={tools} fills>
      <LoadView loaded={loaded} unknown={result.notRecorded} lines={12}>
        {(rows) => <View rows={rows} asOf={asOf ?? ""} showsReports={vy === "utlatanden"} />}
      </LoadView>
    </Screen>
  );
}

function View({
  rows,
  asOf,
  showsReports,
}: {
  readonly rows: Rows<FhirResource>;
  readonly asOf: string;
  readonly showsReports: boolean;
}): ReactNode {
  const { result } = useTexts();
  const observations = useMemo(() => ofType(rows.items, "Observation"), [rows.items]);
  const reports = useMemo(() => ofType(rows.items, "DiagnosticReport"), [rows.items]);
  if (showsReports) return <Reports reports={reports.filter(isInWords)} rows={rows} />;
  return (
    <Measures
      caption={result.analyses}
      head={result.analysis}
      rows={rows}
      observations={observations}
      reports={reports}
      asOf={asOf}
    />
  );
}
