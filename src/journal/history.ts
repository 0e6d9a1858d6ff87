/**
 * History: every version of one resource, of a type, or of everything, newest first, page by page.
 *
 * SPEC JRN-HISTORY · https://hl7.org/fhir/R4/http.html#history
 */
import { reachSetting, type Use } from "../access/index.ts";
import { fhirError, fhirErrorAt, isFhirId, isResourceType } from "../fhir/index.ts";
import type { HistoryRow, InstanceHistoryQuery, ReadTx } from "../store/index.ts";
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
  /** Only of these (`Type/id`, or one version of it), which a list names. */
  readonly listed?: readonly string[];
  readonly before?: string;
  /** 0: only how many there are. */
  readonly count: number;
};

const MOST_LISTED = 200;
/** Versions that are put in order by the server itself. */
const MOST_GATHERED = 2000;

const LAST_VERSION = 2_147_483_647; // PostgreSQL's int4

export type HistoryPage = {
  readonly rows: readonly HistoryRow[];
  readonly next: string | null;
  /** Where the page before this one begins, when places follow one another without a gap. */
  readonly previous?: string;
  readonly total: number | null;
};

/** One page of history. Errors: NOT_FOUND when the resource never was within reach, FORBIDDEN. */
export async function readHistory(visit: Visit, ask: HistoryAsk): Promise<Disclosed<HistoryPage>> {
  const { type = "*", id } = ask;
  const grounds = await authorize(visit, "history", type, id === undefined ? type : `${type}/${id}`);
  const page = await visit.store.read(reachSetting(grounds.reach), (look) => {
    if (ask.listed !== undefined) return pageOfListed(look, ask, ask.listed);
    return id === undefined ? pageOfMany(look, ask) : pageOfOne(look, { ...ask, type, id });
  });
  const act = { action: "history", outcome: "granted", ground: groundText(grounds) } as const;
  if (page === undefined) {
    await recordRefusal(visit, "history", OUT_OF_REACH, [`${type}/${id ?? ""}`]);
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
  if (ask.count === 0) return { rows: [], next: null, total: await look.countChanges(ask.type, ask.since) };
  const query = { ...ask, limit: ask.count + 1 };
  if (at === undefined) return cut(await look.changeHistory(query), ask.count, null);
  const { rows, end } = await look.changeHistoryAt(query, at);
  const page = cut(rows, ask.count, null);
  return { ...page, next: page.next ?? end };
}

type OneAsk = HistoryAsk & { readonly type: string; readonly id: string };

/** A page, or nothing when there never was such a resource within reach. */
async function pageOfOne(look: ReadTx, ask: OneAsk): Promise<HistoryPage | undefined> {
  const { type, id, since, at, before: cursor, count } = ask;
  const total = isFhirId(id) ? await look.countVersions(type, id) : 0;
  if (total === 0) return undefined;
  const before = cursor === undefined ? undefined : Math.min(Number(cursor), LAST_VERSION);
  const isWhole = since === undefined && at === undefined;
  if (count === 0 && isWhole) return { rows: [], next: null, total };
  const query = { type, id, since, before, limit: count === 0 ? MOST_GATHERED + 1 : count + 1 };
  const rows = await versionsOf(look, query, at);
  if (count === 0) return { rows: [], next: null, total: refuseTooMany(rows).length };
  const page = cut(rows, count, isWhole ? total : null);
  return at === undefined ? withPrevious(page, ask, total) : page;
}

/** A page with where the one before it begins: `last` is the place of the first row of all. */
function withPrevious(page: HistoryPage, { before, count }: HistoryAsk, last: number): HistoryPage {
  const newest = Number(page.rows[0]?.position ?? before);
  if (before === undefined || newest >= last) return page;
  return { ...page, previous: String(Math.min(newest + count, last) + 1) };
}

/**
 * What a list names, newest first. A page begins by how many older ones are left, so that what is written meanwhile
 * neither repeats a version nor skips one. Errors: SEARCH_TOO_COSTLY.
 */
async function pageOfListed(look: ReadTx, ask: HistoryAsk, listed: readonly string[]): Promise<HistoryPage> {
  const { since, at, count } = ask;
  const names = listed.filter((name) => isAskedFor(name, ask));
  if (names.length > MOST_LISTED) throw fhirErrorAt("SEARCH_TOO_COSTLY", "_list", `${names.length} > ${MOST_LISTED}`);
  const found = new Map<string, HistoryRow>();
  for (const name of names) {
    const [type = "", id = "", , version] = name.split("/");
    const rows = await versionsOf(look, { type, id, since, limit: MOST_GATHERED + 1 }, at);
    for (const row of rows)
      if (version === undefined || version === String(row.version)) found.set(`${type}/${id}/${row.version}`, row);
    refuseTooMany([...found.values()]);
  }
  const all = [...found.values()].toSorted(newestFirst).map((row, place, { length }) => ({
    ...row,
    position: String(length - place),
  }));
  const rows = ask.before === undefined ? all : all.slice(Math.max(all.length - Number(ask.before) + 1, 0));
  if (count === 0) return { rows: [], next: null, total: all.length };
  return withPrevious(cut(rows, count, all.length), ask, all.length);
}

function isAskedFor(name: string, { type, id }: HistoryAsk): boolean {
  const [ofType = "", ofId = ""] = name.split("/");
  return isResourceType(ofType) && isFhirId(ofId) && (type ?? ofType) === ofType && (id ?? ofId) === ofId;
}

function versionsOf(look: ReadTx, query: InstanceHistoryQuery, at: HistoryAsk["at"]): Promise<readonly HistoryRow[]> {
  return at === undefined ? look.instanceHistory(query) : look.instanceHistoryAt(query, at);
}

/** Errors: SEARCH_TOO_COSTLY. */
function refuseTooMany(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  if (rows.length > MOST_GATHERED) throw fhirErrorAt("SEARCH_TOO_COSTLY", "_history", `> ${MOST_GATHERED}`);
  return rows;
}

function newestFirst(a: HistoryRow, b: HistoryRow): number {
  if (a.recorded !== b.recorded) return a.recorded < b.recorded ? 1 : -1;
  const [one, other] = [`${a.type}/${a.id}`, `${b.type}/${b.id}`];
  return one === other ? b.version - a.version : one < other ? -1 : 1;
}

function cut(rows: readonly HistoryRow[], count: number, total: number | null): HistoryPage {
  const shown = rows.slice(0, count);
  return { rows: shown, next: rows.length > count ? (shown.at(-1)?.position ?? null) : null, total };
}
