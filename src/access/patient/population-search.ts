/**
 * Searches over more than one patient may not go by what the law keeps from being a search term: race, political opinion,
 * religion, sex life, offences, social support and the like. Which code systems and codes these are is configuration.
 *
 * SPEC ACC-TERMS · PDL (2008:355) 2 kap. 8 § (section number not verified)
 */
import { rawOf } from "./read-facts.ts";
import { CLOSES, type AccessRule } from "./rules.ts";

/** Terms that may not select people: a whole code system, or those of its codes that begin with one of the prefixes. */
export type SensitiveTerms = { readonly system: string; readonly prefixes: readonly string[] | "all" };

/** One term of a search; a null system or code is one that the search leaves out. */
export type SearchedTerm = { readonly system: string | null; readonly code: string | null };

/** Why a search may not be run, or nothing. A term without a system may be of any; configuration that cannot be read refuses. */
export function refusePopulationSearch(
  { isOfOnePatient, terms }: { readonly isOfOnePatient: boolean; readonly terms: readonly SearchedTerm[] },
  sensitive: readonly SensitiveTerms[],
): AccessRule | undefined {
  if (isOfOnePatient) return undefined;
  const list: unknown = sensitive; // configuration, whatever its type says
  if (!Array.isArray(list) || !list.every(isSound)) return CLOSES.malformed;
  const meets = (among: (term: SearchedTerm, one: SensitiveTerms) => boolean): boolean =>
    terms.some((term) => sensitive.some((one) => among(term, one)));
  if (meets(isAmong)) return SENSITIVE;
  return meets(mayBeAmong) ? WITHOUT_SYSTEM : undefined;
}

function isSound(value: unknown): boolean {
  const { system, prefixes } = rawOf(value);
  const isListed =
    Array.isArray(prefixes) && prefixes.length > 0 && prefixes.every((one) => typeof one === "string" && one !== "");
  return typeof system === "string" && system.trim() !== "" && (prefixes === "all" || isListed);
}

function isAmong({ system, code }: SearchedTerm, { system: kept, prefixes }: SensitiveTerms): boolean {
  if (system !== null && system !== kept) return false;
  if (code === null || prefixes === "all") return system !== null; // all codes of a system are searched for, or kept
  return prefixes.some((prefix) => code.toUpperCase().startsWith(prefix.toUpperCase()));
}

/** A code of any system finds those of a system that is kept as a whole, too. */
function mayBeAmong({ system, code }: SearchedTerm, { prefixes }: SensitiveTerms): boolean {
  return system === null && code !== null && prefixes === "all";
}

const SENSITIVE: AccessRule = {
  rule: "ACC-TERMS",
  law: "PDL 2 kap. 8 §",
  sentence: "Det här sökbegreppet får inte användas för att söka bland flera patienter.",
};
const WITHOUT_SYSTEM: AccessRule = {
  rule: "ACC-TERMS-SYSTEM",
  law: "PDL 2 kap. 8 §",
  sentence: "Ange kodens kodsystem när du söker bland flera patienter.",
};
