/** Signing, stopping and renewing from the workspace: once however often it is pressed, and never said to be done before it is. SPEC WEB-ORDAIN-4 */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { failureOf } from "../wire/call.ts";
import { useMedicationTexts } from "./use-medication-texts.ts";

export type Once = {
  readonly isBusy: boolean;
  readonly said: string;
  readonly failure: string;
  /** Does it under a key that stays the same for the same words until it is known to be done. */
  readonly run: (words: object, work: (key: string) => Promise<unknown>, done: string) => Promise<boolean>;
  readonly say: (failure: string) => void;
};

export function useOnce(patientId: string): Once {
  const queries = useQueryClient();
  const texts = useMedicationTexts();
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [failure, setFailure] = useState("");
  const kept = useRef<{ readonly words: string; readonly key: string }>(undefined);
  const busy = useRef(false);
  const tell = (done: string, wrong: string): void => {
    setSaid(done);
    setFailure(wrong);
  };
  const run: Once["run"] = async (words, work, done) => {
    if (busy.current) return false;
    busy.current = true;
    setBusy(true);
    tell("", "");
    const text = JSON.stringify(words);
    const key = kept.current?.words === text ? kept.current.key : crypto.randomUUID();
    kept.current = { words: text, key };
    try {
      await work(key);
      kept.current = undefined;
      tell(done, "");
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === patientId });
      return true;
    } catch (error) {
      const wrong = wordsOf(error, texts);
      tell("", wrong);
      // What stands is not what was shown. Of what nobody knows nothing is fetched: the same is sent once more.
      if (wrong !== texts.unknown) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === patientId }); // prettier-ignore
      return false;
    } finally {
      busy.current = false;
      setBusy(false);
    }
  };
  return { isBusy, said, failure, run, say: (wrong) => tell("", wrong) };
}

/** Only what the server has refused in words is known not to have been done. */
function wordsOf(error: unknown, texts: ReturnType<typeof useMedicationTexts>): string {
  const { kind, said, status, code } = failureOf(error);
  if (code === "MEDICATION_STOPPED") return texts.stoppedNow;
  return kind === "network" || said === undefined || (status ?? 500) >= 500 ? texts.unknown : said;
}
