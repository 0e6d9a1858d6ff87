/**
 * History: every version of one resource, of a type, or of everything, newest first, page by page.
 *
 * SPEC JRN-HISTORY · https://hl7.org/fhir/R4/http.html#history
 */
import { reachSetting } from "../access/index.ts";
import { fhirError, isFhirId } from "../fhir/index.ts";
import type { HistoryRow } from "../store/index.ts";
import { authorize, recordRefusal } from "./authorize.ts";
import { groundText, OUT_OF_REACH, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";

export type HistoryAsk = {
  readonly type?: string;
  readonly id?: string;
  /** Instants (ISO): versions made at or after `since`; the versions that were current at `at`. */
  readonly since?: string;
  readonly at?: string;
  readonly before?: string;
  readonly count: number;
};

const LAST_VERSION = 2_147_483_647; // PostgreSQL's int4

export type HistoryPage = {
  readonly rows: readonly HistoryRow[];
  readonly next: string | null;
  readonly total: number | null;
};

/** One page of history. Errors: NOT_FOUND when the resource never was within reach, FORBIDDEN. */
export async function readHistory(visit: Visit, ask: HistoryAsk): Promise<Disclosed<HistoryPage>> {
  const type = ask.type ?? "*";
  const grounds = await authorize(visit, "history", type, ask.id === undefined ? type : `${type}/${ask.id}`);
  const page = await visit.store.read(reachSetting(grounds.reach), async (look): Promise<HistoryPage> => {
    if (ask.id !== undefined && !isFhirId(ask.id)) return { rows: [], next: null, total: 0 };
    const limit = ask.count + 1;
    if (ask.type === undefined || ask.id === undefined) {
      return cut(await look.changeHistory({ ...ask, until: ask.at, limit }), ask.count, null);
    }
    const total = await look.countVersions(ask.type, ask.id);
    const before = ask.before === undefined ? undefined : Math.min(Number(ask.before), LAST_VERSION);
    // What was current at a moment is the newest version up to it.
    const rows = await look.instanceHistory({
      type: ask.type,
      id: ask.id,
      since: ask.since,
      until: ask.at,
      before,
      limit: ask.at === undefined ? limit : 1,
    });
    const whole = ask.since === undefined && ask.at === undefined;
    return cut(rows, ask.count, whole ? total : total === 0 ? 0 : null);
  });
  const act = { action: "history", outcome: "granted", ground: groundText(grounds) } as const;
  if (ask.id !== undefined && page.total === 0) {
    await recordRefusal(visit, "history", OUT_OF_REACH, [`${type}/${ask.id}`]);
    throw fhirError("NOT_FOUND");
  }
  await visit.store.recordAccess(entriesByPatient(visit, act, page.rows, [`${type}/_history`]));
  return disclose(page);
}

function cut(rows: readonly HistoryRow[], count: number, total: number | null): HistoryPage {
  const shown = rows.slice(0, count);
  return { rows: shown, next: rows.length > count ? (shown.at(-1)?.position ?? null) : null, total };
}
