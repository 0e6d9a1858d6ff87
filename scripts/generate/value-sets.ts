/** Lists the codes of value sets whose code systems R4 carries completely. */
import type { CodeSystemConcept, ValueSet, ValueSetComposeInclude } from "fhir/r4";
import { terminology } from "./definitions.ts";

const { codeSystems, valueSets } = terminology();

type Codes = Record<string, string[]>;

const expansions = new Map<string, Codes | undefined>();

/** The value sets among these that can be listed, each as codes by system. */
export function expandedValueSets(urls: ReadonlySet<string>): Map<string, Codes> {
  const listed = new Map<string, Codes>();
  for (const url of urls) {
    if (!expansions.has(url)) expansions.set(url, expand(valueSets.get(url)));
    const codes = expansions.get(url);
    if (codes) listed.set(url, codes);
  }
  return listed;
}

function expand(valueSet: ValueSet | undefined): Codes | undefined {
  const codes: Codes = {};
  if (!valueSet?.compose || valueSet.compose.exclude) return undefined;
  for (const include of valueSet.compose.include) {
    const own = includedCodes(include);
    if (!own || !include.system) return undefined;
    codes[include.system] = [...new Set([...(codes[include.system] ?? []), ...own])];
  }
  return codes;
}

function includedCodes(include: ValueSetComposeInclude): string[] | undefined {
  if (include.filter || include.valueSet) return undefined;
  if (include.concept) return include.concept.map(({ code }) => code);
  const system = codeSystems.get(include.system ?? "");
  return system?.content === "complete" ? system.concept?.flatMap(withDescendants) : undefined;
}

function withDescendants(concept: CodeSystemConcept): string[] {
  return [concept.code, ...(concept.concept ?? []).flatMap(withDescendants)];
}
