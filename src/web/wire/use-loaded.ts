/** One answer of the server as a screen receives it: loading, failed, or there, with how fresh it is. SPEC WEB-LOAD */
import { useQuery, type QueryKey, type UseQueryOptions } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Loaded } from "../loaded.ts";
import { failureOf } from "./call.ts";

export type Fresh = { readonly asOf: string | undefined; readonly refresh: () => void; readonly isRefreshing: boolean };

export function useLoaded<T, K extends QueryKey>(
  options: UseQueryOptions<T, Error, T, K>,
): { readonly loaded: Loaded<T>; readonly fresh: Fresh } {
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery(options);
  const loaded = useMemo((): Loaded<T> => {
    const asOf = new Date(dataUpdatedAt).toISOString();
    if (data !== undefined) return { state: "some", value: data, asOf, stale: error ? failureOf(error) : undefined };
    if (error) return { state: "failed", failure: failureOf(error), retry: () => void refetch() };
    return { state: "loading" };
  }, [data, error, refetch, dataUpdatedAt]);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return { loaded, fresh: { asOf, refresh: () => void refetch(), isRefreshing: isFetching && data !== undefined } };
}
