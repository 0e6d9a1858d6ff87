/**
 * The order of an answer as SQL, and where a page begins in it. Missing values come last in both directions. The id ends
 * every order, so that no two rows are equal and a page begins exactly after the last one.
 *
 * SPEC SEARCH-SORT SEARCH-PAGE
 */
import { binarySql } from "./binary.ts";
import { jsonPathsOf } from "./jsonpath.ts";
import { primaryDateOf, rangeColumnName } from "./layout.ts";
import type { Condition, Cursor, SortKey } from "./plan.ts";
import { parameterOf, type SearchParameter } from "./registry.ts";
import { isRepeating } from "./repeating.ts";
import { conjunction, disjunction, type Row, type SqlWriter } from "./sql.ts";

const SQL_TYPE: Readonly<Record<SortKey["as"], string>> = { instant: "timestamptz", number: "numeric", text: "text" };

/** One sort key in a statement. */
export type OrderPart = {
  /** What it is; computed from text, or a column. */
  readonly expression: string;
  /** How it is called in the statement: the expression itself, or a column of the LATERAL table `o`. */
  readonly name: string;
  readonly sqlType: string;
  readonly collation: string;
  readonly descending: boolean;
  /** False when no row that the conditions let through lacks a value. */
  readonly nullable: boolean;
  /** Where its index keeps missing values, when it is read in this direction. */
  readonly indexNulls: "FIRST" | "LAST";
  /** The whole order is turned about: missing values come first. */
  readonly isBack: boolean;
};

/** The sort keys of a plan on one type's rows. `lateral` calls all of them by column names of `o`. */
export function orderParts(plan: Sorted, row: Row, sql: SqlWriter, lateral = false): OrderPart[] {
  const isBack = plan.cursor?.isBack === true;
  const drafts = plan.sort.map((key) => ({ key, ...expressionOf(key, row, sql) }));
  // Over several servers an expression is computed where its row lies, and said there in its place.
  const isLateral =
    lateral || drafts.some(({ computed, expression }) => computed && (!sql.isSpread || expression === "NULL"));
  return drafts.map(({ key, expression, computed }, at): OrderPart => {
    const nullable = !isNeverMissing(key.parameter, plan.conditions);
    const descending = key.descending !== isBack;
    return {
      expression,
      name: isLateral ? `o.k${at + 1}` : expression,
      sqlType: SQL_TYPE[key.as],
      collation: key.as === "text" && computed ? ` COLLATE "C"` : "",
      descending,
      nullable,
      indexNulls: (key.parameter === primaryDateOf(row.type)) === descending ? "LAST" : "FIRST",
      isBack,
    };
  });
}

type Sorted = {
  readonly sort: readonly SortKey[];
  readonly conditions: readonly Condition[];
  /** A page that ends at its cursor is read from there, backwards. */
  readonly cursor: Cursor | undefined;
};

/** The LATERAL table that computes each key once for each row; OFFSET 0 keeps the planner from copying it about. */
export function lateralSql(parts: readonly OrderPart[]): string {
  if (parts.every(({ name, expression }) => name === expression)) return "";
  return `, LATERAL (SELECT ${parts.map(({ expression }, at) => `${expression} AS k${at + 1}`).join(", ")} OFFSET 0) AS o`;
}

/** ORDER BY of the parts. */
export function orderBySql(parts: readonly OrderPart[], id: string): string {
  return [...parts.map(orderSql), id].join(", ");
}

/** Missing values are last. Where there are none, the order is written as the index has it, so that it can be walked. */
function orderSql({ name, collation, descending, nullable, indexNulls, isBack }: OrderPart): string {
  const missing = isBack ? "FIRST" : "LAST";
  return `${name}${collation}${descending ? " DESC" : ""} NULLS ${nullable ? missing : indexNulls}`;
}

/** The rows after the cursor's, in the direction that is read. `tie` says which of those with equal sort values are. */
export function afterSql(parts: readonly OrderPart[], tie: string, cursor: Cursor, sql: SqlWriter): string {
  const cases: string[] = [];
  const equal: string[] = [];
  for (const [at, part] of parts.entries()) {
    const value = cursor.values[at] ?? null;
    if (value !== null) cases.push(conjunction([...equal, laterSql(part, value, sql)]));
    else if (part.isBack) cases.push(conjunction([...equal, `${part.name} IS NOT NULL`]));
    equal.push(value === null ? `${part.name} IS NULL` : `${part.name} = ${sql.bind(value)}::${part.sqlType}`);
  }
  cases.push(conjunction([...equal, tie]));
  return conjunction([...boundSql(parts[0], cursor, sql), disjunction(cases)]);
}

function laterSql(part: OrderPart, value: string, sql: SqlWriter): string {
  const later = comparedSql(part, part.descending ? "<" : ">", value, sql);
  return part.nullable && !part.isBack ? `(${later} OR ${part.name} IS NULL)` : later;
}

/** What all the cases have in common, said once more so that an index scan can begin there. */
function boundSql(part: OrderPart | undefined, cursor: Cursor, sql: SqlWriter): string[] {
  const value = cursor.values[0] ?? null;
  if (part === undefined || (part.nullable && !part.isBack) || value === null) return [];
  return [comparedSql(part, part.descending ? "<=" : ">=", value, sql)];
}

/** Text is compared by its bytes: the same on every database, whatever its locale. Ids go as their index does. */
function comparedSql({ name, collation, sqlType }: OrderPart, sign: string, value: string, sql: SqlWriter): string {
  return `${name}${collation} ${sign} ${sql.bind(value)}::${sqlType}`;
}

function expressionOf(
  { parameter: name, descending }: SortKey,
  row: Row,
  sql: SqlWriter,
): { expression: string; computed: boolean } {
  if (name === "_id") return { expression: `${row.alias}.id`, computed: false };
  if (name === "_lastUpdated") return { expression: `${row.alias}.last_updated`, computed: false };
  const parameter = parameterOf(row.type, name);
  if (parameter === undefined) return { expression: "NULL", computed: false };
  switch (parameter.type) {
    case "date":
    case "number":
    case "quantity":
      return rangeExpression(parameter, descending, row);
    case "string":
      return { expression: lexemeExpression(parameter, descending, row, sql), computed: true };
    default:
      return { expression: contentExpression(parameter, descending, row, sql), computed: true };
  }
}

/** A single value is ordered by where it begins; of several, the earliest or the latest is meant. */
function rangeExpression(
  parameter: SearchParameter,
  descending: boolean,
  row: Row,
): { expression: string; computed: boolean } {
  const columns = parameter.sources.map(
    ({ name }) => `${row.alias}."${rangeColumnName(name, descending && isRepeating(row.type, name) ? "hi" : "lo")}"`,
  );
  if (columns.length === 1) return { expression: columns[0]!, computed: false };
  return { expression: `${descending ? "greatest" : "least"}(${columns.join(", ")})`, computed: true };
}

function lexemeExpression(parameter: SearchParameter, descending: boolean, row: Row, sql: SqlWriter): string {
  const prefixes = parameter.sources.map(({ name }) => `${name}:`);
  const texts = prefixes.map(
    (prefix) => `WHEN starts_with(u.lexeme, ${sql.bind(prefix)}::text) THEN substr(u.lexeme, ${prefix.length + 1})`,
  );
  return `(SELECT ${descending ? "max" : "min"}((CASE ${texts.join(" ")} END) COLLATE "C") FROM unnest(${row.alias}.strings) AS u)`;
}

/** Of an object its code, value, reference; of anything else its text. Codings lie one step further in. */
function contentExpression(parameter: SearchParameter, descending: boolean, row: Row, sql: SqlWriter): string {
  const paths = parameter.atoms.flatMap(({ path, only }) =>
    jsonPathsOf(path).flatMap((one) => (only === undefined ? [one, `${one}."coding"`] : [keptPath(one, only)])),
  );
  if (paths.length === 0) return "NULL::text";
  const content = binarySql(row);
  const values = paths.map((path) => `SELECT jsonb_path_query(${content}, ${sql.bind(`${path}[*]`)}::jsonpath) AS v`);
  const text = `CASE jsonb_typeof(v) WHEN 'object' THEN coalesce(v ->> 'code', v ->> 'value', v ->> 'reference') ELSE v #>> '{}' END`;
  return `(SELECT ${descending ? "max" : "min"}((${text}) COLLATE "C") FROM (${values.join(" UNION ALL ")}) AS x)`;
}

/** A parameter limited to one type is ordered by the references to that type alone. */
function keptPath(path: string, only: string): string {
  return `${path}[*] ? (@."reference" like_regex "(^|/)${only}/[^/]+(/_history/[^/]+)?$" || @."type" == "${only}")`;
}

/** A test of the same parameter lets no row through that lacks it. */
function isNeverMissing(parameter: string, conditions: readonly Condition[]): boolean {
  if (parameter === "_id" || parameter === "_lastUpdated") return true;
  return conditions.some(
    (condition) =>
      condition.kind === "range" && condition.parameters.length === 1 && condition.parameters[0] === parameter,
  );
}
