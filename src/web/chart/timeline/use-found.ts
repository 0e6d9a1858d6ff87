/** What is found of some words in the patient's whole record: looked for when one stops typing, and on to the record's end. SPEC WEB-TIME-6 */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { Failure } from "../../loaded.ts";
import { timelineEntries } from "../../say/timeline-groups.ts";
import type { TimelineEntry } from "../../say/timeline.ts";
import { failureOf } from "../../wire/call.ts";
import { wordsQuery } from "../../wire/chart.ts";
import { useBeside } from "../use-section.ts";

export type FoundState = {
  /** Newest first; nothing as long as nothing is known. */
  readonly entries: readonly TimelineEntry[] | undefined;
  readonly looked: number;
  readonly isLooking: boolean;
  readonly failure: Failure | undefined;
  readonly retry: () => void;
};

const PAUSE_MS = 300;
const SHORTEST = 2;

/** Nothing when too little is typed to look for. */
export function useFound(patientId: string, typed: string): FoundState | undefined {
  const words = useSettled(typed.trim());
  const isAsked = words.length >= SHORTEST;
  const query = useInfiniteQuery({ ...wordsQuery(patientId, words), enabled: isAsked });
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && error === null) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  const resources = useMemo(() => (data?.pages ?? []).flatMap(({ items }) => items), [data]);
  const beside = useBeside(useMemo(() => ({ resources, units: {} }), [resources]));
  const entries = useMemo(
    () => (data ? timelineEntries(resources, beside).toSorted((a, b) => b.ms - a.ms) : undefined),
    [data, resources, beside],
  );
  if (!isAsked || words !== typed.trim()) return typed.trim().length < SHORTEST ? undefined : WAITING;
  return {
    entries,
    looked: (data?.pages ?? []).reduce((sum, page) => sum + page.looked, 0),
    isLooking: isFetching || hasNextPage,
    failure: error ? failureOf(error) : undefined,
    retry: () => void refetch(),
  };
}

const WAITING: FoundState = {
  entries: undefined,
  looked: 0,
  isLooking: true,
  failure: undefined,
  retry: () => undefined,
};

/** What was typed, once nothing more is typed for a moment. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
