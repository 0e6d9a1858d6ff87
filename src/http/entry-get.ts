/**
 * A reading entry of a batch or transaction: read, vread or search.
 *
 * SPEC HTTP-ENTRY-GET
 */
import { fhirErrorAt, isResourceType, type Language } from "../fhir/index.ts";
import {
  disclosedTogether,
  parametersOf,
  readResource,
  readVersion,
  type Disclosed,
  type Visit,
} from "../journal/index.ts";
import type { EntryRequest } from "./entry.ts";
import { searchBundle } from "./search-bundle.ts";

/** The text of what the entry asks for. Errors: ENTRY_URL, and those of what is asked. */
export async function answerGet(
  visit: Visit,
  { url }: EntryRequest,
  where: string,
  language: Language,
): Promise<Disclosed<string>> {
  const [path = "", query = ""] = split(url);
  const [type, id, history, version, ...rest] = path.split("/");
  if (rest.length > 0 || (type !== "" && !isResourceType(type))) throw fhirErrorAt("ENTRY_URL", `${where}.request.url`);
  if (id === undefined)
    return searchBundle(visit, {
      type: type === "" ? undefined : type,
      parameters: parametersOf(query),
      lenient: false,
      language,
    });
  if (history === undefined) return textOf(await readResource(visit, type ?? "", id));
  if (history !== "_history" || version === undefined) throw fhirErrorAt("ENTRY_URL", `${where}.request.url`);
  return textOf(await readVersion(visit, type ?? "", id, version));
}

function textOf(version: Disclosed<{ readonly content: string }>): Disclosed<string> {
  return disclosedTogether([version], ([one]) => one.content);
}

function split(url: string): readonly string[] {
  const at = url.indexOf("?");
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}
