/** The page's words, and one way to change who reads for the patient: it is done once however often it is clicked. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLanguage } from "../../language/language.tsx";
import type { Failure } from "../../loaded.ts";
import { failureOf } from "../../wire/call.ts";
import { changeRepresentatives, representativesQuery, type RepresentativeChange } from "../../wire/representatives.ts";
import { en } from "./texts.en.ts";
import { sv, type RepresentativeTexts } from "./texts.ts";

export function useRepresentativeTexts(): RepresentativeTexts {
  return useLanguage().code === "en" ? en : sv;
}

export type Changing = {
  /** Resolves to true when it is done. */
  readonly change: (wish: RepresentativeChange) => Promise<boolean>;
  readonly isChanging: boolean;
  readonly isDone: boolean;
  readonly failure: Failure | undefined;
};

export function useChangeRepresentatives(patientId: string): Changing {
  const queries = useQueryClient();
  const { mutateAsync, isPending, isSuccess, error } = useMutation({
    mutationFn: (wish: RepresentativeChange) => changeRepresentatives(patientId, wish),
    onSuccess: (state) => queries.setQueryData(representativesQuery(patientId).queryKey, state),
  });
  const change = (wish: RepresentativeChange): Promise<boolean> =>
    isPending
      ? Promise.resolve(false)
      : mutateAsync(wish).then(
          () => true,
          () => false,
        );
  return { change, isChanging: isPending, isDone: isSuccess, failure: error ? failureOf(error) : undefined };
}
