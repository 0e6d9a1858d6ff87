/**
 * The basket on the screen: its lines, what can be undone, how it is kept, and signing it once however often that is pressed.
 *
 * SPEC WEB-ORDER-6, WEB-ORDER-7
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { failureOf } from "../wire/call.ts";
import {
  basketQuery,
  draftQuery,
  saveDraft,
  signOrders,
  type Basket,
  type Draft,
  type OrderLine,
} from "../wire/orders.ts";
import { DraftSaver, type Hands, type Saving } from "./draft-saver.ts";

export type Signed = { readonly ids: readonly string[]; readonly titles: readonly string[] };
export type AsShown = {
  readonly shown: string | null;
  readonly lines: readonly OrderLine[];
  readonly titles: readonly string[];
};
export type UsedBasket = {
  readonly lines: readonly OrderLine[];
  readonly change: (lines: readonly OrderLine[]) => void;
  readonly undo: (() => void) | undefined;
  readonly saving: Saving;
  readonly isSigning: boolean;
  readonly failure: "unknown" | { readonly said: string } | undefined;
  readonly signed: Signed | undefined;
  /** Sends the lines as they are shown, under the identity that is shown. */
  readonly sign: (asShown: AsShown) => Promise<void>;
  readonly again: () => void;
};

const MOST_UNDONE = 50;

export function useBasket(patientId: string, { draft }: Basket): UsedBasket {
  const queries = useQueryClient();
  const [lines, setLines] = useState<readonly OrderLine[]>(draft?.lines ?? []);
  const [undone, setUndone] = useState<readonly (readonly OrderLine[])[]>([]);
  const [saving, setSaving] = useState<Saving>({ state: "saved", at: draft?.saved ?? null });
  const [isSigning, setSigning] = useState(false);
  const [failure, setFailure] = useState<UsedBasket["failure"]>();
  const [signed, setSigned] = useState<Signed>();
  const kept = useRef<{ readonly words: string; readonly key: string }>(undefined);
  const busy = useRef(false);
  const tellDraft = (kept: Draft | null): void => {
    queries.setQueryData(draftQuery(patientId).queryKey, { draft: kept });
  };
  const keep: Hands["save"] = async (seen, wanted) => {
    const saved = await saveDraft(patientId, seen, wanted);
    tellDraft(saved);
    return saved;
  };
  const saver = useMemo(
    () => new DraftSaver({ save: keep, tell: setSaving }, draft),
    // A basket that is opened anew is another component.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [patientId],
  );
  useEffect(() => () => void saver.flush(), [saver]); // whoever leaves has not lost the last words

  const put = (next: readonly OrderLine[]): void => {
    setLines(next);
    setFailure(undefined);
    saver.change(next);
  };
  const change = (next: readonly OrderLine[]): void => {
    if (busy.current || next === lines) return;
    setUndone((all) => [...all, lines].slice(-MOST_UNDONE));
    put(next);
  };
  const undo = (): void => {
    const before = undone.at(-1);
    if (before === undefined || busy.current) return;
    setUndone(undone.slice(0, -1));
    put(before);
  };
  const sign: UsedBasket["sign"] = async ({ shown, lines: sent, titles }) => {
    if (busy.current || sent.length === 0) return;
    busy.current = true;
    setSigning(true);
    setFailure(undefined);
    const words = JSON.stringify(sent);
    const key = kept.current?.words === words ? kept.current.key : crypto.randomUUID();
    kept.current = { words, key };
    try {
      const seen = await saver.flush();
      const ids = await signOrders(patientId, { key, shown, draft: seen?.id ?? null, lines: sent });
      kept.current = undefined;
      saver.forget();
      tellDraft(null);
      setSigned({ ids, titles });
      setLines([]);
      setUndone([]);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "loops" || (queryKey[1] === patientId && queryKey[2] !== "order-basket" && queryKey[2] !== "order-draft") }); // prettier-ignore
    } catch (error) {
      const { kind, said, status } = failureOf(error);
      // Only what the server has refused in words is known not to have been done.
      setFailure(kind === "network" || said === undefined || (status ?? 500) >= 500 ? "unknown" : { said });
      void queries.invalidateQueries({ queryKey: ["order-catalogue"] });
    } finally {
      busy.current = false;
      setSigning(false);
    }
  };
  const again = (): void => {
    setSigned(undefined);
    void queries.resetQueries({ queryKey: basketQuery(patientId).queryKey });
  };
  return { lines, change, undo: undone.length === 0 ? undefined : undo, saving, isSigning, failure, signed, sign, again }; // prettier-ignore
}
