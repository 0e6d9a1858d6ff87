/**
 * An access that is reviewed, line by line: when, what was done, what was shown, on what ground; and all that was judged of
 * it so far. The reviewer sees that a note was read, never what stands in it.
 *
 * SPEC JRN-LOG-DETAIL · HSLF-FS 2016:40 4 kap. 9 §
 */
import { reachSetting } from "../../access/index.ts";
import { addDays, isoLocal, parseLocalDate, startOfDate } from "../../base/index.ts";
import { memberText, type AccessLogEntry, type LogRow, type Verdict } from "../../store/index.ts";
import type { Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { lineOf, type ExtractLine } from "./extract.ts";
import { recordShownTasks, taskOf, type Task } from "./review-tasks.ts";
import { groundsForLog } from "./search-log.ts";

export type ReviewLine = Pick<
  ExtractLine,
  "time" | "activity" | "refused" | "emergency" | "ground" | "types" | "count"
> & {
  readonly action: string;
  /** Versions that were shown, as the log names them. */
  readonly what: readonly string[];
};

export type ReviewDetail = {
  readonly task: Task;
  readonly lines: readonly ReviewLine[];
  /** There are more lines than are shown. */
  readonly isCut: boolean;
  readonly verdicts: readonly Verdict[];
};

const MOST_LINES = 1000;
const MOST_NAMES = 100;

/** Errors: NOT_FOUND when it is not among what the reviewer is to review, FORBIDDEN. */
export async function reviewDetail(visit: Visit, access: string): Promise<Disclosed<ReviewDetail>> {
  const grounds = await groundsForLog(visit, "read");
  const task = await taskOf(visit, grounds, access);
  const found = await visit.store.read(reachSetting(grounds.reach), async (look) => {
    const rows = await look.log({
      patient: task.patient.id,
      within: [dayOf(task)],
      texts: [[memberText("actor", task.actor)]],
      after: "start",
      limit: MOST_LINES + 1,
    });
    return { rows, verdicts: await look.reviews.verdictsOf(access) };
  });
  await recordShownTasks(visit, grounds, [task]);
  const lines = found.rows.flatMap((row) => {
    const entry = JSON.parse(row.entry) as AccessLogEntry;
    const isSame = entry.actor === task.actor && (entry.careUnitId ?? entry.careUnit) === (task.unitId ?? task.unit);
    return isSame ? [reviewLineOf(row, entry)] : [];
  });
  return disclose({
    task,
    lines: lines.slice(0, MOST_LINES),
    isCut: found.rows.length > MOST_LINES,
    verdicts: found.verdicts,
  });
}

/** A row of the log as a reviewer sees it. */
export function reviewLineOf(row: LogRow, entry: AccessLogEntry): ReviewLine {
  const { time, activity, refused, emergency, ground, types, count } = lineOf(row);
  const what = entry.what.slice(0, MOST_NAMES);
  return { time, action: entry.action, activity, refused, emergency, ground, types, count, what };
}

/** The Swedish day of the access. */
function dayOf({ day, first }: Task): { readonly low: string; readonly high: string } {
  const date = parseLocalDate(day) ?? parseLocalDate(isoLocal(Date.parse(first)).slice(0, 10));
  if (date === undefined) throw new RangeError("an access has no day");
  return {
    low: new Date(startOfDate(date)).toISOString(),
    high: new Date(startOfDate(addDays(date, 1))).toISOString(),
  };
}
