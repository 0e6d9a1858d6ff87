/**
 * What the access log is told of people who sign in, or who were known and turned away.
 *
 * SPEC JRN-SIGN-IN · HSLF-FS 2016:40 4 kap. 9 §
 */
import { logEntry, type Visit } from "./context.ts";

/** Makes durable that somebody signed in, or was refused; `who` is the HSA-id of one who has no assignment to be logged under. */
export function recordSignIn(
  visit: Visit,
  { outcome, ground }: { readonly outcome: "granted" | "refused"; readonly ground: string },
  who: string | null,
): Promise<void> {
  const what = [who === null ? "$sign-in" : `$sign-in ${who}`];
  return visit.store.recordAccess([
    logEntry(visit, { action: "sign-in", outcome, ground }, { home: 0, patient: null, what }),
  ]);
}
