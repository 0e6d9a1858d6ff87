/**
 * History as it was in a period: the versions that held at some time in it. A version holds from when it was made until
 * the next one was; the last one still does, and a deletion holds like any other.
 *
 * SPEC STORE-READ · https://hl7.org/fhir/R4/http.html#history (_at)
 */
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

/** The versions of one resource that held in the period, newest first. */
export function versionsAt(connection: Connection, query: InstanceHistoryQuery, at: Period): Promise<HistoryRow[]> {
  return connection.many<HistoryRow>({
    name: `history-at-${query.type}`,
    text: `SELECT version::text AS position, $1 AS type, id, version, method, ${ISO("last_updated")} AS recorded, patient, content FROM (
             SELECT v.*, lead(v.last_updated) OVER (ORDER BY v.version) AS ended FROM (
               SELECT id, version, CASE version WHEN 1 THEN 'create' ELSE 'update' END AS method, last_updated, patient, content FROM ${tableOf(query.type)} WHERE id = $2
               UNION ALL
               SELECT id, version, method, last_updated, patient, content FROM history WHERE type = $1 AND id = $2) AS v) AS v
           WHERE ($3::timestamptz IS NULL OR last_updated >= $3) AND ($4::int4 IS NULL OR version < $4)
             AND last_updated < $5::timestamptz AND (ended IS NULL OR ended > $6::timestamptz)
           ORDER BY version DESC LIMIT $7`,
    values: [query.type, query.id, query.since ?? null, query.before ?? null, at.high, at.low, query.limit],
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
             AND NOT EXISTS (SELECT 1 FROM history n WHERE n.type = c.type AND n.id = c.id AND n.version = c.version + 1
                             AND n.last_updated <= $2::timestamptz)
           ${type === undefined ? "" : "AND c.type = $6"} ORDER BY c.seq DESC LIMIT $5`,
    values: [at.high, at.low, since, before, limit, ...(type === undefined ? [] : [type])],
  });
}

/** When the current versions were made, by name: what they replaced held until then. */
async function endsOf(connection: Connection, rows: readonly HistoryRow[]): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (const type of new Set(rows.map((row) => row.type))) {
    const ids = new Set(rows.filter((row) => row.type === type).map(({ id }) => id));
    const current = await connection.many<{ id: string; version: number; made: string }>({
      name: `made-${type}`,
      text: `SELECT id, version, ${ISO("last_updated")} AS made FROM ${tableOf(type)} WHERE id = ANY($1)`,
      values: [[...ids]],
    });
    for (const { id, version, made } of current) ends.set(nameOf(type, id, version), Date.parse(made));
  }
  return ends;
}

function nameOf(type: string, id: string, version: number): string {
  return `${type}/${id}/${version}`;
}
