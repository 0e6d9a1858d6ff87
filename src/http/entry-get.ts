/**
 * A reading entry of a batch or transaction: read, vread or search.
 *
 * SPEC HTTP-ENTRY-GET
 */
import { fhirErrorAt, isResourceType, type Language } from "../fhir/index.ts";
import {
  authorize,
  disclosedTogether,
  parametersOf,
  readResource,
  readVersion,
  refuseBadSearch,
  type Disclosed,
  type QueryParameters,
  type Visit,
} from "../journal/index.ts";
import type { Entry } from "./entry.ts";
import { searchBundle } from "./search-bundle.ts";

/** What a reading entry asks for. */
export type EntryQuestion =
  | { readonly kind: "search"; readonly type: string | undefined; readonly parameters: QueryParameters }
  | { readonly kind: "read"; readonly type: string; readonly id: string }
  | { readonly kind: "vread"; readonly type: string; readonly id: string; readonly version: string };

/** Reads the entry's address. Errors: ENTRY_URL, QUERY_ENCODING. */
export function questionOf({ request: { url }, where }: Entry): EntryQuestion {
  const at = url.indexOf("?");
  const parameters = at < 0 ? [] : parametersOf(url.slice(at + 1));
  const [type = "", id, history, version, ...rest] = (at < 0 ? url : url.slice(0, at)).split("/");
  if (type === "" && id === undefined) return { kind: "search", type: undefined, parameters };
  if (!isResourceType(type) || rest.length > 0) throw fhirErrorAt("ENTRY_URL", `${where}.request.url`);
  if (id === undefined) return { kind: "search", type, parameters };
  if (history === undefined) return { kind: "read", type, id };
  if (history !== "_history" || version === undefined) throw fhirErrorAt("ENTRY_URL", `${where}.request.url`);
  return { kind: "vread", type, id, version };
}

/** Refuses what can be known to be refused without looking. Errors: SEARCH_*, FORBIDDEN. */
export async function refuseBadQuestion(visit: Visit, question: EntryQuestion): Promise<void> {
  if (question.kind === "search") await refuseBadSearch(visit, question.type, question.parameters);
  else await authorize(visit, question.kind, question.type, `${question.type}/${question.id}`);
}

/** The text of what the entry asks for. Errors: those of what is asked. */
export async function answerGet(visit: Visit, question: EntryQuestion, language: Language): Promise<Disclosed<string>> {
  switch (question.kind) {
    case "search":
      return searchBundle(visit, { ...question, lenient: false, language });
    case "read":
      return textOf(await readResource(visit, question.type, question.id));
    case "vread":
      return textOf(await readVersion(visit, question.type, question.id, question.version));
  }
}

function textOf(version: Disclosed<{ readonly content: string }>): Disclosed<string> {
  return disclosedTogether([version], ([one]) => one.content);
}
