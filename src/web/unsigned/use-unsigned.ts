/** What waits for the own signature, which of it has been read here, and signing all of that. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Loaded } from "../loaded.ts";
import { CallFailed, failureOf } from "../wire/call.ts";
import { signNote, unsignedQuery, type Seen, type Unsigned, type Waiting } from "../wire/signing.ts";

export type Outcome = {
  readonly done: number;
  readonly failed: readonly { readonly title: string; readonly why: string }[];
};

export function nameOf({ type, id }: Waiting): string {
  return `${type}/${id}`;
}

export function useUnsigned(): {
  readonly loaded: Loaded<Unsigned>;
  readonly refresh: () => void;
  readonly isRefreshing: boolean;
} {
  const { data, error, refetch, isFetching } = useQuery(unsignedQuery);
  const refresh = (): void => void refetch();
  const loaded: Loaded<Unsigned> = data
    ? { state: "some", value: data, asOf: data.asOf, stale: error ? failureOf(error) : undefined }
    : error
      ? { state: "failed", failure: failureOf(error), retry: refresh }
      : { state: "loading" };
  return { loaded, refresh, isRefreshing: isFetching && data !== undefined };
}

/** Signs one note after the other: what is refused is told, and keeps no other from being signed. */
export function useSignMany(): {
  readonly sign: (notes: readonly (Seen & { readonly title: string })[], unknown: string) => Promise<void>;
  readonly isSigning: boolean;
  readonly outcome: Outcome | undefined;
} {
  const queries = useQueryClient();
  const [isSigning, setSigning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const sign = async (notes: readonly (Seen & { readonly title: string })[], unknown: string): Promise<void> => {
    setSigning(true);
    let done = 0;
    const failed: { title: string; why: string }[] = [];
    for (const note of notes) {
      try {
        await signNote(note);
        done += 1;
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        failed.push({ title: note.title, why: error.failure.said ?? unknown });
      }
    }
    setOutcome({ done, failed });
    setSigning(false);
    await Promise.all(["patient", "loops"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
  return { sign, isSigning, outcome };
}
