/**
 * History: every version of one resource, of a type, or of everything, newest first, page by page.
 *
 * SPEC JRN-HISTORY · https://hl7.org/fhir/R4/http.html#history
 */
import { reachSetting, type Use } from "../access/index.ts";
import { fhirError, isFhirId } from "../fhir/index.ts";
import type { HistoryRow, ReadTx } from "../store/index.ts";
import { authorize, recordRefusal } from "./authorize.ts";
import { recordShown } from "./care/grounds.ts";
import { groundText, OUT_OF_REACH, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { showingFor, shownRow, type Showing } from "./protected.ts";

export type HistoryAsk = {
  readonly type?: string;
  readonly id?: string;
  /** An instant (ISO): versions made then or later. */
  readonly since?: string;
  /** A period (ISO instants, both ends in it): the versions that held at some time in it, deletions too. */
  readonly at?: { readonly low: string; readonly high: string };
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
  const { type = "*", id } = ask;
  const grounds = await authorize(visit, "history", type, id === undefined ? type : `${type}/${id}`);
  const page = await visit.store.read(reachSetting(grounds.reach), (look) =>
    id === undefined ? pageOfMany(look, ask) : pageOfOne(look, { ...ask, type, id }),
  );
  const act = { action: "history", outcome: "granted", ground: groundText(grounds) } as const;
  if (id !== undefined && page.total === 0) {
    await recordRefusal(visit, "history", OUT_OF_REACH, [`${type}/${id}`]);
    throw fhirError("NOT_FOUND");
  }
  await recordShown(visit, entriesByPatient(visit, act, page.rows, [`${type}/_history`]));
  const showing = await showingFor(visit);
  const rows = page.rows.map((row) => shownVersion(row, showing, id === undefined ? "list" : "chart"));
  return disclose({ ...page, rows });
}

/** A version of somebody who is protected today is shown as today's is. */
function shownVersion(row: HistoryRow, showing: Showing, use: Use): HistoryRow {
  return row.content === null ? row : shownRow({ ...row, content: row.content }, showing, use);
}

async function pageOfMany(look: ReadTx, { at, ...ask }: HistoryAsk): Promise<HistoryPage> {
  const query = { ...ask, limit: ask.count + 1 };
  if (at === undefined) return cut(await look.changeHistory(query), ask.count, null);
  const { rows, end } = await look.changeHistoryAt(query, at);
  const page = cut(rows, ask.count, null);
  return { ...page, next: page.next ?? end };
}

type OneAsk = HistoryAsk & { readonly type: string; readonly id: string };

async function pageOfOne(look: ReadTx, { type, id, since, at, before: cursor, count }: OneAsk): Promise<HistoryPage> {
  if (!isFhirId(id)) return { rows: [], next: null, total: 0 };
  const total = await look.countVersions(type, id);
  const before = cursor === undefined ? undefined : Math.min(Number(cursor), LAST_VERSION);
  const query = { type, id, since, before, limit: count + 1 };
  const rows = await (at === undefined ? look.instanceHistory(query) : look.instanceHistoryAt(query, at));
  const isWhole = since === undefined && at === undefined;
  return cut(rows, count, isWhole || total === 0 ? total : null);
}

function cut(rows: readonly HistoryRow[], count: number, total: number | null): HistoryPage {
  const shown = rows.slice(0, count);
  return { rows: shown, next: rows.length > count ? (shown.at(-1)?.position ?? null) : null, total };
}
