/** The blocks of the chart's patient, and one way to change them: afterwards everything that is shown of the patient is fetched anew. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Failure, Loaded } from "../../loaded.ts";
import { blocksQuery, changeBlocks, type BlockChange, type BlockState } from "../../wire/blocks.ts";
import { failureOf } from "../../wire/call.ts";

export type Changing = {
  /** Resolves to true when it is done. */
  readonly change: (wish: BlockChange) => Promise<boolean>;
  readonly isChanging: boolean;
  readonly failure: Failure | undefined;
};

export function useBlocks(patientId: string): {
  readonly loaded: Loaded<BlockState>;
  readonly refresh: () => void;
  readonly isRefreshing: boolean;
} {
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery(blocksQuery(patientId));
  const loaded = useMemo((): Loaded<BlockState> => {
    const asOf = new Date(dataUpdatedAt).toISOString();
    if (data) return { state: "some", value: data, asOf, stale: error ? failureOf(error) : undefined };
    if (error) return { state: "failed", failure: failureOf(error), retry: () => void refetch() };
    return { state: "loading" };
  }, [data, error, refetch, dataUpdatedAt]);
  return { loaded, refresh: () => void refetch(), isRefreshing: isFetching && data !== undefined };
}

export function useChangeBlocks(patientId: string): Changing {
  const queries = useQueryClient();
  const { mutateAsync, isPending, error } = useMutation({
    mutationFn: (wish: BlockChange) => changeBlocks(patientId, wish),
    onSuccess: async (state) => {
      queries.setQueryData(blocksQuery(patientId).queryKey, state);
      // What was open may be blocked now, and the other way round: nothing of before is shown on.
      await queries.resetQueries({
        predicate: ({ queryKey: [kind, id, what] }) => kind === "patient" && id === patientId && what !== "blocks",
      });
    },
  });
  const change = (wish: BlockChange): Promise<boolean> =>
    mutateAsync(wish).then(
      () => true,
      () => false,
    );
  return { change, isChanging: isPending, failure: error ? failureOf(error) : undefined };
}
