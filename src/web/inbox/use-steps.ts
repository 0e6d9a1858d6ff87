/** Taking steps with one or many rows: each under a key of its own, told when it is done, and undone for ten seconds where that can be. SPEC WEB-INBOX-4, WEB-INBOX-5 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { CallFailed } from "../wire/call.ts";
import { takeSteps, type Done, type LoopPage, type LoopRow, type Wish } from "../wire/loops.ts";

/** What is asked of a row; the rest is known. */
export type Step = Omit<Wish, "loop" | "seen" | "key">;
export type Told = {
  readonly what: string;
  readonly count: number;
  /** What can be opened again, with the version in which it now stands. */
  readonly undo: readonly { readonly loop: string; readonly seen: number }[];
  readonly failed: readonly { readonly loop: string; readonly why: string }[];
  /** Nobody can know whether it was done. */
  readonly isUnknown: boolean;
};
export type Steps = {
  readonly take: (rows: readonly LoopRow[], step: Step, what: string) => Promise<readonly Done[]>;
  readonly undo: () => void;
  readonly told: Told | undefined;
  readonly isTaking: boolean;
  readonly forget: () => void;
};

const UNDO_MS = 10_000;

export function useSteps(undone: string): Steps {
  const queries = useQueryClient();
  const [told, setTold] = useState<Told>();
  const [isTaking, setTaking] = useState(false);
  const isBusy = useRef(false);
  const send = useCallback(
    async (wishes: readonly Wish[], what: string): Promise<readonly Done[]> => {
      if (isBusy.current) return []; // a second press while the first is on its way is no second wish
      isBusy.current = true;
      setTaking(true);
      try {
        const done = await takeSteps(wishes);
        // As the server has answered, so that the next step is of the version that is now seen; the lists are asked for again all the same.
        queries.setQueriesData<Kept>({ queryKey: ["loops"] }, (kept) => withDone(kept, done));
        setTold(toldOf(done, what));
        return done;
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        const isUnknown = error.failure.kind === "network" || error.failure.kind === "unreadable";
        const failed = wishes.map(({ loop }) => ({ loop, why: error.failure.said ?? "" }));
        setTold({ what, count: 0, undo: [], failed: isUnknown ? [] : failed, isUnknown });
        return [];
      } finally {
        isBusy.current = false;
        setTaking(false);
        void queries.invalidateQueries({ queryKey: ["loops"] });
        void queries.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[0] === "patient" && queryKey[2] === "loops",
        });
      }
    },
    [queries],
  );
  const take: Steps["take"] = useCallback(
    (rows, step, what) =>
      send(
        rows.map(({ id, version }) => ({ ...step, loop: id, seen: version, key: crypto.randomUUID() })),
        what,
      ),
    [send],
  );
  const undo = useCallback(() => {
    if (told === undefined || told.undo.length === 0) return;
    void send(
      told.undo.map((one) => ({ ...one, event: "reopen", key: crypto.randomUUID() })),
      undone,
    );
  }, [send, told, undone]);
  useEffect(() => {
    if (told === undefined || told.undo.length === 0) return undefined;
    const timer = setTimeout(() => setTold((now) => (now === told ? { ...told, undo: [] } : now)), UNDO_MS);
    return () => clearTimeout(timer);
  }, [told]);
  return { take, undo, told, isTaking, forget: useCallback(() => setTold(undefined), []) };
}

/** What is kept of the lists; other things are kept beside them. */
type Kept = { readonly pages?: readonly LoopPage[] } | undefined;

/** The pages with the rows as they now stand; what has ended is in no list. */
function withDone(kept: Kept, done: readonly Done[]): Kept {
  if (kept?.pages === undefined) return kept;
  const now = new Map(done.flatMap(({ loop, row }) => (row === null ? [] : [[loop, row] as const])));
  const pages = kept.pages.map((page) => ({
    ...page,
    items: page.items.map((row) => now.get(row.id) ?? row).filter(({ closed }) => closed === null),
  }));
  return { ...kept, pages };
}

function toldOf(items: readonly Done[], what: string): Told {
  const done = items.filter((one) => one.done);
  return {
    what,
    count: done.length,
    undo: done.flatMap(({ loop, row }) => (row?.can.includes("reopen") === true ? [{ loop, seen: row.version }] : [])),
    failed: items.filter((one) => !one.done).map(({ loop, refusal }) => ({ loop, why: refusal ?? "" })),
    isUnknown: false,
  };
}
