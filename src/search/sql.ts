/**
 * Building a statement. Values go to the database only as parameters; what stands in the text is written by this module
 * or comes from the registry. Every table brings its access condition with it: there is no other way to name one.
 *
 * SPEC SEARCH-SQL
 */
import { tableOf } from "./layout.ts";

/** The condition that the actor's grounds put on a table; `bind` turns a value into a placeholder. */
export type AccessPredicate = (alias: string, type: string, bind: (value: unknown) => string) => string;

export type Statement = { readonly text: string; readonly values: readonly unknown[] };

/** A row of a table in the statement. */
export type Row = {
  readonly alias: string;
  readonly type: string;
  /** True when another condition has narrowed to a patient or to ids, so that token indexes would only mislead. */
  readonly narrow: boolean;
};

export class SqlWriter {
  readonly values: unknown[] = [];
  private readonly access: AccessPredicate;
  private aliases = 0;

  constructor(access: AccessPredicate) {
    this.access = access;
  }

  /** A placeholder for the value. */
  readonly bind = (value: unknown): string => `$${this.values.push(value)}`;

  /** A new row of a type's table. */
  row(type: string, narrow = false): Row {
    return { alias: `r${++this.aliases}`, type, narrow };
  }

  /** The table of a row under its alias, for a FROM clause. */
  from(row: Row): string {
    return `${tableOf(row.type)} AS ${row.alias}`;
  }

  /** The access condition of a row. Every WHERE clause that names its table has it. */
  allowed(row: Row): string {
    return `(${this.access(row.alias, row.type, this.bind)})`;
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
