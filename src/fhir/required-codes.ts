/** The codes of R4's own value sets with a required binding, by their address. SPEC TERM-LIBRARY-5 (terminology/SPEC.md) */
import { VALUE_SETS } from "./generated/value-sets.ts";

const BASE = "http://hl7.org/fhir/ValueSet/";

/** Codes by code system, or nothing when the value set is not one of those. */
export function requiredCodes(url: string): Readonly<Record<string, readonly string[]>> | undefined {
  const name = url.startsWith(BASE) ? url.slice(BASE.length) : "";
  return Object.hasOwn(VALUE_SETS, name) ? VALUE_SETS[name] : undefined;
}
