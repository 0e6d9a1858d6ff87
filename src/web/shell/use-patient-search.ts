/**
 * Looks up patients as one types. Hits always belong to exactly the text in the field: an Enter pressed before the answer
 * waits for it, and then opens only when there is nothing to choose between. A fast hand must not open the wrong patient.
 *
 * SPEC WEB-FIND · failure-modes F30
 */
import { useQuery } from "@tanstack/react-query";
import type { Patient } from "fhir/r4";
import { useEffect, useState } from "react";
import type { Failure } from "../loaded.ts";
import { failureOf } from "../wire/call.ts";
import { searchPatients } from "../wire/chart.ts";

export type Hits =
  | { readonly state: "idle" | "searching" }
  | { readonly state: "failed"; readonly failure: Failure; readonly retry: () => void }
  | { readonly state: "found"; readonly patients: readonly Patient[]; readonly more: boolean };

const PAUSE_MS = 120;
const SHORTEST = 2;

export function usePatientSearch(typed: string): Hits {
  const text = typed.trim().replace(/\s+/g, " ");
  const settled = useSettled(text);
  const isAsked = settled.length >= SHORTEST;
  const query = useQuery({
    queryKey: ["patients", settled],
    queryFn: ({ signal }) => searchPatients(settled, signal),
    enabled: isAsked,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (text.length < SHORTEST) return { state: "idle" };
  if (settled !== text || query.isFetching) return { state: "searching" };
  if (query.data) return { state: "found", patients: query.data.items, more: query.data.more };
  if (query.error) return { state: "failed", failure: failureOf(query.error), retry: () => void query.refetch() };
  return { state: "searching" };
}

/** The text after a short pause in the typing. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
