/** The rows of the list, and what is not shown of it. SPEC WEB-INBOX-1, WEB-INBOX-7 */
import type { ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import type { LoopAbout, LoopRow } from "../wire/loops.ts";
import styles from "./inbox.module.css";
import { Row } from "./loop-row.tsx";
import { focusPane } from "./use-handling.ts";
import type { Board } from "./use-board.ts";
import type { Rows } from "./use-loops.ts";
import { useInboxTexts } from "./use-inbox-texts.ts";

type ListProps = {
  readonly list: "inbox" | "sent";
  readonly value: Rows;
  readonly rows: readonly LoopRow[];
  readonly known: ReadonlyMap<string, LoopAbout>;
  readonly hasFailed: boolean;
  readonly me: string | undefined;
  readonly now: number;
  readonly board: Board;
  /** How many answers without deviation can be gone through together. */
  readonly plain: number;
  readonly openTogether: () => void;
};

export function LoopList({
  list,
  value,
  rows,
  known,
  hasFailed,
  me,
  now,
  board,
  plain,
  openTogether,
}: ListProps): ReactNode {
  const texts = useInboxTexts();
  return (
    <>
      {plain > 1 || board.marked.size > 0 ? (
        <p className={`${styles["tools"]} no-print`}>
          {plain > 1 ? (
            <Button size="compact-sm" variant="default" onClick={openTogether} aria-keyshortcuts="n">
              {texts.normals.open(plain)} (n)
            </Button>
          ) : null}
          {board.marked.size > 0 ? <span role="status">{texts.marked(board.marked.size)}</span> : null}
        </p>
      ) : null}
      {rows.length === 0 ? <p className={styles["none"]}>{texts.empty[list]}</p> : null}
      <ul
        aria-label={texts.list[list]}
        className={styles["rows"]}
        onKeyDown={(event) => {
          // Enter on a row is to go to what it is about; a click only shows it.
          if (event.key !== "Enter" || !(event.target instanceof HTMLButtonElement)) return;
          event.preventDefault();
          focusPane();
        }}
      >
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            about={known.get(row.id)}
            hasFailed={hasFailed}
            names={value.names}
            me={me}
            now={now}
            list={list}
            isOpen={row === board.current}
            isMarked={board.marked.has(row.id)}
            show={() => board.choose(row.id)}
            mark={() => board.mark(row.id)}
          />
        ))}
      </ul>
      {value.rows.length === 0 ? null : (
        <p className={styles["none"]} role="status">
          {texts.shown(value.rows.length, Math.max(value.rows.length, value.counts.total))}{" "}
          {value.hasMore ? (
            <Button
              className="no-print"
              size="compact-sm"
              variant="default"
              loading={value.isFetchingMore}
              onClick={value.fetchMore}
            >
              {texts.fetchMore}
            </Button>
          ) : null}
        </p>
      )}
    </>
  );
}
