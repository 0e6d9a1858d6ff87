/**
 * Tidslinje: everything that happened to the patient, newest first, as one list that opens at once and scrolls freely;
 * filters by kind, unit, profession, time and words, all in the address. Words are looked for in the whole record.
 *
 * SPEC WEB-TIME · ux.md section 10, screen 4
 */
import { useParams, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { FhirResource } from "fhir/r4";
import { soughtWith } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import type { TimelineEntry } from "../../say/timeline.ts";
import { timelineEntries } from "../../say/timeline-groups.ts";
import { filterEntries } from "../../say/timeline-filter.ts";
import { LoadView } from "../../ui/load-view.tsx";
import { Screen } from "../screen.tsx";
import { useSection, type Rows } from "../use-section.ts";
import { More } from "../../ui/freshness.tsx";
import { Found } from "./found.tsx";
import { TimelineFilters } from "./timeline-filters.tsx";
import { TimelineList } from "./timeline-list.tsx";
import { useFound } from "./use-found.ts";
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
  const found = useFound(patientId, search.sok ?? "");
  return (
    <div className={styles["timeline"]}>
      <TimelineFilters entries={found?.entries ?? entries} />
      {found === undefined ? (
        <Events entries={entries} rows={rows} patientId={patientId} />
      ) : (
        <Found found={found} patientId={patientId} />
      )}
    </div>
  );
}

type EventsProps = {
  readonly entries: readonly TimelineEntry[];
  readonly rows: Rows<FhirResource>;
  readonly patientId: string;
};

/** What is fetched so far; what the filters hide is counted. */
function Events({ entries, rows, patientId }: EventsProps): ReactNode {
  const { timeline } = useTexts();
  const search = useSearch({ from: "/work/patienter/$patientId/tidslinje" });
  const sought = useMemo(() => soughtWith(search.sok ?? ""), [search.sok]);
  const shown = useMemo(() => filterEntries(entries, search), [entries, search]);
  const hidden = entries.length - shown.length;
  // A filter that hides nearly everything must not fetch the whole record by itself.
  const isMore = rows.hasMore && !rows.isFetchingMore && hidden === 0;
  return (
    <TimelineList
      entries={shown}
      sought={sought}
      none={timeline.noMatch}
      atEnd={isMore ? rows.fetchMore : undefined}
      foot={
        <>
          {hidden > 0 ? <span role="status">{timeline.hiddenByFilter(hidden)}</span> : null}
          <More
            shown={rows.items.length}
            hasMore={rows.hasMore}
            isFetching={rows.isFetchingMore}
            fetchMore={rows.fetchMore}
          />
        </>
      }
      patientId={patientId}
    />
  );
}
