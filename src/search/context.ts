/**
 * What the parsing of one parameter needs to know, and the refusals that all of them share.
 *
 * SPEC SEARCH-PARSE
 */
import { fhirErrorAt, type FhirError } from "../fhir/index.ts";
import { splitEscaped } from "./escapes.ts";
import { LIMITS } from "./limits.ts";
import type { SearchParameter } from "./registry.ts";

/** What a search is parsed with. */
export type ParseContext = {
  /** This server's own FHIR address, so that an absolute reference to it is understood as a local one. */
  readonly base: string | undefined;
  /** Milliseconds since 1970, for `ap` on dates. */
  readonly now: number | undefined;
};

/** One parameter as given: on a type, with its modifier and its value still escaped. */
export type Asked = {
  readonly type: string;
  readonly parameter: SearchParameter;
  readonly modifier: string | undefined;
  readonly value: string;
  /** The whole name as the caller wrote it, for messages. */
  readonly written: string;
  readonly context: ParseContext;
};

/** The alternatives of a value, still escaped; empty ones say nothing. */
export function alternativesOf(asked: Asked): string[] {
  const alternatives = splitEscaped(asked.value, ",").filter((one) => one !== "");
  if (alternatives.length > LIMITS.alternatives)
    throw tooCostly(asked.written, `${alternatives.length} > ${LIMITS.alternatives}`);
  return alternatives;
}

export function unknownParameter(name: string, type: string): FhirError {
  return fhirErrorAt("SEARCH_PARAM_UNKNOWN", name, name, type);
}

export function unknownModifier({
  written,
  parameter,
  modifier,
}: {
  readonly written: string;
  readonly parameter: { readonly name: string };
  readonly modifier: string | undefined;
}): FhirError {
  return fhirErrorAt("SEARCH_MODIFIER_UNKNOWN", written, parameter.name, modifier ?? "");
}

/** @param expected what would have been understood; never the value itself, which may be a personal identity number */
export function invalidValue(name: string, expected: string): FhirError {
  return fhirErrorAt("SEARCH_VALUE_INVALID", name, name, expected);
}

export function tooCostly(name: string, why: string): FhirError {
  return fhirErrorAt("SEARCH_TOO_COSTLY", name, why);
}
