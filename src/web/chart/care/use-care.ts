/**
 * How the chart's patient stands to the reader, and one way to change it: afterwards everything that is shown of the patient is
 * fetched anew, and what is not on the screen is forgotten.
 *
 * SPEC WEB-DOOR, WEB-SOURCES
 */
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Failure } from "../../loaded.ts";
import { nextEnd } from "../../say/care.ts";
import { failureOf } from "../../wire/call.ts";
import { careQuery, changeCare, type CareEnd, type CareState, type CareWish } from "../../wire/care.ts";

export type CareChanging = {
  /** How the records stand afterwards; undefined when it failed. */
  readonly change: (...changes: readonly (CareWish | CareEnd)[]) => Promise<CareState | undefined>;
  readonly isChanging: boolean;
  readonly failure: Failure | undefined;
};

/** What is done before and after: `settle` fetches what follows. */
export function useChangeCare(patientId: string, settle: (state: CareState) => Promise<unknown>): CareChanging {
  const queries = useQueryClient();
  const { mutateAsync, isPending, error } = useMutation({
    mutationFn: (changes: readonly (CareWish | CareEnd)[]) => changeCare(patientId, changes),
    onSuccess: async (state) => {
      queries.setQueryData(careQuery(patientId).queryKey, state);
      await settle(state);
    },
    // Of several changes some may have been made.
    onError: () => queries.invalidateQueries(careQuery(patientId)),
  });
  const change = (...changes: readonly (CareWish | CareEnd)[]): Promise<CareState | undefined> =>
    mutateAsync(changes).catch(() => undefined);
  return { change, isChanging: isPending, failure: error ? failureOf(error) : undefined };
}

/** Fetches anew what is on the screen and forgets the rest; what could not be fetched does not stay as it was. */
export async function fetchAnew(queries: QueryClient, patientId: string): Promise<void> {
  const predicate = ({ queryKey: [kind, id, what] }: { readonly queryKey: readonly unknown[] }): boolean =>
    kind === "patient" && id === patientId && what !== "care" && what !== "who";
  queries.removeQueries({ predicate, type: "inactive" });
  await queries
    .refetchQueries({ predicate, type: "active" }, { throwOnError: true })
    .catch(() => queries.resetQueries({ predicate }));
}

const LONGEST_MS = 2_147_483_647;

/** When something that opens has ended, what is shown is fetched anew. */
export function useEndOfAccess(patientId: string, state: CareState | undefined, ended: () => void): void {
  useEffect(() => {
    const now = Date.now();
    const end = state && nextEnd(state, now);
    if (end === undefined) return undefined;
    const timer = setTimeout(ended, Math.min(end - now + 1000, LONGEST_MS));
    return () => clearTimeout(timer);
  }, [patientId, state, ended]);
}
