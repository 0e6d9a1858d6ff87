/** The words of letters, how a delivery's state is said, and one step that is done once however often it is clicked. SPEC WEB-LETTER */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLanguage } from "../language/language.tsx";
import type { Failure } from "../loaded.ts";
import { failureOf } from "../wire/call.ts";
import { stepLetter, type Deed, type Delivery } from "../wire/letters.ts";
import { en } from "./texts.en.ts";
import { sv, type LetterTexts } from "./texts.ts";

export function useLetterTexts(): LetterTexts {
  return useLanguage().code === "en" ? en : sv;
}

/** Of paper it is known that it left, never that it arrived. */
export function stateWords({ states, paperReceived }: LetterTexts, { state, transport }: Delivery): string {
  const isPaper = transport === "paper" || transport === "relay";
  return state === "received" && isPaper ? paperReceived : (states[state] ?? state);
}

export type Stepping = {
  readonly step: (
    of: { readonly loop: string } | { readonly code: string },
    did: Deed,
    said: string,
  ) => Promise<boolean>;
  readonly isRunning: boolean;
  readonly failure: Failure | undefined;
  readonly done: string;
};

export function useLetterSteps(): Stepping {
  const queries = useQueryClient();
  const { mutateAsync, isPending, error, data } = useMutation({
    mutationFn: async ({ of, did, said }: { of: { loop: string } | { code: string }; did: Deed; said: string }) => {
      await stepLetter({ ...of, did, key: crypto.randomUUID() });
      return said;
    },
    onSuccess: () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((one) => typeof one === "string" && one.startsWith("letter")) }), // prettier-ignore
  });
  const step: Stepping["step"] = (of, did, said) =>
    isPending
      ? Promise.resolve(false)
      : mutateAsync({ of, did, said }).then(
          () => true,
          () => false,
        );
  return { step, isRunning: isPending, failure: error ? failureOf(error) : undefined, done: error ? "" : (data ?? "") };
}
