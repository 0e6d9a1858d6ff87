/**
 * The order of an answer as SQL, and where a page begins in it. Missing values come last in both directions. The id ends
 * every order, so that no two rows are equal and a page begins exactly after the last one.
 *
 * SPEC SEARCH-SORT SEARCH-PAGE
 */
import { jsonPathsOf } from "./jsonpath.ts";
import { rangeColumnName } from "./layout.ts";
import type { Condition, Cursor, SortKey } from "./plan.ts";
import { parameterOf, type SearchParameter } from "./registry.ts";
import { isRepeating } from "./repeating.ts";
import { conjunction, disjunction, type Row, type SqlWriter } from "./sql.ts";

const SQL_TYPE: Readonly<Record<SortKey["as"], string>> = { instant: "timestamptz", number: "numeric", text: "text" };

/** One sort key in a statement. */
export type OrderPart = {
  readonly expression: string;
  readonly sqlType: string;
  readonly descending: boolean;
  /** False when no row that the conditions let through lacks a value. */
  readonly nullable: boolean;
  /** Computed from text, so worth computing only once for each row. */
  readonly computed: boolean;
};

/** The sort keys of a plan on one type's rows. */
export function orderParts(sort: readonly SortKey[], row: Row, conditions: readonly Condition[], sql: SqlWriter): OrderPart[] {
  return sort.map((key): OrderPart => {
    const { expression, computed } = expressionOf(key, row, sql);
    return { expression, sqlType: SQL_TYPE[key.as], descending: key.descending, nullable: !isNeverMissing(key.parameter, conditions), computed };
  });
}

/** ORDER BY of the parts, given the SQL by which each can be named. */
export function orderBySql(parts: readonly OrderPart[], names: readonly string[], id: string): string {
  // Without missing values the plain order is left to the planner, which can then walk an index backwards.
  const keys = parts.map((part, at) => `${names[at]!}${collation(part)}${part.descending ? " DESC" : ""}${part.nullable ? " NULLS LAST" : ""}`);
  return [...keys, id].join(", ");
}

/** The rows after the cursor's. `tie` says which of those with equal sort values are. */
export function afterSql(parts: readonly OrderPart[], names: readonly string[], tie: string, cursor: Cursor, sql: SqlWriter): string {
  const cases: string[] = [];
  const equal: string[] = [];
  for (const [at, part] of parts.entries()) {
    const name = names[at]!;
    const value = cursor.values[at] ?? null;
    if (value !== null) cases.push(conjunction([...equal, laterSql(part, name, value, sql)]));
    equal.push(value === null ? `${name} IS NULL` : `${name} = ${sql.bind(value)}::${part.sqlType}`);
  }
  cases.push(conjunction([...equal, tie]));
  return conjunction([...boundSql(parts, names, cursor, sql), disjunction(cases)]);
}

function laterSql(part: OrderPart, name: string, value: string, sql: SqlWriter): string {
  const later = `${name}${collation(part)} ${part.descending ? "<" : ">"} ${sql.bind(value)}::${part.sqlType}`;
  return part.nullable ? `(${later} OR ${name} IS NULL)` : later;
}

/** What all the cases have in common, said once more so that an index scan can begin there. */
function boundSql(parts: readonly OrderPart[], names: readonly string[], cursor: Cursor, sql: SqlWriter): string[] {
  const [part] = parts;
  const value = cursor.values[0] ?? null;
  if (part === undefined || part.nullable || value === null) return [];
  return [`${names[0]!}${collation(part)} ${part.descending ? "<=" : ">="} ${sql.bind(value)}::${part.sqlType}`];
}

/** Text is compared by its bytes: the same on every database, whatever its locale. Ids go as their index does. */
function collation({ sqlType, computed }: OrderPart): string {
  return sqlType === "text" && computed ? ` COLLATE "C"` : "";
}

function expressionOf({ parameter: name, descending }: SortKey, row: Row, sql: SqlWriter): { expression: string; computed: boolean } {
  if (name === "_id") return { expression: `${row.alias}.id`, computed: false };
  if (name === "_lastUpdated") return { expression: `${row.alias}.last_updated`, computed: false };
  const parameter = parameterOf(row.type, name);
  if (parameter === undefined) return { expression: "NULL", computed: false };
  switch (parameter.type) {
    case "date": case "number": case "quantity": return rangeExpression(parameter, descending, row);
    case "string": return { expression: lexemeExpression(parameter, descending, row, sql), computed: true };
    default: return { expression: contentExpression(parameter, descending, row, sql), computed: true };
  }
}

/** A single value is ordered by where it begins; of several, the earliest or the latest is meant. */
function rangeExpression(parameter: SearchParameter, descending: boolean, row: Row): { expression: string; computed: boolean } {
  const columns = parameter.sources.map(({ name }) => `${row.alias}."${rangeColumnName(name, descending && isRepeating(row.type, name) ? "hi" : "lo")}"`);
  if (columns.length === 1) return { expression: columns[0]!, computed: false };
  return { expression: `${descending ? "greatest" : "least"}(${columns.join(", ")})`, computed: true };
}

function lexemeExpression(parameter: SearchParameter, descending: boolean, row: Row, sql: SqlWriter): string {
  const prefixes = parameter.sources.map(({ name }) => `${name}:`);
  const texts = prefixes.map((prefix) => `WHEN starts_with(u.lexeme, ${sql.bind(prefix)}::text) THEN substr(u.lexeme, ${prefix.length + 1})`);
  return `(SELECT ${descending ? "max" : "min"}((CASE ${texts.join(" ")} END) COLLATE "C") FROM unnest(${row.alias}.strings) AS u)`;
}

/** Of an object its code, value, reference; of anything else its text. Codings lie one step further in. */
function contentExpression(parameter: SearchParameter, descending: boolean, row: Row, sql: SqlWriter): string {
  const paths = parameter.atoms.flatMap(({ path }) => jsonPathsOf(path)).flatMap((path) => [path, `${path}."coding"`]);
  if (paths.length === 0) return "NULL::text";
  const values = paths.map((path) => `SELECT jsonb_path_query(${row.alias}.content::jsonb, ${sql.bind(`${path}[*]`)}::jsonpath) AS v`);
  const text = `CASE jsonb_typeof(v) WHEN 'object' THEN coalesce(v ->> 'code', v ->> 'value', v ->> 'reference') ELSE v #>> '{}' END`;
  return `(SELECT ${descending ? "max" : "min"}((${text}) COLLATE "C") FROM (${values.join(" UNION ALL ")}) AS x)`;
}

/** A condition on the same parameter lets no row through that lacks it. */
function isNeverMissing(parameter: string, conditions: readonly Condition[]): boolean {
  if (parameter === "_id" || parameter === "_lastUpdated") return true;
  return conditions.some((condition) => {
    if (condition.kind === "range") return condition.parameters.length === 1 && condition.parameters[0] === parameter;
    return condition.kind === "no-range" && !condition.missing && condition.parameters.length === 1 && condition.parameters[0] === parameter;
  });
}
