/**
 * The note on the screen: its sections and how they are kept, and writing it once however often that is pressed.
 *
 * SPEC WEB-WRITE-3, WEB-WRITE-6
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { failureOf } from "../wire/call.ts";
import { deskQuery, discardDraft, lookAtDraft, saveDraft, writeNote, type Desk } from "../wire/notes.ts";
import { NoteSaver, type Held } from "./note-saver.ts";

export type Refusal = "unknown" | "not-saved" | { readonly said: string };
export type Written = { readonly note: string; readonly isSigned: boolean };
export type UsedNote = {
  readonly held: Held;
  readonly saver: NoteSaver;
  readonly isWriting: boolean;
  readonly refusal: Refusal | undefined;
  readonly written: Written | undefined;
  /** Writes what is shown, under the identity that is shown. */
  readonly write: (shown: string | null) => Promise<void>;
  readonly discard: () => Promise<void>;
  readonly again: () => void;
};

export function useNote(patientId: string, { draft, templates, contact, maySign }: Desk): UsedNote {
  const queries = useQueryClient();
  const [first] = templates; // the likeliest
  const saver = useMemo(
    () => {
      const hands = {
        save: (wish: Parameters<typeof saveDraft>[1]) => saveDraft(patientId, wish),
        look: () => lookAtDraft(patientId),
        isGone: (error: unknown) => failureOf(error).code === "NOTE_DRAFT_GONE",
        tell: (held: Held) => {
          setHeld(held);
          if (held.saving.state === "saved") setRefusal((was) => (was === "not-saved" ? undefined : was));
        },
        window: crypto.randomUUID(),
      };
      return new NoteSaver(hands, draft, { template: first === undefined ? "" : `${first.url}|${first.version}`, contact }); // prettier-ignore
    },
    // A note that is begun anew is another component.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [patientId],
  );
  const [held, setHeld] = useState<Held>(saver.now);
  const [isWriting, setWriting] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [written, setWritten] = useState<Written>();
  const kept = useRef<{ readonly words: string; readonly key: string }>(undefined);
  const busy = useRef(false);
  useKeeping(saver);

  const write = async (shown: string | null): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setWriting(true);
    setRefusal(undefined);
    try {
      const seen = await saver.flush();
      if (seen === undefined) return setRefusal("not-saved");
      const { template, contact: chosen, sections } = saver.now;
      const all = [...sections.values()].map(({ key, text }) => ({ key, text }));
      const words = JSON.stringify([seen, template, chosen, all]);
      const key = kept.current?.words === words ? kept.current.key : crypto.randomUUID();
      kept.current = { words, key };
      setWritten(await writeNote(patientId, { key, shown, draft: seen, template, contact: chosen, sections: all, sign: maySign })); // prettier-ignore
      saver.stop();
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "loops" || (queryKey[0] === "patient" && queryKey[2] !== "note-desk") }); // prettier-ignore
    } catch (error) {
      const { kind, said, status, code } = failureOf(error);
      // Only what the server has refused in words is known not to have been done.
      setRefusal(kind === "network" || said === undefined || (status ?? 500) >= 500 ? "unknown" : { said });
      if (code === "NOTE_DRAFT_CHANGED") void saver.look();
    } finally {
      busy.current = false;
      setWriting(false);
    }
  };
  const again = (): void => void queries.resetQueries({ queryKey: deskQuery(patientId).queryKey });
  const discard = async (): Promise<void> => {
    const seen = await saver.flush();
    if (seen === undefined) return setRefusal("not-saved");
    await discardDraft(patientId, seen).then(again, (error: unknown) => setRefusal({ said: failureOf(error).said ?? "" })); // prettier-ignore
  };
  return { held, saver, isWriting, refusal, written, write, discard, again };
}

/** What is not saved goes when one leaves, and what others have written comes when one is back. */
function useKeeping(saver: NoteSaver): void {
  useEffect(() => {
    const back = (): void => void saver.look();
    const hidden = (): void =>
      void (document.visibilityState === "hidden" && saver.isDirty ? saver.flush() : undefined);
    const online = (): void => void (saver.isDirty ? saver.flush() : undefined);
    const leave = (event: BeforeUnloadEvent): void => {
      if (saver.isDirty) event.preventDefault();
    };
    window.addEventListener("focus", back);
    window.addEventListener("online", online);
    window.addEventListener("beforeunload", leave);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      window.removeEventListener("focus", back);
      window.removeEventListener("online", online);
      window.removeEventListener("beforeunload", leave);
      document.removeEventListener("visibilitychange", hidden);
      if (saver.isDirty) void saver.flush();
    };
  }, [saver]);
}
