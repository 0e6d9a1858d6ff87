/**
 * The current version of each resource in its type's table, older versions in `history`. Statements take and give rows;
 * what they mean is decided in `journal/`.
 *
 * SPEC STORE-RES
 */
import { RESOURCE_TYPES } from "../fhir/index.ts";
import { rangeColumns, type SearchKeys } from "../search/index.ts";
import { demanding, type Sql, type Talk } from "./connection.ts";

export type Method = "create" | "update" | "delete";

/** The current version as stored. `content` is the resource's JSON text with the server's id and meta in it. */
export type CurrentRow = {
  readonly home: number;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly care_provider: string | null;
  readonly care_unit: string | null;
  readonly content: string;
};

/** A version in history; `content` is null when the version is a deletion. */
export type VersionRow = Omit<CurrentRow, "content"> & {
  readonly type: string;
  readonly method: Method;
  readonly last_updated: string;
  readonly content: string | null;
};

/** A new current version with everything it is found by. */
export type NewRow = {
  readonly type: string;
  readonly home: number;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: string;
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  readonly content: string;
  readonly keys: SearchKeys;
};

const KNOWN: ReadonlySet<string> = new Set(RESOURCE_TYPES);
const FIXED = [
  "home",
  "id",
  "version",
  "last_updated",
  "key",
  "patient",
  "other_patients",
  "care_provider",
  "care_unit",
  "content",
  "tokens",
  "strings",
  "many",
];
const CURRENT = "home, id, version, patient, care_provider, care_unit, content";
const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The quoted table of a resource type; a name that is not a type never becomes SQL. */
export function tableOf(type: string): string {
  if (!KNOWN.has(type)) throw new Error(`no table for ${type}`);
  return `"${type.toLowerCase()}"`;
}

const columnsOf = new Map<string, string>();
function insertColumns(type: string): string {
  let columns = columnsOf.get(type);
  if (columns === undefined) {
    columns = [...FIXED, ...rangeColumns(type).map(({ name }) => name)].map((name) => `"${name}"`).join(", ");
    columnsOf.set(type, columns);
  }
  return columns;
}

/** The statement that reads one current version. */
export function readingOne(type: string, id: string): Sql {
  return { name: `read-${type}`, text: `SELECT ${CURRENT} FROM ${tableOf(type)} WHERE id = $1`, values: [id] };
}

/** The statement that reads several current versions. */
export function readingMany(type: string, ids: readonly string[]): Sql {
  return {
    name: `read-many-${type}`,
    text: `SELECT ${CURRENT} FROM ${tableOf(type)} WHERE id = ANY($1)`,
    values: [ids],
  };
}

/** The current version, or nothing when there is none or it is out of reach. */
export async function readCurrent(connection: Talk, type: string, id: string): Promise<CurrentRow | undefined> {
  const [row] = await connection.many<CurrentRow>(readingOne(type, id));
  return row;
}

/** The current versions of several resources of one type, in any order. */
export async function readMany(connection: Talk, type: string, ids: readonly string[]): Promise<CurrentRow[]> {
  return ids.length === 0 ? [] : connection.many<CurrentRow>(readingMany(type, ids));
}

/** Which of the ids have a current version within reach. */
export async function existing(connection: Talk, type: string, ids: readonly string[]): Promise<string[]> {
  const rows = await connection.many<{ id: string }>({
    name: `existing-${type}`,
    text: `SELECT id FROM ${tableOf(type)} WHERE id = ANY($1)`,
    values: [ids],
  });
  return rows.map(({ id }) => id);
}

/**
 * Like `existing`, and what exists stays until the transaction ends: a deletion waits for it and then sees who refers to
 * the resource.
 */
export async function existingHeld(connection: Talk, type: string, ids: readonly string[]): Promise<string[]> {
  const rows = await connection.many<{ id: string }>({
    name: `existing-held-${type}`,
    text: `SELECT id FROM ${tableOf(type)} WHERE id = ANY($1) ORDER BY id FOR KEY SHARE`,
    values: [ids],
  });
  return rows.map(({ id }) => id);
}

/** Like `existingHeld`; has the transaction refused (NOT_AS_DEMANDED) unless all of them are there. */
export async function demandHeld(connection: Talk, type: string, ids: readonly string[]): Promise<void> {
  const [first = ""] = ids;
  // One id is most often all there is, and has a plan that is made once.
  const [name, which, held, values] =
    ids.length === 1
      ? [`demand-one-${type}`, "id = $1", "count(*) = 1", [first]]
      : [`demand-${type}`, "id = ANY($1)", "count(*) = cardinality($1)", [ids]];
  await connection.many({
    name,
    text: `SELECT ${demanding(held)}
           FROM (SELECT id FROM ${tableOf(type)} WHERE ${which} ORDER BY id FOR KEY SHARE) AS held`,
    values,
    refusal: "NOT_AS_DEMANDED",
  });
}

const TABLES = new Map(RESOURCE_TYPES.map((type) => [type.toLowerCase(), type]));

/**
 * Some resource (`Type/id`) of any type besides some that has the search key, or nothing. Asks the index of each table that has ever
 * held a row (by its size, so that rows of transactions in flight count): to ask all 146 took 50 ms, most of it empty.
 */
export async function firstWithToken(
  connection: Talk,
  token: string,
  besides: ReadonlySet<string>,
): Promise<string | undefined> {
  const used = await connection.many<{ name: string }>({
    name: "tables-in-use",
    text: `SELECT relname AS name FROM pg_class
           WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1) AND pg_relation_size(oid) > 0`,
    values: [[...TABLES.keys()]],
  });
  const types = used
    .map(({ name }) => TABLES.get(name))
    .filter((type) => type !== undefined)
    .filter((type) => !besides.has(type));
  if (types.length === 0) return undefined;
  const asked = types.map(
    (type) => `(SELECT '${type}/' || id AS name FROM ${tableOf(type)} WHERE tokens @> ARRAY[$1::int8] LIMIT 1)`,
  );
  const [row] = await connection.many<{ name: string }>({
    text: `SELECT name FROM (${asked.join(" UNION ALL ")}) AS found LIMIT 1`, // one arm alone may not be limited twice
    values: [token],
  });
  return row?.name;
}

/** The newest version in history: for a resource without a current version, its deletion. */
export async function readLastVersion(connection: Talk, type: string, id: string): Promise<VersionRow | undefined> {
  const [row] = await connection.many<VersionRow>({
    name: "read-last-version",
    text: `SELECT type, ${CURRENT}, method, ${ISO("last_updated")} AS last_updated FROM history
           WHERE type = $1 AND id = $2 ORDER BY version DESC LIMIT 1`,
    values: [type, id],
  });
  return row;
}

/** The same of several resources of one type, in any order. */
export async function readLastVersions(connection: Talk, type: string, ids: readonly string[]): Promise<VersionRow[]> {
  if (ids.length === 0) return [];
  return connection.many<VersionRow>({
    name: "read-last-versions",
    text: `SELECT DISTINCT ON (id) type, ${CURRENT}, method, ${ISO("last_updated")} AS last_updated FROM history
           WHERE type = $1 AND id = ANY($2) ORDER BY id, version DESC`,
    values: [type, ids],
  });
}

/** One older version. */
export async function readOldVersion(
  connection: Talk,
  type: string,
  id: string,
  version: number,
): Promise<VersionRow | undefined> {
  const [row] = await connection.many<VersionRow>({
    name: "read-old-version",
    text: `SELECT type, ${CURRENT}, method, ${ISO("last_updated")} AS last_updated FROM history
           WHERE type = $1 AND id = $2 AND version = $3`,
    values: [type, id, version],
  });
  return row;
}

/** Inserts rows of one type in one statement. */
export async function insertRows(connection: Talk, type: string, rows: readonly NewRow[]): Promise<void> {
  const columns = insertColumns(type);
  await connection.many({
    name: `insert-${type}`,
    text: `INSERT INTO ${tableOf(type)} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${tableOf(type)}, $1::json)`,
    values: [recordsOf(rows)],
  });
}

/** Moves the current version to history. Has the transaction refused (VERSION_CONFLICT) when another one, or none, is there. */
export async function moveToHistory(connection: Talk, type: string, id: string, version: number): Promise<void> {
  await connection.many({
    name: `retire-${type}`,
    text: `WITH old AS (DELETE FROM ${tableOf(type)} WHERE id = $1 AND version = $3 RETURNING ${CURRENT}, last_updated),
                moved AS (INSERT INTO history (type, home, id, version, patient, care_provider, care_unit, content, last_updated, method)
                          SELECT $2, old.home, old.id, old.version, old.patient, old.care_provider, old.care_unit, old.content, old.last_updated,
                                 CASE old.version WHEN 1 THEN 'create' ELSE 'update' END
                          FROM old RETURNING 1)
           SELECT ${demanding("count(*) = 1")} FROM moved`,
    values: [id, type, version],
    refusal: "VERSION_CONFLICT",
  });
}

/** Removes a current version without a trace; the same number is about to be written again. Refuses like `moveToHistory`. */
export async function dropCurrent(
  connection: Talk,
  { type, id, version }: Pick<NewRow, "type" | "id" | "version">,
): Promise<void> {
  await connection.many({
    name: `drop-${type}`,
    text: `WITH old AS (DELETE FROM ${tableOf(type)} WHERE id = $1 AND version = $2 RETURNING 1)
           SELECT ${demanding("count(*) = 1")} FROM old`,
    values: [id, version],
    refusal: "VERSION_CONFLICT",
  });
}

/** Writes the version that says "deleted". */
export async function insertDeletion(connection: Talk, old: CurrentRow, type: string, at: string): Promise<void> {
  await connection.many({
    name: "insert-deletion",
    text: `INSERT INTO history (type, home, id, version, patient, care_provider, care_unit, last_updated, method)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'delete')`,
    values: [type, old.home, old.id, old.version + 1, old.patient, old.care_provider, old.care_unit, at],
  });
}

/** How many shapes of search a connection keeps prepared; planning costs more than most of these searches. */
const MOST_PREPARED = 200;
const PREPARED = "prepared-searches";

/** Runs a statement that `search/` compiled. Its text holds no values, so equal questions share one prepared statement. */
export async function runSearch(connection: Talk, sql: Sql): Promise<Record<string, unknown>[]> {
  const prepared = (connection.state.get(PREPARED) ?? new Map<string, string>()) as Map<string, string>;
  connection.state.set(PREPARED, prepared);
  let name = prepared.get(sql.text);
  if (name === undefined && prepared.size < MOST_PREPARED) {
    name = `search-${prepared.size}`;
    prepared.set(sql.text, name);
  }
  return connection.many<Record<string, unknown>>({ ...sql, name });
}

/** Rows as the JSON list that `json_populate_recordset` reads. */
export function recordsOf(rows: readonly NewRow[]): string {
  return JSON.stringify(rows.map(recordOf));
}

function recordOf(row: NewRow): Record<string, unknown> {
  const { keys } = row;
  return {
    home: row.home,
    id: row.id,
    version: row.version,
    last_updated: row.lastUpdated,
    key: keys.key,
    patient: keys.patient,
    other_patients: keys.otherPatients.length === 0 ? null : keys.otherPatients,
    care_provider: row.careProvider,
    care_unit: row.careUnit,
    content: row.content,
    tokens: keys.tokens,
    strings: keys.strings,
    many: keys.many,
    ...keys.ranges,
  };
}
