/**
 * History as it was in a period: the versions that held at some time in it. A version holds from when it was made until
 * the next one was; the last one still does, and a deletion holds like any other.
 *
 * SPEC STORE-READ · https://hl7.org/fhir/R4/http.html#history (_at)
 */
import { spreadOf } from "./citus/index.ts";
import type { Connection } from "./connection.ts";
import type { ChangeHistoryQuery, HistoryRow, InstanceHistoryQuery } from "./reading.ts";
import { tableOf } from "./resources.ts";

/** The first instant of the period and the first after it (ISO). */
export type Period = { readonly low: string; readonly high: string };

/** Rows, and where the next page begins when not everything was looked through to fill this one. */
export type RowsAt = { readonly rows: readonly HistoryRow[]; readonly end: string | null };

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const LOOKS = 20;
const FEWEST = 200;

/** Every version of one resource, current or not. `$1` is its type, `$2` its id, `$n` the home that all of them lie at, if known. */
function allVersions(type: string, home: number | undefined, n: number): string {
  const there = home === undefined ? "" : `AND home = $${n}`;
  return `SELECT home, id, version, CASE version WHEN 1 THEN 'create' ELSE 'update' END AS method, last_updated, patient, content FROM ${tableOf(type)} WHERE id = $2 ${there}
               UNION ALL
               SELECT home, id, version, method, last_updated, patient, content FROM history WHERE type = $1 AND id = $2 ${there}`;
}

const SHOWN = `version::text AS position, $1::text AS type, id, version, method, ${ISO("last_updated")} AS recorded, patient, content`;

/** A page of the versions of one resource, newest first; `home` when all of them are known to lie there. */
export function versionsOf(
  connection: Connection,
  { type, id, since, before, limit }: InstanceHistoryQuery,
  home: number | undefined,
): Promise<HistoryRow[]> {
  return connection.many<HistoryRow>({
    name: `history-${home === undefined ? "anywhere-" : ""}${type}`,
    text: `SELECT ${SHOWN} FROM (${allVersions(type, home, 6)}) AS v
           WHERE ($3::timestamptz IS NULL OR last_updated >= $3) AND ($4::int4 IS NULL OR version < $4)
           ORDER BY version DESC LIMIT $5`,
    values: [type, id, since ?? null, before ?? null, limit, ...(home === undefined ? [] : [home])],
  });
}

/**
 * How many versions of a resource there are, at a home when that is told, and whether these must be all: the current
 * version is among them and none before it is missing.
 */
export async function countVersionsAt(
  connection: Connection,
  type: string,
  id: string,
  home: number | undefined,
): Promise<{ readonly total: number; readonly isWhole: boolean }> {
  const there = home === undefined ? "" : "AND home = $3";
  const [row] = await connection.many<{ total: number; current: number | null }>({
    name: `versions-${home === undefined ? "anywhere-" : ""}${type}`,
    text: `SELECT count(*)::int4 AS total, max(current) AS current FROM (
             SELECT home, version AS current FROM ${tableOf(type)} WHERE id = $2 ${there}
             UNION ALL SELECT home, NULL FROM history WHERE type = $1 AND id = $2 ${there}) AS v`,
    values: home === undefined ? [type, id] : [type, id, home],
  });
  return { total: row?.total ?? 0, isWhole: row?.current === row?.total };
}

/** The versions of one resource that held in the period, newest first; `home` when all of them are known to lie there. */
export function versionsAt(
  connection: Connection,
  query: InstanceHistoryQuery,
  at: Period & { readonly home: number | undefined },
): Promise<HistoryRow[]> {
  return connection.many<HistoryRow>({
    name: `history-at-${at.home === undefined ? "anywhere-" : ""}${query.type}`,
    text: `SELECT ${SHOWN} FROM (
             SELECT v.*, lead(v.last_updated) OVER (ORDER BY v.version) AS ended FROM (${allVersions(query.type, at.home, 8)}) AS v) AS v
           WHERE ($3::timestamptz IS NULL OR last_updated >= $3) AND ($4::int4 IS NULL OR version < $4)
             AND last_updated < $5::timestamptz AND (ended IS NULL OR ended > $6::timestamptz)
           ORDER BY version DESC LIMIT $7`,
    values: [query.type, query.id, query.since ?? null, query.before ?? null, at.high, at.low, query.limit].concat(
      at.home ?? [],
    ),
  });
}

/** The versions of many resources that held in the period, in the order of the change log, newest first. */
export async function changesAt(connection: Connection, query: ChangeHistoryQuery, at: Period): Promise<RowsAt> {
  const size = Math.max(query.limit, FEWEST);
  const rows: HistoryRow[] = [];
  let { before } = query;
  for (let look = 0; look < LOOKS; look += 1) {
    const candidates = await candidatesAt(connection, { ...query, before, limit: size }, at);
    const ends = await endsOf(connection, candidates);
    for (const row of candidates) {
      const ended = ends.get(nameOf(row.type, row.id, row.version + 1));
      if (ended === undefined || ended > Date.parse(at.low)) rows.push(row);
      if (rows.length === query.limit) return { rows, end: null };
    }
    if (candidates.length < size) return { rows, end: null };
    before = candidates.at(-1)?.position;
  }
  return { rows, end: before ?? null };
}

/** Versions made before the period's end, without those that another old version had replaced before it began. */
function candidatesAt(connection: Connection, query: ChangeHistoryQuery, at: Period): Promise<HistoryRow[]> {
  const { type, since = null, before = null, limit } = query;
  return connection.many<HistoryRow>({
    name: type === undefined ? "changes-at" : "changes-of-type-at",
    text: `SELECT c.seq AS position, c.type, c.id, c.version, c.method, ${ISO("c.recorded")} AS recorded, c.patient, h.content
           FROM change_log c LEFT JOIN history h ON h.type = c.type AND h.id = c.id AND h.version = c.version AND h.home = c.home
           WHERE c.recorded < $1::timestamptz AND ($3::timestamptz IS NULL OR c.recorded >= $3) AND ($4::int8 IS NULL OR c.seq < $4)
             ${spreadOf(connection) === undefined ? REPLACED_BEFORE : "AND $2::timestamptz IS NOT NULL"}
           ${type === undefined ? "" : "AND c.type = $6"} ORDER BY c.seq DESC LIMIT $5`,
    values: [at.high, at.low, since, before, limit, ...(type === undefined ? [] : [type])],
  });
}

/** Servers cannot look at each other's rows for each of their own: over several, the ends tell of these too. */
const REPLACED_BEFORE = `AND NOT EXISTS (SELECT 1 FROM history n WHERE n.type = c.type AND n.id = c.id AND n.version = c.version + 1
                             AND n.last_updated <= $2::timestamptz)`;

/** When the current versions were made, by name: what they replaced held until then. */
async function endsOf(connection: Connection, rows: readonly HistoryRow[]): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (const type of new Set(rows.map((row) => row.type))) {
    const ids = new Set(rows.filter((row) => row.type === type).map(({ id }) => id));
    const current = await connection.many<Made>({
      name: `made-${type}`,
      text: `SELECT id, version, ${ISO("last_updated")} AS made FROM ${tableOf(type)} WHERE id = ANY($1)`,
      values: [[...ids]],
    });
    const old = spreadOf(connection) === undefined ? [] : await madeBefore(connection, type, ids);
    for (const { id, version, made } of [...old, ...current]) ends.set(nameOf(type, id, version), Date.parse(made));
  }
  return ends;
}

type Made = { readonly id: string; readonly version: number; readonly made: string };

function madeBefore(connection: Connection, type: string, ids: ReadonlySet<string>): Promise<Made[]> {
  return connection.many<Made>({
    name: "made-before",
    text: `SELECT id, version, ${ISO("last_updated")} AS made FROM history WHERE type = $1 AND id = ANY($2)`,
    values: [type, [...ids]],
  });
}

function nameOf(type: string, id: string, version: number): string {
  return `${type}/${id}/${version}`;
}
