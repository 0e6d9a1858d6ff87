/** What is chosen, marked and seen on a list of rows, and which row comes after one that has been handled. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { LoopRow } from "../wire/loops.ts";
import type { Seeing } from "./bodies.tsx";

export type Board = {
  readonly current: LoopRow | undefined;
  readonly choose: (id: string) => void;
  readonly marked: ReadonlySet<string>;
  readonly mark: (id: string) => void;
  readonly unmark: () => void;
  /** The rows that a key means: the marked ones, else the chosen one. */
  readonly targets: readonly LoopRow[];
  /** The content has been on the screen, in this version. */
  readonly isSeen: (row: LoopRow) => boolean;
  /** The same, of an answer in which nothing deviates. */
  readonly isPlain: (row: LoopRow) => boolean;
  readonly saw: Seeing;
  /** Goes to the first row that is not among these, after the chosen one if there is one. */
  readonly goOn: (handled: readonly LoopRow[]) => void;
};

type SeenRow = { readonly version: number; readonly isPlain: boolean };

export function useBoard(rows: readonly LoopRow[]): Board {
  const [chosen, setChosen] = useState<string>();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [seen, setSeen] = useState<ReadonlyMap<string, SeenRow>>(new Map());
  const place = useRef(0);
  const found = rows.findIndex(({ id }) => id === chosen);
  // A row that has gone leaves its place to the one that came after it.
  const at = found === -1 ? Math.min(place.current, rows.length - 1) : found;
  const current = rows[at];
  useEffect(() => {
    place.current = Math.max(0, at);
  }, [at]);
  const saw = useCallback(
    ({ id, version }: LoopRow, isPlain: boolean): void =>
      setSeen((before) =>
        before.get(id)?.version === version && before.get(id)?.isPlain === isPlain
          ? before
          : new Map([...before, [id, { version, isPlain }]]),
      ),
    [],
  );
  const standing = rows.filter(({ id }) => marked.has(id));
  return {
    current,
    choose: setChosen,
    marked,
    mark: (id) => setMarked((before) => (before.has(id) ? without(before, id) : new Set([...before, id]))),
    unmark: () => setMarked(new Set()),
    targets: standing.length > 0 ? standing : current === undefined ? [] : [current],
    isSeen: ({ id, version }) => seen.get(id)?.version === version,
    isPlain: ({ id, version }) => seen.get(id)?.version === version && seen.get(id)?.isPlain === true,
    saw,
    goOn: (handled) => {
      const gone = new Set(handled.map(({ id }) => id));
      const next = [...rows.slice(at), ...rows.slice(0, at).toReversed()].find(({ id }) => !gone.has(id));
      setMarked(new Set());
      setChosen(next?.id);
      focusRow(next?.id);
    },
  };
}

/** The keys of the list go on from the row that has the focus. */
export function focusRow(id: string | undefined): void {
  if (id === undefined) return;
  const row = document.querySelector<HTMLElement>(`main [data-loop="${CSS.escape(id)}"]`);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function without(some: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...some].filter((one) => one !== id));
}
