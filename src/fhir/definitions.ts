/**
 * R4's own search parameters, operations and compartments as they are published, which need not be stored: each a line of text.
 *
 * SPEC FHIR-DEFINITION · https://hl7.org/fhir/R4/downloads.html
 */
import { COMPARTMENT_TEXTS, OPERATION_TEXTS, SEARCH_PARAMETER_TEXTS } from "./generated/definitions.ts";

const TEXTS: Readonly<Record<string, string>> = {
  SearchParameter: SEARCH_PARAMETER_TEXTS,
  OperationDefinition: OPERATION_TEXTS,
  CompartmentDefinition: COMPARTMENT_TEXTS,
};

const ID = /^\{"id":"([^"]+)"/;

/** The definitions of a type as texts of JSON, by id; none of another type. */
export function definitionTextsOf(type: string): ReadonlyMap<string, string> {
  const text = Object.hasOwn(TEXTS, type) ? TEXTS[type] : undefined;
  return new Map((text?.split("\n") ?? []).map((line) => [ID.exec(line)?.[1] ?? "", line]));
}
