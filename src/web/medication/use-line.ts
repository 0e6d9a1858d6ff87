/**
 * The line that is being typed: kept at the server as it is typed, there again after a reload or a lost session, and looked at when it
 * has stood for a moment. What was begun in another place is offered, and nothing that was typed is put away silently.
 *
 * SPEC WEB-ORDAIN-2, WEB-ORDAIN-6
 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { DraftSaver, type Hands, type Saving } from "../orders/draft-saver.ts";
import {
  leaveWith,
  lookQuery,
  saveLineDraft,
  type Desk,
  type LineDraft,
  type Looked,
  type TypedLine,
} from "../wire/medication.ts";

const WAIT_MS = 150;
export const EMPTY: TypedLine = { line: "", replaces: null, why: "", isInpatient: false };

export type UsedLine = {
  readonly typed: TypedLine;
  /** The whole of a line (a favourite) is looked at at once. */
  readonly write: (typed: TypedLine, isWhole?: boolean) => void;
  /** The same of something else; what was begun is offered. */
  readonly begin: (typed: TypedLine) => void;
  /** Of exactly what is typed; nothing until the server has answered. */
  readonly looked: Looked | undefined;
  readonly isLooking: boolean;
  readonly hasFailed: boolean;
  readonly saving: Saving;
  /** What was begun before and is not what stands here. */
  readonly begun: TypedLine | undefined;
  readonly takeBegun: () => void;
  /** What is typed is kept; answers the draft. */
  readonly flush: () => Promise<string | null>;
  /** It was signed: nothing is typed any more. */
  readonly forget: () => void;
};

export function useLine(patientId: string, desk: Desk | undefined): UsedLine {
  const [typed, setTyped] = useState(EMPTY);
  const [begun, setBegun] = useState<TypedLine>();
  const [settled, setSettled] = useState("");
  const kept = useKept(patientId, desk, (draft) => {
    if (typed.line !== "" || typed.replaces !== null) return setBegun(draft);
    setTyped(draft);
    setSettled(draft.line.trim());
  });
  const line = typed.line.trim();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(line), WAIT_MS);
    return () => clearTimeout(timer);
  }, [line]);
  const look = useQuery({ ...lookQuery({ patient: patientId, line: settled, instead: typed.replaces }), enabled: settled !== "" }); // prettier-ignore
  const isSettled = settled !== "" && settled === line;
  const write: UsedLine["write"] = (next, isWhole = false) => {
    setTyped(next);
    if (isWhole) setSettled(next.line.trim());
    kept.change(next);
  };
  return {
    typed,
    write,
    begin: (next) => {
      if (line !== "") setBegun(typed);
      write(next);
    },
    looked: isSettled && look.data !== undefined && !look.isError ? look.data : undefined,
    isLooking: line !== "" && (!isSettled || look.isPending),
    hasFailed: isSettled && look.isError,
    saving: kept.saving,
    begun,
    takeBegun: () => {
      const other = typed.line.trim() === "" ? undefined : typed;
      if (begun !== undefined) write(begun, true);
      setBegun(other);
    },
    flush: kept.flush,
    forget: () => {
      kept.forget();
      setTyped((was) => ({ ...EMPTY, isInpatient: was.isInpatient }));
      setSettled("");
    },
  };
}

type Kept = {
  readonly saving: Saving;
  readonly change: (typed: TypedLine) => void;
  readonly flush: () => Promise<string | null>;
  readonly forget: () => void;
};

/** Nothing is kept before it is known what was kept before. */
function useKept(patientId: string, desk: Desk | undefined, adopt: (draft: LineDraft) => void): Kept {
  const [saving, setSaving] = useState<Saving>({ state: "saved", at: null });
  const saver = useRef<DraftSaver<TypedLine, LineDraft>>(undefined);
  const early = useRef<TypedLine>(undefined);
  useEffect(() => {
    if (desk === undefined || saver.current !== undefined) return;
    const save: Hands<TypedLine, LineDraft>["save"] = (seen, words) =>
      saveLineDraft(patientId, seen === null ? null : { id: seen.id, version: seen.version }, words);
    saver.current = new DraftSaver({ save, tell: setSaving }, desk.draft);
    if (desk.draft !== null) adopt(desk.draft);
    if (early.current !== undefined) saver.current.change(early.current);
    // The draft is taken up once: later answers of the desk tell of what is kept from here.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [desk]);
  useEffect(
    () => () => leaveWith(patientId, saver.current?.flush() ?? Promise.resolve()), // whoever leaves has not lost the last words
    [patientId],
  );
  return {
    saving,
    change: (typed) => {
      if (saver.current === undefined) early.current = typed;
      else saver.current.change(typed);
    },
    flush: async () => (await saver.current?.flush())?.id ?? null,
    forget: () => {
      saver.current?.forget();
      early.current = undefined;
      setSaving({ state: "saved", at: null });
    },
  };
}
