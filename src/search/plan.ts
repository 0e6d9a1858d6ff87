/**
 * What a search asks for, as data: conditions on rows, order, page and what goes along. `parseSearch` makes it from a
 * query string, `compileSearch` makes SQL of it; nothing in it has been near a database.
 *
 * SPEC SEARCH-PLAN
 */
import type { Issue } from "../fhir/index.ts";

/** R4's prefixes, and `co` of a filter: the value's range has all of the asked one. */
export type Prefix = "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "sa" | "eb" | "ap" | "co";

/** A unit that a quantity must have: system and code together, or a code or unit by whichever name. */
export type UnitTest = { readonly system: string | undefined; readonly code: string };

/**
 * One value of a range parameter. `low` and `high` are the written value's own range (for a number: within its
 * precision), `exact` a number as written, for the prefixes that ignore precision.
 */
export type RangeTest = {
  readonly prefix: Prefix;
  readonly low: string;
  readonly high: string;
  readonly exact: string;
  readonly unit: UnitTest | undefined;
  /** The same range in every unit that the asked one can be converted to, itself among them. */
  readonly converted?: readonly ConvertedRange[];
};

/** A test's limits in units with these codes of one system, which all have the same factor. */
export type ConvertedRange = {
  readonly codes: readonly string[];
  readonly low: string;
  readonly high: string;
  readonly exact: string;
};

/** Words that a text must have: a phrase, or several put together. */
export type WordQuery =
  | { readonly op: "phrase"; readonly text: string }
  | { readonly op: "and" | "or"; readonly of: readonly WordQuery[] }
  | { readonly op: "not"; readonly of: WordQuery };

export type RangeKind = "date" | "number";

/** A part of a composite, tested inside one tuple of `many`. */
export type TupleTest =
  | { readonly kind: "forms"; readonly forms: readonly string[] }
  | { readonly kind: "ranges"; readonly of: RangeKind; readonly test: RangeTest };

export type TerminologyQuestion =
  | { readonly ask: "value-set"; readonly url: string }
  | { readonly ask: "below" | "above"; readonly system: string | undefined; readonly code: string };

export type Condition =
  /**
   * The row has one of the keys. `patients`: the same said of the row's own patient. `whose`: the patients whom a reference of
   * the compartment names, own or not. `areCodes`: each is the key of a system and code of the parameter that a type's rows
   * may keep in a column (CODE_KEY).
   */
  | {
      readonly kind: "keys";
      readonly keys: readonly string[];
      readonly negated: boolean;
      readonly patients?: readonly string[];
      readonly whose?: readonly string[];
      readonly areCodes?: boolean;
    }
  /** A text begins with one of these, contains one, is one or ends with one. `present`: keys of rows that have such a text at all. */
  | {
      readonly kind: "text";
      readonly names: readonly string[];
      readonly values: readonly string[];
      readonly match: "prefix" | "contains" | "equals" | "ends";
      readonly present: readonly string[];
    }
  /** One of the tests holds for one value of one of the parameters. */
  | {
      readonly kind: "range";
      readonly of: RangeKind;
      readonly parameters: readonly string[];
      readonly tests: readonly RangeTest[];
    }
  /** Whether there is a value at all; `present` are the keys of values that are no range, such as a date in words. */
  | {
      readonly kind: "presence";
      readonly parameters: readonly string[];
      readonly present: readonly string[];
      readonly missing: boolean;
    }
  | { readonly kind: "id"; readonly ids: readonly string[]; readonly negated: boolean }
  | { readonly kind: "last-updated"; readonly tests: readonly RangeTest[] }
  /** One tuple of `stored` in `many` meets every test. */
  | { readonly kind: "tuple"; readonly stored: string; readonly tests: readonly TupleTest[] }
  | { readonly kind: "near"; readonly points: readonly NearPoint[] }
  | { readonly kind: "compartment"; readonly patient: string }
  /** The row is, and belongs to, nobody whose identity is protected, unless the actor may see those. */
  | { readonly kind: "unprotected" }
  /** The narrative, the whole content, or the texts of parameters have words that answer the query. */
  | { readonly kind: "words"; readonly within: "narrative" | "content" | readonly string[]; readonly query: WordQuery }
  /** The row is, or refers by `references` to, one of `of` or something below (above) it in the hierarchy of its type. */
  | {
      readonly kind: "hierarchy";
      readonly direction: "below" | "above";
      readonly references: readonly string[];
      readonly of: { readonly type: string; readonly ids: readonly string[]; readonly parent: string };
    }
  | { readonly kind: "not"; readonly of: Condition }
  | {
      readonly kind: "chain";
      readonly references: readonly string[];
      readonly ownPatient: boolean;
      readonly targets: readonly { readonly type: string; readonly condition: Condition }[];
    }
  | {
      readonly kind: "has";
      readonly type: string;
      readonly references: readonly string[];
      readonly ownPatient: boolean;
      readonly condition: Condition;
    }
  /** Not answerable before terminology has said which codes are meant. */
  | {
      readonly kind: "terminology";
      readonly type: string;
      readonly parameter: string;
      readonly question: TerminologyQuestion;
      readonly negated: boolean;
    }
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] };

export type NearPoint = { readonly latitude: number; readonly longitude: number; readonly metres: number };

export type SortKey = {
  readonly parameter: string;
  readonly descending: boolean;
  /** How it is compared, and so which cursor values are believable. */
  readonly as: "instant" | "number" | "text";
};

export type Include = {
  readonly source: string;
  /** The reference parameter, or undefined for all of them. */
  readonly parameter: string | undefined;
  readonly target: string | undefined;
  readonly iterate: boolean;
};

export type Total = "none" | "estimate" | "accurate";
export type Summary = "true" | "text" | "data" | "count" | "false";

export type Contained = { readonly search: "false" | "true" | "both"; readonly answer: "container" | "contained" };

/** A search of one type: all conditions must hold. */
export type TypePlan = { readonly type: string; readonly conditions: readonly Condition[] };

/** Where a page begins: after the row with these sort values and this type and id. */
export type Cursor = {
  readonly values: readonly (string | null)[];
  readonly type: string;
  readonly id: string;
  /** The page ends before this row, instead of beginning after it. */
  readonly isBack?: boolean;
};

/** Whose compartment is searched. */
export type Compartment = { readonly type: string; readonly id: string };

export type SearchPlan = {
  /** One for a search of a type; several for a search of the whole system or compartment. */
  readonly types: readonly TypePlan[];
  readonly sort: readonly SortKey[];
  readonly count: number;
  /** True when only the number of matches is asked for. */
  readonly countOnly: boolean;
  readonly total: Total;
  readonly summary: Summary;
  /** Whether resources inside others are looked for too, or only they, and what is answered of them. */
  readonly contained: Contained;
  readonly elements: readonly string[];
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  readonly cursor: Cursor | undefined;
  /** The parameters that were used, as they were given; the self link is made of them. */
  readonly used: readonly (readonly [name: string, value: string])[];
  /** What was left out because the caller asked for lenient handling. */
  readonly ignored: readonly Issue[];
  /** Identifies the question, so that a cursor of another question is refused. */
  readonly fingerprint: string;
};

/** Nothing can match. */
export const NOTHING: Condition = { kind: "any", of: [] };

/** Joins conditions so that one alone stays itself. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 1 ? conditions[0]! : { kind: "any", of: conditions };
}

export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 1 ? conditions[0]! : { kind: "all", of: conditions };
}
