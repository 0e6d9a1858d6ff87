/**
 * A plan as statements: the page of matches, how many there are, what goes along. Every table in them has its access
 * condition, and the caller's words are only ever parameters.
 *
 * SPEC SEARCH-SQL
 */
import { revincludeNames, type IncludeTarget } from "./includes.ts";
import { tokenKey } from "./keys.ts";
import { afterSql, lateralSql, orderBySql, orderParts, type OrderPart } from "./order-sql.ts";
import { isOwnPatient } from "./patient.ts";
import type { Condition, Cursor, Include, SearchPlan, TypePlan } from "./plan.ts";
import { unprotectedSql } from "./protected.ts";
import { parameterOf } from "./registry.ts";
import { fieldsSql } from "./row-fields.ts";
import { sourceOf } from "./source.ts";
import { conjunction, SqlWriter, type AccessPredicate, type Row, type Statement } from "./sql.ts";
import { conditionSql, idsSql, isNarrowing } from "./where.ts";

/** A row of an answer, as `compileSearch` and the include statements select it. */
export type FoundRow = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** PostgreSQL's text of an instant in UTC. */
  readonly last_updated: string;
  readonly patient: string | null;
  readonly content: string;
  /** The sort values, `s1` for the first sort key. */
  readonly [sortValue: `s${number}`]: string | null;
};

/** One page: the rows to show, where the next begins when there is one, and where the one before ends. */
export type Page = {
  readonly rows: readonly FoundRow[];
  readonly next: Cursor | undefined;
  readonly previous?: Cursor | undefined;
};

/** The statement of one page, which asks for one row more than the page holds. */
export function compileSearch(plan: SearchPlan, access: AccessPredicate): Statement {
  const sql = new SqlWriter(access);
  const [only, ...more] = plan.types;
  const text = only !== undefined && more.length === 0 ? typeSql(plan, only, sql) : systemSql(plan, sql);
  return sql.statement(text);
}

/** Conditions that only look at rows which another has found; the others have plans of their own. */
const LOOKING: ReadonlySet<Condition["kind"]> = new Set<Condition["kind"]>([
  "keys",
  "range",
  "presence",
  "id",
  "last-updated",
  "tuple",
  "unprotected",
]);

/**
 * True when the statements of the plan are best planned once for all values: they begin with a few patients or ids,
 * whatever else is asked. Other searches have plans that depend on how common their values are.
 */
export function hasOnePlan({ types, revincludes }: SearchPlan): boolean {
  const areOfPatients = types.every(({ type }) => type === "Patient");
  const isOwn = ({ source, parameter: name, iterate }: Include): boolean => {
    const parameter = name === undefined ? undefined : parameterOf(source, name);
    return areOfPatients && !iterate && parameter !== undefined && isOwnPatient(source, parameter);
  };
  return (
    types.every(
      ({ conditions }) => conditions.some(isNarrowing) && conditions.every(({ kind }) => LOOKING.has(kind)),
    ) && revincludes.every(isOwn)
  );
}

/** The page that the rows of `compileSearch` make. */
export function pageOf(plan: SearchPlan, found: readonly FoundRow[]): Page {
  const rows = found.slice(0, plan.count);
  const isMore = found.length > plan.count;
  const isBack = plan.cursor?.isBack === true;
  if (isBack) rows.reverse();
  const [first, last] = [rows[0], rows.at(-1)];
  // The row that a page began after stands before it, and the one that it ends at after it.
  const isBefore = isBack ? isMore : plan.cursor !== undefined;
  return {
    rows,
    next: last !== undefined && (isBack || isMore) ? cursorAt(last, plan) : undefined,
    previous: first !== undefined && isBefore ? { ...cursorAt(first, plan), isBack: true } : undefined,
  };
}

function cursorAt(row: FoundRow, { sort }: SearchPlan): Cursor {
  return { type: row.type, id: row.id, values: sort.map((_, at) => row[`s${at + 1}`] ?? null) };
}

/** The number of matches, as `total`. Estimates are exact too: that costs no more than counting. */
export function compileCount(plan: SearchPlan, access: AccessPredicate): Statement {
  const sql = new SqlWriter(access);
  const counts = plan.types.map(({ type, conditions }) => {
    const row = sql.row(type);
    const { from, where } = sourceOf(conditions, row, sql);
    return `SELECT count(*)::int8 AS total FROM ${from} WHERE ${where}`;
  });
  const [only = "SELECT 0::int8 AS total", ...more] = counts;
  return sql.statement(
    more.length === 0 ? only : `SELECT sum(total)::int8 AS total FROM (${counts.join(" UNION ALL ")}) AS c`,
  );
}

/** The resources that matches refer to, as far as the actor may see them: one statement for all types. */
export function compileIncludes(targets: readonly IncludeTarget[], access: AccessPredicate): Statement | undefined {
  const byType = new Map<string, string[]>();
  for (const { type, id } of targets) byType.set(type, [...(byType.get(type) ?? []), id]);
  if (byType.size === 0) return undefined;
  const sql = new SqlWriter(access);
  const selects = [...byType].map(([type, ids]) => {
    const row = sql.row(type, true);
    return `SELECT ${fieldsSql(row)} FROM ${sql.from(row)} WHERE ${sql.allowed(row)} AND ${idsSql(ids, row, sql)}`;
  });
  return { text: selects.join(" UNION ALL "), values: sql.values };
}

/** The resources that refer to the given ones, at most `limit`; undefined when none of them can be referred to so. */
export function compileRevinclude(
  include: Include,
  targets: readonly IncludeTarget[],
  access: AccessPredicate,
  limit: number,
): Statement | undefined {
  const sql = new SqlWriter(access);
  const row = sql.row(include.source);
  const link = linkSql(include, targets, row, sql);
  if (link === undefined) return undefined;
  // What a Patient refers to is where somebody goes.
  const guard = row.type === "Patient" && sql.withholds ? ` AND ${unprotectedSql(row, sql)}` : "";
  const where = `${sql.allowed(row)} AND ${link}${guard}`;
  return {
    text: `SELECT ${fieldsSql(row)} FROM ${sql.from(row)} WHERE ${where} ORDER BY ${row.alias}.id LIMIT ${sql.bind(limit)}`,
    values: sql.values,
  };
}

/** By the keys of the references; and where they are to the resource's own patient, by the index on that first. */
function linkSql(include: Include, targets: readonly IncludeTarget[], row: Row, sql: SqlWriter): string | undefined {
  const keys = targets.flatMap(({ type, id }) =>
    revincludeNames(include, type).map((name) => tokenKey(name, `${type}/${id}`)),
  );
  if (keys.length === 0) return undefined;
  const parameter = include.parameter === undefined ? undefined : parameterOf(include.source, include.parameter);
  if (
    parameter === undefined ||
    !isOwnPatient(include.source, parameter) ||
    !targets.every(({ type }) => type === "Patient")
  ) {
    return `${row.alias}.tokens && ${sql.bind(keys)}::int8[]`;
  }
  const patients = targets.map(({ id }) => id);
  return conditionSql({ kind: "keys", keys, negated: false, patients }, { ...row, narrow: true }, sql);
}

function typeSql(plan: SearchPlan, { type, conditions }: TypePlan, sql: SqlWriter): string {
  const row = sql.row(type);
  const { from, where } = sourceOf(conditions, row, sql);
  const parts = orderParts({ ...plan, conditions }, row, sql);
  return [
    `SELECT ${selectedSql(row, parts)}`,
    `FROM ${from}${lateralSql(parts)}`,
    `WHERE ${conjunction([where, ...afterPageSql(plan, parts, row, sql)])}`,
    `ORDER BY ${orderBySql(parts, `${row.alias}.id${turned(plan)}`)}`,
    `LIMIT ${sql.bind(plan.count + 1)}`,
  ].join("\n");
}

function afterPageSql({ cursor }: SearchPlan, parts: readonly OrderPart[], row: Row, sql: SqlWriter): string[] {
  return cursor === undefined ? [] : [afterSql(parts, tieSql(row, cursor, sql), cursor, sql)];
}

/** What the tie-breakers' order has when a page is read backwards from where it ends. */
function turned({ cursor }: SearchPlan): string {
  return cursor?.isBack === true ? " DESC" : "";
}

/** Rows equal to the cursor's follow it when their type comes later, or when their id does in the same type. */
function tieSql({ alias, type }: Row, { type: begun, id, isBack = false }: Cursor, sql: SqlWriter): string {
  if (type === begun) return `${alias}.id ${isBack ? "<" : ">"} ${sql.bind(id)}::text`;
  return type > begun !== isBack ? "TRUE" : "FALSE";
}

function selectedSql(row: Row, parts: readonly OrderPart[]): string {
  return [fieldsSql(row), ...parts.map(({ name }, at) => `(${name})::text AS s${at + 1}`)].join(", ");
}

/**
 * Each type gives its own first rows, of which the first are taken. Among types the order ends with the type's name and
 * the id: an id is unique only within its type.
 */
function systemSql(plan: SearchPlan, sql: SqlWriter): string {
  const limit = sql.bind(plan.count + 1);
  const arms = plan.types.map((typePlan) => armSql(plan, typePlan, limit, sql));
  const isBack = plan.cursor?.isBack === true;
  const order = plan.sort.map((key, at) => {
    const way = `${key.descending === isBack ? "" : " DESC"} NULLS ${isBack ? "FIRST" : "LAST"}`;
    return `s${at + 1}${OUTER_CAST[key.parameter === "_id" ? "id" : key.as]}${way}`;
  });
  const ties = [`type COLLATE "C"${turned(plan)}`, `id${turned(plan)}`];
  return `SELECT * FROM (\n${arms.join("\nUNION ALL\n")}\n) AS page ORDER BY ${[...order, ...ties].join(", ")} LIMIT ${limit}`;
}

function armSql(plan: SearchPlan, { type, conditions }: TypePlan, limit: string, sql: SqlWriter): string {
  const row = sql.row(type);
  const { from, where } = sourceOf(conditions, row, sql);
  const parts = orderParts({ ...plan, conditions }, row, sql, true);
  const meets = conjunction([where, ...afterPageSql(plan, parts, row, sql)]);
  const order = orderBySql(parts, `${row.alias}.id${turned(plan)}`);
  return `(SELECT ${selectedSql(row, parts)} FROM ${from}${lateralSql(parts)} WHERE ${meets} ORDER BY ${order} LIMIT ${limit})`;
}

const OUTER_CAST = { instant: "::timestamptz", number: "::numeric", text: ` COLLATE "C"`, id: "" } as const;
