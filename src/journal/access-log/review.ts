/**
 * What came of a sampled access: who judged it, when, how and why. Once judged, it stays so; the statistics for the
 * inspectorates are counted from what was judged.
 *
 * SPEC JRN-LOG-REVIEW · HSLF-FS 2016:40 4 kap. 9 § (checks are documented)
 */
import { reachSetting } from "../../access/index.ts";
import { homeOf } from "../../base/index.ts";
import { fhirError, fhirErrorAt } from "../../fhir/index.ts";
import type { ReviewCount, ReviewMonth, ReviewOutcome, Verdict } from "../../store/index.ts";
import { authorize, recordRefusal } from "../authorize.ts";
import { recordAccess } from "../commit.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { rowOfId } from "./audit-event.ts";
import type { Access } from "./risk-rules.ts";
import { groundsForLog, ownProvider } from "./search-log.ts";

export type ReviewWish = {
  /** The access's id in its sample. */
  readonly access: string;
  readonly outcome: ReviewOutcome;
  readonly note: string;
  /** HSA-id of the person who judged; somebody who is signed in is that person. */
  readonly reviewer?: string;
  /** How many verdicts of the access the reviewer has seen; none unless said. */
  readonly seen?: number;
};

export const REVIEW_OUTCOMES: readonly ReviewOutcome[] = ["justified", "unjustified", "unclear"];

const ACTION = "review access";
const LONGEST_NOTE = 4000;
const MOST_VERDICTS = 1000;

/**
 * Adds a verdict to those that the reviewer has seen. The same again is done already. Errors: NOT_FOUND when the access is
 * not among those to review, REVIEWED_ALREADY when there is one that the reviewer has not seen, REVIEW_INVALID, FORBIDDEN.
 */
export async function recordReview(visit: Visit, wish: ReviewWish): Promise<void> {
  const grounds = await authorize(visit, "create", "AuditEvent", "AuditEvent/$access-log review");
  await groundsForLog(visit, "read");
  refuseBadWish(wish);
  const { access, outcome, note, seen = 0 } = wish;
  const reviewer = reviewerOf(visit, wish);
  const act = { action: ACTION, outcome: "granted", ground: groundText(grounds) } as const;
  const recorded = visit.clock().toISOString();
  const came = await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    const [task] = isTaskId(access) ? await tx.reviews.tasks({ provider: ownProvider(visit), access, limit: 1 }) : [];
    if (task === undefined) return "unknown";
    const { patient } = task.finding as Pick<Access, "patient">;
    const verdict = { access, sample: task.sample ?? "", outcome, note, reviewer, recorded, turn: seen + 1 };
    if (!(await tx.reviews.addReview(verdict)) && !isAgain(task.verdict, verdict)) return "known";
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

export type ReviewStatistics = { readonly counts: readonly ReviewCount[]; readonly months: readonly ReviewMonth[] };

/** Sampled accesses and what came of them by month, and by month, unit and rule. Nobody is named. Errors: FORBIDDEN. */
export async function reviewStatistics(
  visit: Visit,
  { first, last }: { readonly first: string; readonly last: string },
): Promise<Disclosed<ReviewStatistics>> {
  const grounds = await groundsForLog(visit, "search");
  const provider = ownProvider(visit);
  const found = await visit.store.read(reachSetting(grounds.reach), async (look) => ({
    counts: await look.reviews.counts(first, last, provider),
    months: await look.reviews.months(first, last, provider),
  }));
  const act = { action: "read review statistics", outcome: "granted", ground: groundText(grounds) } as const;
  const what = [`AuditEvent/$access-log statistics ${first} ${last}`];
  await visit.store.recordAccess([logEntry(visit, act, { home: 0, patient: null, what })]);
  return disclose(found);
}

/** A row of the log, or an emergency access. */
export function isTaskId(id: string): boolean {
  return rowOfId(id) !== undefined || /^emergency-[\w.-]{1,64}$/.test(id);
}

/** A second click: the newest verdict is word for word the one that was to be added. */
function isAgain(newest: Verdict | null, { outcome, note, reviewer, turn }: Omit<Verdict, "recorded">): boolean {
  if (newest === null) return false;
  return (
    JSON.stringify([newest.outcome, newest.note, newest.reviewer, newest.turn]) ===
    JSON.stringify([outcome, note, reviewer, turn])
  );
}

function reviewerOf({ actor }: Visit, { reviewer = "" }: ReviewWish): string {
  const name = actor.kind === "person" ? actor.hsaId : reviewer;
  if (!/^[\x21-\x7e]{4,100}$/.test(name)) throw fhirErrorAt("REVIEW_INVALID", "reviewer", "reviewer");
  return name;
}

function refuseBadWish({ outcome, note, seen = 0 }: ReviewWish): void {
  if (!REVIEW_OUTCOMES.includes(outcome)) throw fhirErrorAt("REVIEW_INVALID", "outcome", "outcome");
  if (note.trim() === "" || note.length > LONGEST_NOTE || note.includes("\0"))
    throw fhirErrorAt("REVIEW_INVALID", "note", "note");
  if (!Number.isInteger(seen) || seen < 0 || seen > MOST_VERDICTS) throw fhirErrorAt("REVIEW_INVALID", "seen", "seen");
}
