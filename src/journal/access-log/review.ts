/**
 * What came of a sampled access: who judged it, when, how and why. Once judged, it stays so; the statistics for the
 * inspectorates are counted from what was judged.
 *
 * SPEC JRN-LOG-REVIEW · HSLF-FS 2016:40 4 kap. 9 § (checks are documented)
 */
import { reachSetting } from "../../access/index.ts";
import { homeOf } from "../../base/index.ts";
import { fhirError, fhirErrorAt } from "../../fhir/index.ts";
import type { ReviewCount, ReviewOutcome } from "../../store/index.ts";
import { authorize, recordRefusal } from "../authorize.ts";
import { recordAccess } from "../commit.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { rowOfId } from "./audit-event.ts";
import type { Access } from "./risk-rules.ts";
import { groundsForLog } from "./search-log.ts";

export type ReviewWish = {
  /** The access's id in its sample. */
  readonly access: string;
  readonly outcome: ReviewOutcome;
  readonly note: string;
  /** HSA-id of the person who judged. */
  readonly reviewer: string;
};

export const REVIEW_OUTCOMES: readonly ReviewOutcome[] = ["justified", "unjustified", "unclear"];

const ACTION = "review access";
const LONGEST_NOTE = 4000;

/** Errors: NOT_FOUND when no sample has the access, REVIEWED_ALREADY, REVIEW_INVALID, FORBIDDEN. */
export async function recordReview(visit: Visit, wish: ReviewWish): Promise<void> {
  const grounds = await authorize(visit, "create", "AuditEvent", "AuditEvent/$access-log review");
  await groundsForLog(visit, "read");
  refuseBadWish(wish);
  const { access, outcome, note, reviewer } = wish;
  const act = { action: ACTION, outcome: "granted", ground: groundText(grounds) } as const;
  const recorded = visit.clock().toISOString();
  const came = await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    const item = rowOfId(access) === undefined ? undefined : await tx.reviews.itemOf(access);
    if (item === undefined) return "unknown";
    const { patient } = item.finding as Pick<Access, "patient">;
    if (!(await tx.reviews.addReview({ access, sample: item.sample, outcome, note, reviewer, recorded })))
      return "known";
    const what = [`AuditEvent/${access}`, `reviewer ${reviewer}`];
    await recordAccess(tx, visit, [logEntry(visit, act, { home: homeOf(patient), patient, what })]);
    return "added";
  });
  if (came === "added") return;
  await recordRefusal(visit, ACTION, came === "known" ? "redan granskad" : OUT_OF_REACH, [
    "AuditEvent/$access-log review",
  ]);
  throw fhirError(came === "known" ? "REVIEWED_ALREADY" : "NOT_FOUND");
}

/** Sampled accesses and what came of them by month, unit and rule. Nobody is named. Errors: FORBIDDEN. */
export async function reviewStatistics(
  visit: Visit,
  months: { readonly first: string; readonly last: string },
): Promise<Disclosed<readonly ReviewCount[]>> {
  const grounds = await groundsForLog(visit, "search");
  const counts = await visit.store.read(reachSetting(grounds.reach), (look) =>
    look.reviews.counts(months.first, months.last),
  );
  const act = { action: "read review statistics", outcome: "granted", ground: groundText(grounds) } as const;
  const what = [`AuditEvent/$access-log statistics ${months.first} ${months.last}`];
  await visit.store.recordAccess([logEntry(visit, act, { home: 0, patient: null, what })]);
  return disclose(counts);
}

function refuseBadWish({ outcome, note, reviewer }: ReviewWish): void {
  if (!REVIEW_OUTCOMES.includes(outcome)) throw fhirErrorAt("REVIEW_INVALID", "outcome", "outcome");
  if (note.trim() === "" || note.length > LONGEST_NOTE || note.includes("\0"))
    throw fhirErrorAt("REVIEW_INVALID", "note", "note");
  if (!/^[\x21-\x7e]{4,100}$/.test(reviewer)) throw fhirErrorAt("REVIEW_INVALID", "reviewer", "reviewer");
}
