/**
 * The current version of each resource in its type's table, older versions in `history`. Statements take and give rows;
 * what they mean is decided in `journal/`.
 *
 * SPEC STORE-RES
 */
import { RESOURCE_TYPES } from "../fhir/index.ts";
import { CODE_KEY, codeParameterOf, rangeColumns, type SearchKeys } from "../search/index.ts";
import { dropping, insertOne, movingToHistory, sayTogether, spreadOf, unfenced } from "./citus/index.ts";
import { demanding, type Row, type Sql, type Talk } from "./connection.ts";
import { NotAsDemanded } from "./not-as-demanded.ts";
import { atHomes, elsewhere, placeOf, sortedByPlace, type Sorted } from "./places.ts";

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

/** The columns that are written of a type, in one order. */
function columnNames(type: string): string[] {
  const code = codeParameterOf(type) === undefined ? [] : [CODE_KEY];
  return [...FIXED, ...rangeColumns(type).map(({ name }) => name), ...code];
}

const columnsOf = new Map<string, string>();
function insertColumns(type: string): string {
  let columns = columnsOf.get(type);
  if (columns === undefined) {
    columns = columnNames(type)
      .map((name) => `"${name}"`)
      .join(", ");
    columnsOf.set(type, columns);
  }
  return columns;
}

/** The statement that reads one current version, at its home when that is told. */
export function readingOne(type: string, id: string, home?: number): Sql {
  return home === undefined
    ? { name: `read-anywhere-${type}`, text: `SELECT ${CURRENT} FROM ${tableOf(type)} WHERE id = $1`, values: [id] }
    : {
        name: `read-${type}`,
        text: `SELECT ${CURRENT} FROM ${tableOf(type)} WHERE id = $1 AND home = $2`,
        values: [id, home],
      };
}

/** The statement that reads several current versions, at their homes when those are told. */
export function readingMany(type: string, ids: readonly string[], at?: Sorted["at"]): Sql {
  return selecting(type, CURRENT, ids, at);
}

function selecting(type: string, columns: string, ids: readonly string[], at?: Sorted["at"]): Sql {
  const { where, values, name } =
    at === undefined ? { where: "id = ANY($1)", values: [ids], name: "anywhere" } : atHomes(at);
  const what = columns === CURRENT ? "read-many" : "existing";
  return { name: `${what}-${name}-${type}`, text: `SELECT ${columns} FROM ${tableOf(type)} WHERE ${where}`, values };
}

/** The current version, or nothing when there is none or it is out of reach. */
export async function readCurrent(connection: Talk, type: string, id: string): Promise<CurrentRow | undefined> {
  const place = placeOf(type, id);
  const [row] = await connection.many<CurrentRow>(readingOne(type, id, place?.home));
  if (row !== undefined || place === undefined || place.isSure) return row;
  const [other] = await connection.many<CurrentRow>(readingOne(type, id));
  return other;
}

/** The current versions of several resources of one type, in any order. */
export function readMany(connection: Talk, type: string, ids: readonly string[]): Promise<CurrentRow[]> {
  return lookedUp<CurrentRow>(connection, type, CURRENT, ids);
}

/** Whoever asks several things at once and is answered at once, each with its rows. */
export type Together = Talk & { all(statements: readonly Sql[]): Promise<readonly (readonly Row[])[]> };

/** The current versions of resources of several types (`Type/id`), asked for together. */
export async function readAll(
  talk: Together,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, CurrentRow>> {
  const found = new Map<string, CurrentRow>();
  const ask = async (asked: readonly { readonly type: string; readonly sql: Sql }[]): Promise<void> => {
    if (asked.length === 0) return;
    const answers = await talk.all(asked.map(({ sql }) => sql));
    for (const [at, { type }] of asked.entries())
      for (const row of (answers[at] ?? []) as readonly CurrentRow[]) found.set(`${type}/${row.id}`, row);
  };
  const places = [...wanted].map(([type, ids]) => ({ type, ids: [...ids], ...sortedByPlace(type, [...ids]) }));
  await ask(
    places.filter(({ at }) => at.size > 0).map(({ type, ids, at }) => ({ type, sql: readingMany(type, ids, at) })),
  );
  const rest = places.map(({ type, ids }) => ({
    type,
    ids: elsewhere(type, ids, new Set(ids.filter((id) => found.has(`${type}/${id}`)))),
  }));
  await ask(rest.filter(({ ids }) => ids.length > 0).map(({ type, ids }) => ({ type, sql: readingMany(type, ids) })));
  return found;
}

/** Which of the ids have a current version within reach. */
export async function existing(connection: Talk, type: string, ids: readonly string[]): Promise<string[]> {
  const rows = await lookedUp<{ id: string }>(connection, type, "id", ids);
  return rows.map(({ id }) => id);
}

/** At the homes that the ids tell, and what is not there and may be elsewhere, everywhere. */
async function lookedUp<T extends { readonly id: string }>(
  connection: Talk,
  type: string,
  columns: string,
  ids: readonly string[],
): Promise<T[]> {
  const { at } = sortedByPlace(type, ids);
  const rows = at.size === 0 ? [] : await connection.many<T>(selecting(type, columns, ids, at));
  const rest = elsewhere(type, ids, new Set(rows.map(({ id }) => id)));
  return rest.length === 0 ? rows : [...rows, ...(await connection.many<T>(selecting(type, columns, rest)))];
}

/**
 * Like `existing`, and what exists stays until the transaction ends: a deletion waits for it and then sees who refers to
 * the resource.
 */
export async function existingHeld(connection: Talk, type: string, ids: readonly string[]): Promise<string[]> {
  const held: string[] = [];
  for (const sql of holding(connection, type, sortedByPlace(type, ids).at)) {
    for (const { id } of await connection.many<{ id: string }>(sql)) held.push(id);
  }
  const rest = elsewhere(type, ids, new Set(held));
  if (rest.length === 0) return held;
  if (spreadOf(connection) !== undefined) return [...held, ...(await heldWhereFound(connection, type, rest))];
  const others = await connection.many<{ id: string }>({
    name: `existing-held-${type}`,
    text: `SELECT id FROM ${tableOf(type)} WHERE id = ANY($1) ORDER BY id FOR KEY SHARE`,
    values: [rest],
  });
  return [...held, ...others.map(({ id }) => id)];
}

/** Looks where the ids lie before it holds them there: nothing can be held everywhere. */
async function heldWhereFound(connection: Talk, type: string, ids: readonly string[]): Promise<string[]> {
  const found = await connection.many<{ home: number; id: string }>({
    name: `homes-${type}`,
    text: `SELECT home, id FROM ${tableOf(type)} WHERE id = ANY($1)`,
    values: [ids],
  });
  const at = new Map<number, string[]>();
  for (const { home, id } of found) at.set(home, [...(at.get(home) ?? []), id]);
  const held: string[] = [];
  for (const sql of holding(connection, type, at)) {
    for (const { id } of await connection.many<{ id: string }>(sql)) held.push(id);
  }
  return held;
}

/** The statements that hold what is at known homes; each home by itself when these lie on several servers. */
function holding(connection: Talk, type: string, at: Sorted["at"]): Sql[] {
  return apart(connection, at).map((some) => holdingOne(type, some));
}

/** Homes that one statement may hold rows of. */
function apart(connection: Talk, at: Sorted["at"]): Sorted["at"][] {
  if (at.size === 0) return [];
  if (spreadOf(connection) === undefined) return [at];
  return [...at].toSorted(([one], [other]) => one - other).map((one) => new Map([one]));
}

function holdingOne(type: string, at: Sorted["at"]): Sql {
  const { where, values, name } = atHomes(at);
  const text = `SELECT id FROM ${tableOf(type)} WHERE ${where} ORDER BY id FOR KEY SHARE`;
  return { name: `existing-held-${name}-${type}`, text, values };
}

/** Like `existingHeld`; has the transaction refused (NOT_AS_DEMANDED) unless all of them are where they should be. */
export async function demandHeld(connection: Talk, type: string, ids: readonly string[]): Promise<void> {
  const { at, anywhere } = sortedByPlace(type, ids);
  for (const some of apart(connection, at)) await connection.many(demandingHeld(type, [...some.values()].flat(), some));
  if (anywhere.length === 0) return;
  if (spreadOf(connection) !== undefined) throw new NotAsDemanded(); // where they lie can only be asked
  await connection.many(demandingHeld(type, anywhere));
}

/** One id is most often all there is, and has a plan that is made once. */
function demandingHeld(type: string, ids: readonly string[], at?: Sorted["at"]): Sql {
  const isOne = ids.length === 1;
  const among = at === undefined ? { where: "id = ANY($1)", values: [ids], name: "anywhere" } : atHomes(at);
  const where = isOne ? among.where.replace("id = ANY($1)", "id = $1") : among.where;
  return {
    name: `demand-${isOne ? "one-" : ""}${among.name}-${type}`,
    text: `SELECT ${demanding(isOne ? "count(*) = 1" : "count(*) = cardinality($1)")}
           FROM (SELECT id FROM ${tableOf(type)} WHERE ${where} ORDER BY id FOR KEY SHARE) AS held`,
    values: isOne ? [ids[0], ...among.values.slice(1)] : among.values,
    refusal: "NOT_AS_DEMANDED",
  };
}

const VERSION = `type, ${CURRENT}, method, ${ISO("last_updated")} AS last_updated`;

/**
 * The newest version in history: for a resource without a current version, its deletion. At its home only where all of its
 * versions must be: elsewhere there may be newer ones.
 */
export async function readLastVersion(connection: Talk, type: string, id: string): Promise<VersionRow | undefined> {
  const place = placeOf(type, id);
  const isSure = place?.isSure === true;
  const [row] = await connection.many<VersionRow>({
    name: isSure ? "read-last-version" : "read-last-version-anywhere",
    text: `SELECT ${VERSION} FROM history
           WHERE type = $1 AND id = $2 ${isSure ? "AND home = $3" : ""} ORDER BY version DESC LIMIT 1`,
    values: isSure ? [type, id, place.home] : [type, id],
  });
  return row;
}

/** The same of several resources of one type, in any order. */
export async function readLastVersions(connection: Talk, type: string, ids: readonly string[]): Promise<VersionRow[]> {
  if (ids.length === 0) return [];
  const areSure = ids.every((id) => placeOf(type, id)?.isSure === true);
  const { where, values, name } = areSure
    ? atHomes(sortedByPlace(type, ids).at, 2)
    : { where: "id = ANY($2)", values: [ids], name: "anywhere" };
  return connection.many<VersionRow>({
    name: `read-last-versions-${name}`,
    text: `SELECT DISTINCT ON (id) ${VERSION} FROM history WHERE type = $1 AND ${where} ORDER BY id, version DESC`,
    values: [type, ...values],
  });
}

/** One older version. */
export async function readOldVersion(
  connection: Talk,
  type: string,
  id: string,
  version: number,
): Promise<VersionRow | undefined> {
  const place = placeOf(type, id);
  const [row] = place === undefined ? [] : await oldVersions(connection, [type, id, version, place.home]);
  if (row !== undefined || place?.isSure === true) return row;
  const [other] = await oldVersions(connection, [type, id, version]);
  return other;
}

/** Of a type and id the version of a number, at a home when that is told. */
function oldVersions(connection: Talk, values: readonly unknown[]): Promise<VersionRow[]> {
  const isAtHome = values.length === 4;
  return connection.many<VersionRow>({
    name: isAtHome ? "read-old-version" : "read-old-version-anywhere",
    text: `SELECT ${VERSION} FROM history
           WHERE type = $1 AND id = $2 AND version = $3 ${isAtHome ? "AND home = $4" : ""}`,
    values,
  });
}

/** Inserts rows of one type in one statement. */
export async function insertRows(connection: Talk, type: string, rows: readonly NewRow[]): Promise<void> {
  if (spreadOf(connection) !== undefined) {
    for (const row of rows) await connection.many(insertOne(type.toLowerCase(), wholeRecordOf(type, row)));
    return;
  }
  const columns = insertColumns(type);
  await connection.many({
    name: `insert-${type}`,
    text: `INSERT INTO ${tableOf(type)} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${tableOf(type)}, $1::json)`,
    values: [recordsOf(rows)],
  });
}

/** A version that stands, and the home it lies at. */
export type Standing = Pick<CurrentRow, "home" | "id" | "version">;

/**
 * Moves current versions of one type to history. Has the transaction refused (VERSION_CONFLICT) when another one, or none, is there in the
 * place of one of them.
 */
export async function moveToHistory(connection: Talk, type: string, standing: readonly Standing[]): Promise<void> {
  if (standing.length === 0) return;
  if (spreadOf(connection) !== undefined) {
    for (const { home, id, version } of standing)
      await sayTogether(connection, movingToHistory(type, { table: tableOf(type), home, id, version }));
    return;
  }
  await connection.many(retiring(type, standing));
}

/** One row is most often all there is, and has a plan of its own; several go in one order for all writers. */
function retiring(type: string, standing: readonly Standing[]): Sql {
  const [one, ...others] = standing;
  const isOne = one !== undefined && others.length === 0;
  const all = isOne ? standing : standing.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [ids, versions, homes] = [
    all.map(({ id }) => id),
    all.map(({ version }) => version),
    all.map(({ home }) => home),
  ];
  const where = isOne
    ? `WHERE t.id = $2 AND t.version = $3 AND t.home = $4`
    : `USING unnest($2::text[], $3::int4[], $4::int4[]) AS w(id, version, home) WHERE t.id = w.id AND t.version = w.version AND t.home = w.home`;
  return {
    name: `retire-${isOne ? "" : "some-"}${type}`,
    text: `WITH old AS (DELETE FROM ${tableOf(type)} AS t ${where} RETURNING ${CURRENT.replaceAll(/\w+/g, "t.$&")}, t.last_updated),
                moved AS (INSERT INTO history (type, home, id, version, patient, care_provider, care_unit, content, last_updated, method)
                          SELECT $1, old.home, old.id, old.version, old.patient, old.care_provider, old.care_unit, old.content, old.last_updated,
                                 CASE old.version WHEN 1 THEN 'create' ELSE 'update' END
                          FROM old RETURNING 1)
           SELECT ${demanding(isOne ? "count(*) = 1" : "count(*) = cardinality($2)")} FROM moved`,
    values: isOne ? [type, one.id, one.version, one.home] : [type, ids, versions, homes],
    refusal: "VERSION_CONFLICT",
  };
}

/** Removes a current version without a trace; the same number is about to be written again. Refuses like `moveToHistory`. */
export async function dropCurrent(connection: Talk, type: string, { home, id, version }: Standing): Promise<void> {
  if (spreadOf(connection) !== undefined)
    return sayTogether(connection, dropping({ table: tableOf(type), home, id, version }));
  await connection.many({
    name: `drop-${type}`,
    text: `WITH old AS (DELETE FROM ${tableOf(type)} WHERE id = $1 AND home = $3 AND version = $2 RETURNING 1)
           SELECT ${demanding("count(*) = 1")} FROM old`,
    values: [id, version, home],
    refusal: "VERSION_CONFLICT",
  });
}

/** Writes the version that says "deleted". */
export async function insertDeletion(
  connection: Talk,
  old: Omit<CurrentRow, "content">,
  type: string,
  at: string,
): Promise<void> {
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

/** Runs a statement that `search/` compiled. */
export function runSearch(connection: Talk, sql: Sql): Promise<Record<string, unknown>[]> {
  return connection.many<Record<string, unknown>>(prepared(connection, sql));
}

/** The statement under the name of its text on this connection. Its text holds no values, so equal questions share one. */
export function prepared(connection: Talk, asked: Sql): Sql {
  const sql = spreadOf(connection) === undefined ? asked : unfenced(asked);
  const names = (connection.state.get(PREPARED) ?? new Map<string, string>()) as Map<string, string>;
  connection.state.set(PREPARED, names);
  let name = names.get(sql.text);
  if (name === undefined && names.size < MOST_PREPARED) {
    name = `search-${names.size}`;
    names.set(sql.text, name);
  }
  return { ...sql, name };
}

/** Rows as the JSON list that `json_populate_recordset` reads. */
export function recordsOf(rows: readonly NewRow[]): string {
  return JSON.stringify(rows.map(recordOf));
}

/** The same with every column of the type, in one order. */
function wholeRecordOf(type: string, row: NewRow): Record<string, unknown> {
  const record = recordOf(row);
  return Object.fromEntries(columnNames(type).map((name) => [name, record[name] ?? null]));
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
    ...(keys.codeKey === null ? {} : { [CODE_KEY]: keys.codeKey }),
  };
}
