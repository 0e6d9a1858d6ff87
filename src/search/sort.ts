/**
 * The order of an answer. Dates, numbers and quantities by their columns; text by its normalised form; codes, references
 * and uris by their own text. What has no value comes last, whichever way the order goes.
 *
 * SPEC SEARCH-SORT · https://hl7.org/fhir/R4/search.html#sort
 */
import { unknownParameter } from "./context.ts";
import type { SortKey } from "./plan.ts";
import { isOfTheRow, parameterOf, type SearchType } from "./registry.ts";

const COMPARED: Readonly<Partial<Record<SearchType, SortKey["as"]>>> = {
  date: "instant",
  number: "number",
  quantity: "number",
  string: "text",
  token: "text",
  reference: "text",
  uri: "text",
};

/** Reads `-date,family`. Every type must have each parameter, and in the same kind. Errors: SEARCH_PARAM_UNKNOWN. */
export function sortKeysOf(types: readonly string[], written: string, value: string): SortKey[] {
  return value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => sortKeyOf(types, written, one));
}

function sortKeyOf(types: readonly string[], written: string, one: string): SortKey {
  const descending = one.startsWith("-");
  const parameter = descending ? one.slice(1) : one;
  const kinds = new Set(types.map((type) => comparedAs(type, parameter)));
  const [as] = kinds;
  if (as === undefined || kinds.size > 1)
    throw unknownParameter(`${written}=${one}`, types.length === 1 ? types[0]! : "_type");
  return { parameter, descending, as };
}

function comparedAs(type: string, name: string): SortKey["as"] | undefined {
  if (name === "_id") return "text";
  if (isOfTheRow(name) && name !== "_lastUpdated") return undefined;
  const parameter = parameterOf(type, name);
  return parameter === undefined ? undefined : COMPARED[parameter.type];
}
