/**
 * A round as it is being filled in, and saving it once however often that is pressed. What is typed stays in this window until it is saved,
 * also when the pane is closed and opened again.
 *
 * SPEC WEB-OBS-4
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { failureOf } from "../wire/call.ts";
import { correctRound, writeRound, type How, type RoundWish, type WrittenRound } from "../wire/observations.ts";
import type { SeenRound } from "./dock.ts";
import { NOTHING, typedOf, type FieldName, type Typed } from "./typed.ts";

export type Refusal = "unknown" | { readonly said: string };
export type Round = {
  readonly typed: Typed;
  readonly time: string;
  readonly how: How;
  /** Fields whose unusual value somebody has said is right. */
  readonly sure: ReadonlySet<FieldName>;
  readonly why: string;
};
export type UsedRound = {
  readonly round: Round;
  readonly change: (more: (was: Round) => Partial<Round>) => void;
  readonly isSaving: boolean;
  readonly refusal: Refusal | undefined;
  readonly written: (WrittenRound & { readonly said: string }) | undefined;
  /** Saves what is shown, under the identity and with the score that are shown. */
  readonly save: (wish: Omit<RoundWish, "key">, said: string) => Promise<void>;
  readonly again: () => void;
};

const EMPTY: Round = { typed: NOTHING, time: "", how: { position: null, thermometer: null, device: null }, sure: new Set(), why: "" }; // prettier-ignore

export function useRound(patientId: string, corrects: SeenRound | undefined): UsedRound {
  const queries = useQueryClient();
  const keptUnder = ["patient", patientId, "measuring", corrects?.id ?? "new"];
  const [round, setRound] = useState<Round>(() => queries.getQueryData<Round>(keptUnder) ?? (corrects === undefined ? EMPTY : { ...EMPTY, typed: typedOf(corrects.measured) })); // prettier-ignore
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [written, setWritten] = useState<UsedRound["written"]>();
  const kept = useRef<{ readonly words: string; readonly key: string }>(undefined);
  const busy = useRef(false);
  const latest = useRef(round); // leaving one field and entering the next change it in one event
  latest.current = round;
  const change = (more: (was: Round) => Partial<Round>): void => {
    const next = { ...latest.current, ...more(latest.current) };
    latest.current = next;
    setRound(next);
    queries.setQueryData(keptUnder, next);
  };
  const forget = (): void => {
    queries.removeQueries({ queryKey: keptUnder });
    setRound(EMPTY);
  };
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent): void => {
      if (Object.values(round.typed).some((one) => one !== "") && corrects === undefined) event.preventDefault();
    };
    window.addEventListener("beforeunload", leave);
    return () => window.removeEventListener("beforeunload", leave);
  }, [round, corrects]);

  const save = async (wish: Omit<RoundWish, "key">, said: string): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setSaving(true);
    setRefusal(undefined);
    try {
      const words = JSON.stringify([wish, round.time, round.how, round.why]);
      const key = kept.current?.words === words ? kept.current.key : crypto.randomUUID();
      kept.current = { words, key };
      const time = round.time.trim() === "" ? null : round.time.trim();
      const answer = corrects === undefined
        ? await writeRound(patientId, { ...wish, key, time, how: round.how })
        : await correctRound(patientId, corrects.id, { ...wish, key, version: corrects.version, why: round.why }); // prettier-ignore
      forget();
      setWritten({ ...answer, said });
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "loops" || (queryKey[0] === "patient" && queryKey[1] === patientId && queryKey[2] !== "measuring") }); // prettier-ignore
    } catch (error) {
      const { kind, said: words, status } = failureOf(error);
      // Only what the server has refused in words is known not to have been done.
      setRefusal(kind === "network" || words === undefined || (status ?? 500) >= 500 ? "unknown" : { said: words });
    } finally {
      busy.current = false;
      setSaving(false);
    }
  };
  const again = (): void => {
    setWritten(undefined);
    setRefusal(undefined);
  };
  return { round, change, isSaving, refusal, written, save, again };
}
