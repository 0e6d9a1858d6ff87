/**
 * A concept of a code system, and what can be asked of a code system wherever its concepts lie: in a CodeSystem resource
 * or in the tables that large systems were taken into.
 *
 * SPEC TERM-MODEL · https://hl7.org/fhir/R4/codesystem.html
 */
import type { TextQuery } from "./words.ts";

/** `use` is the code of the designation's use, such as `synonym`. */
export type Designation = { readonly language?: string; readonly use?: string; readonly value: string };

export type PropertyType = "code" | "string" | "boolean" | "integer" | "decimal" | "dateTime" | "Coding";

/** The value as text whatever its type; of a Coding its code. */
export type Property = { readonly code: string; readonly type: PropertyType; readonly value: string };

export type Concept = {
  readonly code: string;
  readonly display: string | undefined;
  readonly definition: string | undefined;
  readonly active: boolean;
  /** True when the concept only groups others and is not to be chosen. */
  readonly abstract: boolean;
  /** Codes of the nearest concepts above. */
  readonly parents: readonly string[];
  readonly designations: readonly Designation[];
  readonly properties: readonly Property[];
};

export type FilterOperator =
  | "="
  | "is-a"
  | "descendent-of"
  | "is-not-a"
  | "regex"
  | "in"
  | "not-in"
  | "generalizes"
  | "exists";

export type Filter = { readonly property: string; readonly op: FilterOperator; readonly value: string };

/** Which concepts of a code system are meant; everything that is said must hold. */
export type Selection = {
  readonly codes?: readonly string[];
  readonly filters: readonly Filter[];
  readonly text?: TextQuery;
  readonly activeOnly: boolean;
};

export type Slice = { readonly offset: number; readonly limit: number };

export interface ConceptSource {
  readonly url: string;
  readonly version: string | undefined;
  readonly name: string;
  /** Language of the displays. */
  readonly language: string | undefined;
  /** False when there are codes that are not listed here, so that an unknown code is not a wrong one. */
  readonly isComplete: boolean;
  /** True when a concept's place below another means that it is a kind of it. */
  readonly isSubsumptive: boolean;
  /** The concepts that exist, by the code as it was asked for. */
  find(codes: readonly string[]): Promise<ReadonlyMap<string, Concept>>;
  select(selection: Selection, slice: Slice): Promise<readonly Concept[]>;
  count(selection: Selection): Promise<number>;
  /** The codes alone of what `select` would answer, in any order. */
  codes(selection: Selection, limit: number): Promise<readonly string[]>;
  /** The codes above each code that exists, without itself. */
  ancestors(codes: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

export const EVERYTHING: Selection = { filters: [], activeOnly: false };
