/** The rows of a list as a screen receives them, live, and what each is about, which is asked for once. SPEC WEB-INBOX-1, WEB-INBOX-7 */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Loaded } from "../loaded.ts";
import { byRisk } from "../say/loops.ts";
import { failureOf } from "../wire/call.ts";
import {
  aboutLoops,
  loopsQuery,
  type Counts,
  type LoopAbout,
  type LoopFilter,
  type LoopRow,
  type Names,
} from "../wire/loops.ts";
import type { Fresh } from "../wire/use-loaded.ts";

export type Rows = {
  readonly rows: readonly LoopRow[];
  readonly names: Names;
  readonly counts: Counts;
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly fetchMore: () => void;
};

export function useLoops(filter: LoopFilter): { readonly loaded: Loaded<Rows>; readonly fresh: Fresh } {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isFetching, dataUpdatedAt } =
    useInfiniteQuery(loopsQuery(filter));
  const loaded = useMemo((): Loaded<Rows> => {
    const asOf = new Date(dataUpdatedAt).toISOString();
    const [first] = data?.pages ?? []; // the counts of the whole list come with every page
    if (data === undefined || first === undefined)
      return error ? { state: "failed", failure: failureOf(error), retry: () => void refetch() } : { state: "loading" };
    const byId = new Map(data.pages.flatMap((page) => page.items).map((row) => [row.id, row]));
    const names = Object.assign({}, ...data.pages.map((page) => page.names)) as Names;
    const value = {
      rows: [...byId.values()].toSorted(byRisk),
      names,
      counts: first.counts,
      hasMore: hasNextPage,
      isFetchingMore: isFetchingNextPage,
      fetchMore: () => void fetchNextPage(),
    };
    return { state: "some", value, asOf, stale: error ? failureOf(error) : undefined };
  }, [data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, dataUpdatedAt]);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return { loaded, fresh: { asOf, refresh: () => void refetch(), isRefreshing: isFetching && data !== undefined } };
}

export type Abouts = {
  readonly known: ReadonlyMap<string, LoopAbout>;
  /** Whom some rows are about could not be fetched; it is tried again with the next look. */
  readonly hasFailed: boolean;
};

const AT_ONCE = 50;
const KEPT = ["patient", "loop-abouts"] as const;

/**
 * What rows are about, kept as long as the session: asking is logged for the patients, so that only what is not known is asked for.
 * It is forgotten with everything else about patients.
 */
export function useAbouts(rows: readonly LoopRow[]): Abouts {
  const queries = useQueryClient();
  const { data: known = NOTHING } = useQuery<ReadonlyMap<string, LoopAbout>>({
    queryKey: KEPT,
    queryFn: () => Promise.resolve(queries.getQueryData<ReadonlyMap<string, LoopAbout>>(KEPT) ?? NOTHING),
    staleTime: Infinity,
  });
  const [hasFailed, setFailed] = useState(false);
  const asking = useRef(new Set<string>());
  useEffect(() => {
    const missing = rows.map(({ id }) => id).filter((id) => !known.has(id) && !asking.current.has(id));
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      const part = missing.slice(at, at + AT_ONCE);
      for (const id of part) asking.current.add(id);
      void aboutLoops(part)
        .then((found) => {
          const before = queries.getQueryData<ReadonlyMap<string, LoopAbout>>(KEPT) ?? NOTHING;
          queries.setQueryData(KEPT, new Map([...before, ...found.map((one) => [one.id, one] as const)]));
          setFailed(false);
        })
        .catch(() => setFailed(true))
        .finally(() => part.forEach((id) => asking.current.delete(id)));
    }
  }, [rows, known, queries]);
  return { known, hasFailed };
}

const NOTHING: ReadonlyMap<string, LoopAbout> = new Map();

/** The moment by which deadlines are said; it goes on by itself. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
