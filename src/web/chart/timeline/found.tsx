/** Where what is sought stands in the whole record, newest first; what is denied wherever it stands can be left out. SPEC WEB-TIME-6 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { soughtWith } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import { filterEntries, isDenied } from "../../say/timeline-filter.ts";
import { Button } from "../../ui/controls.ts";
import { Failed } from "../../ui/load-view.tsx";
import { TimelineList } from "./timeline-list.tsx";
import type { FoundState } from "./use-found.ts";

export function Found({ found, patientId }: { readonly found: FoundState; readonly patientId: string }): ReactNode {
  const { timeline } = useTexts();
  const search = useSearch({ from: "/work/patienter/$patientId/tidslinje" });
  const navigate = useNavigate();
  const { sok, nekade, ...filters } = search;
  const sought = useMemo(() => soughtWith(sok ?? ""), [sok]);
  const entries = useMemo(() => filterEntries(found.entries ?? [], filters), [found.entries, filters]);
  const denied = useMemo(() => new Set(entries.filter((one) => isDenied(one, sought))), [entries, sought]);
  const isHiding = nekade === "dolj";
  const shown = useMemo(
    () => (isHiding ? entries.filter((one) => !denied.has(one)) : entries),
    [entries, denied, isHiding],
  );
  if (found.failure !== undefined) return <Failed failure={found.failure} retry={found.retry} />;
  const toggle = (): void =>
    void navigate({ to: ".", search: { ...search, nekade: isHiding ? undefined : "dolj" }, replace: true });
  return (
    <TimelineList
      entries={shown}
      sought={sought}
      none={found.isLooking ? timeline.looking(found.looked) : timeline.notFound}
      foot={
        <>
          <span role="status">
            {found.isLooking ? timeline.looking(found.looked) : timeline.found(shown.length, found.looked)}
          </span>
          {denied.size > 0 ? (
            <Button size="compact-sm" variant="default" aria-pressed={isHiding} onClick={toggle}>
              {timeline.hideDenied(denied.size)}
            </Button>
          ) : null}
          <span className="dim">{timeline.withinReach}</span>
        </>
      }
      patientId={patientId}
    />
  );
}
