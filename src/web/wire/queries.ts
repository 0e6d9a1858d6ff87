/**
 * How answers are kept: for one session only, never on disk, and re-read when they may be old. A lost session empties
 * everything that belongs to patients and lets the shell go to sign-in.
 *
 * SPEC WEB-SIGN-3 · WEB-MORE
 */
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { CallFailed, isSignedOut } from "./call.ts";
import { sessionQuery } from "./session.ts";

const FRESH_MS = 60_000;
/** Returning to the window re-reads what is older than this; not more often, since each reading is logged for the patient. */
const FOCUS_MS = 5 * 60_000;

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => isSignedOut(error) && forgetEverything() }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      gcTime: 15 * 60_000,
      // Copies would lose the numbers' written form (written-json.ts).
      structuralSharing: false,
      refetchOnWindowFocus: (query) => Date.now() - query.state.dataUpdatedAt > FOCUS_MS,
      retry: (failures, error) => failures < 1 && error instanceof CallFailed && error.failure.kind === "busy",
      networkMode: "always",
    },
  },
});

/** Leaves nothing of the last session in memory, and tells the shell that nobody is signed in. */
export function forgetEverything(): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
  queries.setQueryData(sessionQuery.queryKey, null);
}
