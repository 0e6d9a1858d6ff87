/**
 * Tidslinje: everything that happened to the patient, newest first, as one list that opens at once and scrolls freely;
 * filters by kind, unit, profession, time and words, all in the address.
 *
 * SPEC WEB-TIME · ux.md section 10, screen 4
 */
import { useParams, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { FhirResource } from "fhir/r4";
import { useTexts } from "../../language/language.tsx";
import type { TimelineEntry } from "../../say/timeline.ts";
import { timelineEntries } from "../../say/timeline-groups.ts";
import { filterEntries } from "../../say/timeline-filter.ts";
import { LoadView } from "../../ui/load-view.tsx";
import { Screen } from "../screen.tsx";
import { useSection, type Rows } from "../use-section.ts";
import { TimelineFilters } from "./timeline-filters.tsx";
import { TimelineList } from "./timeline-list.tsx";
import styles from "./timeline.module.css";

const PAGE = 200;

export function TimelinePage(): ReactNode {
  const { sections, timeline } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/tidslinje" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "timeline", PAGE);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <Screen title={sections.timeline} fresh={{ asOf, refresh, isRefreshing }} fills>
      <LoadView loaded={loaded} unknown={timeline.notRecorded} lines={14}>
        {(rows) => <Timeline rows={rows} patientId={patientId} />}
      </LoadView>
    </Screen>
  );
}

function Timeline({ rows, patientId }: { readonly rows: Rows<FhirResource>; readonly patientId: string }): ReactNode {
  const search = useSearch({ from: "/work/patienter/$patientId/tidslinje" });
  const entries = useMemo((): readonly TimelineEntry[] => timelineEntries(rows.items, rows.beside), [rows]);
  const shown = useMemo(() => filterEntries(entries, search), [entries, search]);
  const words = (search.sok ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return (
    <div className={styles["timeline"]}>
      <TimelineFilters entries={entries} />
      <TimelineList
        entries={shown}
        hidden={entries.length - shown.length}
        words={words}
        rows={rows}
        patientId={patientId}
      />
    </div>
  );
}
