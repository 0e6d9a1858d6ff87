/**
 * The search parameters that R4 defines, and for a type also those it inherits.
 *
 * SPEC FHIR-PARAM · https://hl7.org/fhir/R4/searchparameter-registry.html
 */
import { SEARCH_PARAMETERS } from "./generated/search-parameters.ts";

export type SearchParameterType =
  | "number"
  | "date"
  | "string"
  | "token"
  | "reference"
  | "composite"
  | "quantity"
  | "uri"
  | "special";

export interface SearchParameterDefinition {
  readonly name: string;
  readonly type: SearchParameterType;
  /** The id of the official definition; its url is http://hl7.org/fhir/SearchParameter/<id>. */
  readonly id: string;
  /** FHIRPath, only the alternatives for this type; empty for _text, _content and _query. */
  readonly expression: string;
  /** Types that a reference may point at; absent when it may point at any. */
  readonly target?: readonly string[];
  /** Of a composite: its parts, each with an expression relative to the composite's own. */
  readonly components?: readonly SearchComponent[];
}

export interface SearchComponent {
  readonly name: string;
  readonly type: SearchParameterType;
  readonly expression: string;
}

// These three are resources but not domain resources: they have no text, no contained, no extension.
const PLAIN_RESOURCES: ReadonlySet<string> = new Set(["Binary", "Bundle", "Parameters"]);

/** Every parameter that a concrete type can be searched by: its own, then those of DomainResource and Resource. */
export function searchParametersOf(type: string): readonly SearchParameterDefinition[] {
  const inherited = PLAIN_RESOURCES.has(type) ? ["Resource"] : ["DomainResource", "Resource"];
  return [type, ...inherited].flatMap((base) => SEARCH_PARAMETERS[base] ?? []);
}
