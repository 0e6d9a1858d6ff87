/**
 * Building a statement. Values go to the database only as parameters; what stands in the text is written by this module
 * or comes from the registry. Every table brings its access condition with it: there is no other way to name one.
 *
 * SPEC SEARCH-SQL
 */
import { tableOf } from "./layout.ts";
import { liesAtNone } from "./patient.ts";
import type { Condition } from "./plan.ts";

/**
 * The condition that the actor's grounds put on a table; `bind` turns a value into a placeholder. `isSpread` when the rows of
 * different patients lie on different servers, which cannot look at each other's for each of their own.
 */
export type AccessPredicate = ((
  alias: string,
  type: string,
  bind: (value: unknown) => string,
  isVersion?: boolean,
) => string) & {
  readonly isSpread?: boolean;
  /** True when protected identities are withheld from the actor. */
  readonly withholds?: boolean;
};

export type Statement = { readonly text: string; readonly values: readonly unknown[] };

/** A row of a table in the statement. */
export type Row = {
  readonly alias: string;
  readonly type: string;
  /** True when another condition has narrowed to a patient or to ids, so that token indexes would only mislead. */
  readonly narrow: boolean;
  /** The condition by which the table was divided: what it takes from an index is taken already. */
  readonly divided?: Condition;
};

export class SqlWriter {
  readonly values: unknown[] = [];
  readonly isSpread: boolean;
  readonly withholds: boolean;
  private readonly access: AccessPredicate;
  private aliases = 0;
  private readonly named: string[] = [];

  constructor(access: AccessPredicate) {
    this.access = access;
    this.isSpread = access.isSpread === true;
    this.withholds = access.withholds === true;
  }

  /** A placeholder for the value. */
  readonly bind = (value: unknown): string => `$${this.values.push(value)}`;

  /** A new row of a type's table. */
  row(type: string, narrow = false): Row {
    return { alias: `r${++this.aliases}`, type, narrow };
  }

  /** Gives a subquery a name, so that it is computed once and can be used in several places. */
  name(query: string): string {
    const name = `q${this.named.length + 1}`;
    this.named.push(`${name} AS MATERIALIZED (${query})`);
    return name;
  }

  /** The statement with its named subqueries in front. */
  statement(text: string): Statement {
    return { text: `${this.named.length === 0 ? "" : `WITH ${this.named.join(",\n")}\n`}${text}`, values: this.values };
  }

  /** The table of a row under its alias, for a FROM clause. */
  from(row: Row): string {
    return `${tableOf(row.type)} AS ${row.alias}`;
  }

  /**
   * The access condition of a row. Every WHERE clause that names its table has it. What can be no patient's lies at one
   * home, and is looked for there.
   */
  allowed(row: Row, isVersion = false): string {
    const access = `(${this.access(row.alias, row.type, this.bind, isVersion)})`;
    return liesAtNone(row.type) ? `${row.alias}.home = 0 AND ${access}` : access;
  }
}

/** Conditions that must all hold; none is true. */
export function conjunction(parts: readonly string[]): string {
  return parts.length === 0 ? "TRUE" : parts.length === 1 ? parts[0]! : `(${parts.join(" AND ")})`;
}

/** Conditions of which one must hold; none is false. */
export function disjunction(parts: readonly string[]): string {
  return parts.length === 0 ? "FALSE" : parts.length === 1 ? parts[0]! : `(${parts.join(" OR ")})`;
}
