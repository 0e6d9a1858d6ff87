/**
 * The lines themselves. Only those in view are in the page, so that ten thousand scroll as easily as ten; on paper all
 * fetched lines are there.
 *
 * SPEC WEB-TIME-1 · WEB-PRINT-2
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import type { Sought } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import type { TimelineEntry } from "../../say/timeline.ts";
import { usePrinting } from "../../ui/printing.ts";
import { useRowKeys } from "../../ui/row-keys.ts";
import { TimelineRow } from "./timeline-row.tsx";
import styles from "./timeline.module.css";

type TimelineListProps = {
  readonly entries: readonly TimelineEntry[];
  readonly sought: readonly Sought[];
  /** Said when there is no line. */
  readonly none: string;
  readonly foot: ReactNode;
  /** Called when the last line is in view. */
  readonly atEnd?: (() => void) | undefined;
  readonly patientId: string;
};

export function TimelineList({ entries, sought, none, foot, atEnd, patientId }: TimelineListProps): ReactNode {
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
    if (isAtEnd && entries.length > 0) atEnd?.();
  }, [isAtEnd, atEnd, entries.length]);
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
                  sought={sought}
                  patientId={patientId}
                  previousDay={index > 0 ? entries[index - 1]?.when?.slice(0, 10) : undefined}
                />
              </li>
            ) : null;
          })}
        </ol>
        {entries.length === 0 ? <p className={styles["none"]}>{none}</p> : null}
      </div>
      <div className={styles["foot"]}>{foot}</div>
    </>
  );
}
