/** What the patient's page has received, in its states, and one way to change something: it is done once however often it is clicked. */
import { useMutation, useQuery, type QueryKey, type UseQueryOptions } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Failure, Loaded } from "../loaded.ts";
import { failureOf, isSignedOut } from "../wire/call.ts";

/** Goes to sign-in with nothing of the last session left in memory. */
export function toSignIn(): void {
  window.location.assign("/portal/logga-in");
}

export function useLoaded<T, K extends QueryKey>(options: UseQueryOptions<T, Error, T, K>): Loaded<T> {
  const { data, error, refetch, dataUpdatedAt } = useQuery(options);
  return useMemo((): Loaded<T> => {
    if (error && isSignedOut(error)) toSignIn();
    const asOf = new Date(dataUpdatedAt).toISOString();
    if (data !== undefined) return { state: "some", value: data, asOf, stale: error ? failureOf(error) : undefined };
    if (error) return { state: "failed", failure: failureOf(error), retry: () => void refetch() };
    return { state: "loading" };
  }, [data, error, refetch, dataUpdatedAt]);
}

export type Change<A> = {
  readonly run: (asked: A, said: string) => Promise<boolean>;
  readonly isRunning: boolean;
  readonly failure: Failure | undefined;
  /** What is said when it is done. */
  readonly done: string;
};

/** One kind of change; `then` gets the answer. A second click while it runs does nothing. */
export function useChange<A, T>(work: (asked: A) => Promise<T>, then: (answer: T) => void): Change<A> {
  const [done, setDone] = useState("");
  const { mutateAsync, isPending, error } = useMutation({ mutationFn: work, onSuccess: then });
  const run = (asked: A, said: string): Promise<boolean> => {
    if (isPending) return Promise.resolve(false);
    setDone("");
    return mutateAsync(asked).then(
      () => {
        setDone(said);
        return true;
      },
      (reason: unknown) => {
        if (isSignedOut(reason)) toSignIn();
        return false;
      },
    );
  };
  return { run, isRunning: isPending, failure: error ? failureOf(error) : undefined, done };
}
