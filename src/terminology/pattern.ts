/** Regular expressions that a caller sends, in bounded time. SPEC TERM-PATTERN */
import { boundedPattern, PatternError } from "../fhir/index.ts";
import { tooCostly, unsupportedFilter } from "./refusals.ts";

/** The matcher of a pattern. Errors: FILTER_NOT_SUPPORTED, TERMINOLOGY_TOO_COSTLY. */
export function pattern(text: string): (value: string) => boolean {
  try {
    return boundedPattern(text);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw error.reason === "too costly" ? tooCostly("pattern") : unsupportedFilter(`regex ${text}`);
  }
}
