/**
 * The lines themselves. Only those in view are in the page, so that ten thousand scroll as easily as ten; on paper all
 * fetched lines are there.
 *
 * SPEC WEB-TIME-1 · WEB-PRINT-2
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import type { FhirResource } from "fhir/r4";
import { useEffect, useRef, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import type { TimelineEntry } from "../../say/timeline.ts";
import { More } from "../../ui/freshness.tsx";
import { usePrinting } from "../../ui/printing.ts";
import { useRowKeys } from "../../ui/row-keys.ts";
import type { Rows } from "../use-section.ts";
import { TimelineRow } from "./timeline-row.tsx";
import styles from "./timeline.module.css";

type TimelineListProps = {
  readonly entries: readonly TimelineEntry[];
  readonly hidden: number;
  readonly words: readonly string[];
  readonly rows: Rows<FhirResource>;
  readonly patientId: string;
};

export function TimelineList({ entries, hidden, words, rows, patientId }: TimelineListProps): ReactNode {
  const { timeline } = useTexts();
  const isPrinting = usePrinting();
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 52,
    overscan: 12,
    getItemKey: (index) => entries[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const isAtEnd = (items.at(-1)?.index ?? 0) >= entries.length - 1;
  useRowKeys();
  useEffect(() => {
    // A filter that hides nearly everything must not fetch the whole record by itself.
    if (isAtEnd && rows.hasMore && !rows.isFetchingMore && hidden === 0 && entries.length > 0) rows.fetchMore();
  }, [isAtEnd, rows, hidden, entries.length]);
  const shown = isPrinting ? entries.map((_, index) => ({ index, start: 0 })) : items;
  return (
    <>
      <div ref={frame} className={styles["frame"]}>
        <ol
          className={styles["list"]}
          aria-label={timeline.list}
          style={isPrinting ? undefined : { height: virtual.getTotalSize() }}
        >
          {shown.map(({ index, start }) => {
            const entry = entries[index];
            return entry ? (
              <li
                key={entry.id}
                data-index={index}
                ref={virtual.measureElement}
                className={styles["item"]}
                style={isPrinting ? undefined : { transform: `translateY(${start}px)` }}
                aria-setsize={entries.length}
                aria-posinset={index + 1}
              >
                <TimelineRow
                  entry={entry}
                  words={words}
                  patientId={patientId}
                  previousDay={index > 0 ? entries[index - 1]?.when?.slice(0, 10) : undefined}
                />
              </li>
            ) : null;
          })}
        </ol>
        {entries.length === 0 ? <p className={styles["none"]}>{timeline.noMatch}</p> : null}
      </div>
      <div className={styles["foot"]}>
        {hidden > 0 ? <span role="status">{timeline.hiddenByFilter(hidden)}</span> : null}
        <More
          shown={rows.items.length}
          hasMore={rows.hasMore}
          isFetching={rows.isFetchingMore}
          fetchMore={rows.fetchMore}
        />
      </div>
    </>
  );
}
