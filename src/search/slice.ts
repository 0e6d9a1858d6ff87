/**
 * Slices of a type in the order of ids, as the type stood at one moment: for whoever takes out more than a search answers.
 * What was changed or deleted after the moment is found in history, so that slices which are read hours apart, also by
 * another process, fit together: no resource twice, none left out.
 *
 * SPEC SEARCH-SLICE
 */
import { tableOf } from "./layout.ts";
import { mayHaveOtherPatients } from "./patient.ts";
import { anyOf, type Condition } from "./plan.ts";
import { conjunction, SqlWriter, type AccessPredicate, type Row, type Statement } from "./sql.ts";
import { conditionSql } from "./where.ts";

export type SliceAsk = {
  readonly type: string;
  /** The id after which the slice begins; empty for the first. */
  readonly after: string;
  /** Most rows, and most bytes of stored text; a row that is larger than that comes alone. */
  readonly rows: number;
  readonly bytes: number;
  /** The moment (ISO). */
  readonly moment: string;
  /** Only versions made after and before these moments (ISO). */
  readonly since: string | undefined;
  readonly before: string | undefined;
  /** Only what is in the compartment of these patients, or of any. */
  readonly patients: readonly string[] | "any" | undefined;
  /** Only what meets one of these; empty for everything. */
  readonly filters: readonly Condition[];
};

/** A row of a slice. `more` says that there is another slice after this one. */
export type SliceRow = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly content: string;
  readonly more: boolean;
};

/**
 * The statement of one slice. History has neither search keys nor other patients: what is chosen by those comes as it
 * stands when its slice is read, which may be a newer version than the moment's.
 */
export function compileSlice(ask: SliceAsk, access: AccessPredicate): Statement {
  const sql = new SqlWriter(access);
  const row = sql.row(ask.type);
  const isOfMoment = ask.filters.length === 0 && (ask.patients === undefined || !mayHaveOtherPatients(ask.type));
  const limit = sql.bind(ask.rows);
  const parts = [
    `cur AS MATERIALIZED (SELECT ${fieldsOf(row)} FROM ${sql.from(row)} WHERE ${conjunction(currentSql(ask, row, sql, isOfMoment))}
       ORDER BY ${row.alias}.id LIMIT ${limit})`,
    `edge AS (SELECT CASE WHEN count(*) >= ${limit} THEN max(id) END AS id FROM cur)`,
    ...(isOfMoment ? oldParts(ask, sql) : []),
    `both_parts AS (SELECT * FROM cur${isOfMoment ? ` UNION ALL SELECT * FROM old${sql.isSpread ? NOT_REPLACED : ""}` : ""})`,
    `sized AS (SELECT *, sum(pg_column_size(content)) OVER (ORDER BY id) - pg_column_size(content) AS bytes_before, count(*) OVER () AS found FROM both_parts)`,
  ];
  const more = "((SELECT edge.id IS NOT NULL FROM edge) OR found > count(*) OVER ())";
  return {
    text: `WITH ${parts.join(",\n")}
SELECT '${ask.type}' AS type, id, version, patient, content, ${more} AS more FROM sized WHERE bytes_before <= ${sql.bind(ask.bytes)} ORDER BY id`,
    values: sql.values,
  };
}

const NOT_REPLACED = " WHERE NOT EXISTS (SELECT 1 FROM nexts AS n WHERE n.id = old.id AND n.version = old.version + 1)";

/** Versions of the moment that were replaced since. Servers that cannot look at each other's rows tell theirs apart from them. */
function oldParts(ask: SliceAsk, sql: SqlWriter): string[] {
  const old = `old AS MATERIALIZED (${replacedSql(ask, sql)})`;
  if (!sql.isSpread) return [old];
  const [moment, after] = [sql.bind(ask.moment), sql.bind(ask.after)];
  const within = (alias: string): string =>
    `${alias}.id > ${after} AND (edge.id IS NULL OR ${alias}.id <= edge.id) AND ${alias}.last_updated <= ${moment}::timestamptz`;
  return [
    old,
    `nexts_old AS MATERIALIZED (SELECT n.id, n.version FROM history AS n, edge WHERE n.type = ${sql.bind(ask.type)} AND ${within("n")})`,
    `nexts_cur AS MATERIALIZED (SELECT c.id, c.version FROM ${tableOf(ask.type)} AS c, edge WHERE ${within("c")})`,
    `nexts AS (SELECT * FROM nexts_old UNION ALL SELECT * FROM nexts_cur)`,
  ];
}

/** The statement of one slice of what was deleted between `since` and the moment and was gone at the moment. */
export function compileDeletions(
  ask: Omit<SliceAsk, "bytes" | "filters" | "before">,
  access: AccessPredicate,
): Statement {
  const sql = new SqlWriter(access);
  const moment = sql.bind(ask.moment);
  const change: Row = { alias: "c", type: ask.type, narrow: true };
  const where = [
    sql.allowed(change, true),
    `c.type = ${sql.bind(ask.type)}`,
    "c.method = 'delete'",
    `c.id > ${sql.bind(ask.after)}`,
    `c.recorded > ${sql.bind(ask.since ?? "-infinity")}::timestamptz AND c.recorded <= ${moment}::timestamptz`,
    ...ownPatientsSql(ask, "c", sql),
  ];
  const limit = sql.bind(ask.rows);
  if (sql.isSpread) return { text: deletionsApart(ask, where, { moment, limit }), values: sql.values };
  where.push(
    `NOT EXISTS (SELECT 1 FROM history AS n WHERE n.type = c.type AND n.id = c.id AND n.version > c.version AND n.last_updated <= ${moment}::timestamptz)`,
    `NOT EXISTS (SELECT 1 FROM ${tableOf(ask.type)} AS r WHERE r.id = c.id AND r.last_updated <= ${moment}::timestamptz)`,
  );
  return {
    text: `SELECT '${ask.type}' AS type, id, version, patient, '' AS content, count(*) OVER () >= ${limit} AS more
FROM (SELECT DISTINCT ON (c.id) c.id, c.version, c.patient FROM change_log AS c WHERE ${where.join(" AND ")} ORDER BY c.id, c.version DESC LIMIT ${limit}) AS gone ORDER BY id`,
    values: sql.values,
  };
}

/** The last deletion of each, then what came after it, then those that nothing came after. */
function deletionsApart(
  { type }: Pick<SliceAsk, "type">,
  where: readonly string[],
  { moment, limit }: { readonly moment: string; readonly limit: string },
): string {
  return `WITH found AS MATERIALIZED (SELECT DISTINCT ON (c.id) c.id, c.version, c.patient FROM change_log AS c WHERE ${where.join(" AND ")} ORDER BY c.id, c.version DESC),
later AS MATERIALIZED (SELECT n.id, n.version FROM history AS n WHERE n.type = '${type}' AND n.last_updated <= ${moment}::timestamptz AND n.id IN (SELECT id FROM found)),
again AS MATERIALIZED (SELECT r.id FROM ${tableOf(type)} AS r WHERE r.last_updated <= ${moment}::timestamptz AND r.id IN (SELECT id FROM found))
SELECT '${type}' AS type, id, version, patient, '' AS content, count(*) OVER () >= ${limit} AS more
FROM (SELECT * FROM found AS c WHERE NOT EXISTS (SELECT 1 FROM later AS n WHERE n.id = c.id AND n.version > c.version)
  AND NOT EXISTS (SELECT 1 FROM again AS r WHERE r.id = c.id) ORDER BY id LIMIT ${limit}) AS gone ORDER BY id`;
}

const fieldsOf = ({ alias }: Row): string =>
  ["id", "version", "patient", "content"].map((name) => `${alias}.${name}`).join(", ");

function currentSql(ask: SliceAsk, row: Row, sql: SqlWriter, isOfMoment: boolean): string[] {
  const { alias, type } = row;
  const parts = [sql.allowed(row), `${alias}.id > ${sql.bind(ask.after)}`, ...timesSql(ask, alias, sql)];
  if (isOfMoment) parts.push(`${alias}.last_updated <= ${sql.bind(ask.moment)}::timestamptz`);
  if (ask.filters.length > 0) parts.push(conditionSql(anyOf(ask.filters), row, sql));
  if (!mayHaveOtherPatients(type)) return [...parts, ...ownPatientsSql(ask, alias, sql)];
  if (ask.patients === "any") parts.push(`(${alias}.patient IS NOT NULL OR ${alias}.other_patients IS NOT NULL)`);
  else if (ask.patients !== undefined) {
    const patients = `${sql.bind(ask.patients)}::text[]`;
    parts.push(`(${alias}.patient = ANY (${patients}) OR ${alias}.other_patients && ${patients})`);
  }
  return parts;
}

/** Versions that stood at the moment and do not stand any more. */
function replacedSql(ask: SliceAsk, sql: SqlWriter): string {
  const row: Row = { alias: "h", type: ask.type, narrow: true };
  const moment = sql.bind(ask.moment);
  const where = [
    sql.allowed(row, true),
    `h.type = ${sql.bind(ask.type)}`,
    `h.id > ${sql.bind(ask.after)} AND (edge.id IS NULL OR h.id <= edge.id)`,
    "h.method <> 'delete'",
    `h.last_updated <= ${moment}::timestamptz`,
    ...timesSql(ask, "h", sql),
    ...ownPatientsSql(ask, "h", sql),
    ...(sql.isSpread ? [] : notReplacedSql(ask, moment)),
  ];
  return `SELECT ${fieldsOf(row)} FROM history AS h, edge WHERE ${where.join(" AND ")}`;
}

function notReplacedSql({ type }: SliceAsk, moment: string): string[] {
  const next = (alias: string): string =>
    `${alias}.id = h.id AND ${alias}.version = h.version + 1 AND ${alias}.last_updated <= ${moment}::timestamptz`;
  return [
    `NOT EXISTS (SELECT 1 FROM history AS n WHERE n.type = h.type AND ${next("n")})`,
    `NOT EXISTS (SELECT 1 FROM ${tableOf(type)} AS c WHERE ${next("c")})`,
  ];
}

function timesSql({ since, before }: SliceAsk, alias: string, sql: SqlWriter): string[] {
  return [
    ...(since === undefined ? [] : [`${alias}.last_updated > ${sql.bind(since)}::timestamptz`]),
    ...(before === undefined ? [] : [`${alias}.last_updated < ${sql.bind(before)}::timestamptz`]),
  ];
}

function ownPatientsSql({ patients }: Pick<SliceAsk, "patients">, alias: string, sql: SqlWriter): string[] {
  if (patients === undefined) return [];
  return [
    patients === "any" ? `${alias}.patient IS NOT NULL` : `${alias}.patient = ANY (${sql.bind(patients)}::text[])`,
  ];
}
