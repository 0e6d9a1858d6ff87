/**
 * `_summary` and `_elements` on an answer: parts of a resource left out, and marked as left out.
 *
 * SPEC HTTP-SHAPE · https://hl7.org/fhir/R4/search.html#summary
 */
import { fhirErrorAt, parseJson, subsetResource, writeJson, type JsonObject } from "../fhir/index.ts";
import { parameter, type Parameters } from "./query.ts";

const SUMMARIES: ReadonlySet<string> = new Set(["true", "text", "data", "false", "count"]);

/** Leaves out of a resource's text what was not asked for. */
export type Shape = (content: string) => string;

/** How the text of a resource is to be shaped. Errors: SEARCH_VALUE_INVALID for a summary that FHIR does not know. */
export function shapeOf(parameters: Parameters): Shape {
  const summary = parameter(parameters, "_summary");
  const elements = parameter(parameters, "_elements");
  if (summary !== undefined && summary !== "" && !SUMMARIES.has(summary))
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "_summary", "_summary");
  if (elements !== undefined && elements !== "") {
    const names = elements.split(",").map((name) => name.trim());
    return (content) => writeJson(subsetResource(parseJson(content) as JsonObject, { elements: names }));
  }
  if (summary === "true" || summary === "text" || summary === "data") {
    return (content) => writeJson(subsetResource(parseJson(content) as JsonObject, { summary }));
  }
  return (content) => content;
}
