/**
 * The log of an answer with many rows: one entry for each patient with everything of theirs that was shown, and one for
 * what belongs to no patient. An answer without rows is logged too: that nothing was found is also told.
 *
 * SPEC JRN-HITS
 */
import { homeOf } from "../base/index.ts";
import type { AccessLogEntry } from "../store/index.ts";
import { aboutAsked, logEntry, type Visit } from "./context.ts";

export type Hit = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
};

type Act = { readonly action: string; readonly outcome: "granted" | "refused"; readonly ground: string };

/** Entries for `hits`; `asked` stands in the log when there are none. */
export function entriesByPatient(
  visit: Visit,
  act: Act,
  hits: readonly Hit[],
  asked: readonly string[],
): AccessLogEntry[] {
  if (hits.length === 0) return [logEntry(visit, act, aboutAsked(asked))];
  const byPatient = new Map<string | null, string[]>();
  for (const { type, id, version, patient } of hits) {
    const what = byPatient.get(patient);
    const one = `${type}/${id}/_history/${version}`;
    if (what === undefined) byPatient.set(patient, [one]);
    else what.push(one);
  }
  return [...byPatient].map(([patient, what]) =>
    logEntry(visit, act, { home: patient === null ? 0 : homeOf(patient), patient, what }),
  );
}
