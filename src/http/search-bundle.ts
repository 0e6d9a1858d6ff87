/**
 * A search answered as a Bundle, put together from stored texts.
 *
 * SPEC HTTP-SEARCH · https://hl7.org/fhir/R4/bundle.html#searchset
 */
import { outcomeOf, writeJson, type Language } from "../fhir/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type Found, type Visit } from "../journal/index.ts";
import { definedFrom, definedIn, type Defined } from "./definitions.ts";
import { shapeOf } from "./shape.ts";
import type { Parameters } from "./query.ts";

export type SearchAsk = {
  /** A resource type, or nothing for the whole system. */
  readonly type: string | undefined;
  readonly parameters: Parameters;
  readonly lenient: boolean;
  readonly language: Language;
  /** Whose compartment is searched. */
  readonly compartment?: { readonly type: string; readonly id: string };
};

type BundleForm = {
  readonly url: string;
  readonly base: string;
  readonly shape: (content: string) => string;
  readonly language: Language;
};

/** Parameters about the form of the answer, which the server reads itself. */
const OF_FORM: ReadonlySet<string> = new Set(["_format", "_pretty"]);

/** Where a page begins, which stands last in the query of a link. */
const CURSOR = /(?:^|&)_cursor=[\w-]*$/;

/** The searchset as text. Errors: those of the search's parameters, FORBIDDEN. */
export async function searchBundle(visit: Visit, ask: SearchAsk): Promise<Disclosed<string>> {
  const given = ask.parameters.filter(([name]) => !OF_FORM.has(name));
  const defined = ask.compartment === undefined ? definedIn(ask.type, given, ask.lenient) : undefined;
  const parameters = defined?.parameters ?? given;
  const found = await searchResources(visit, ask.type, parameters, {
    lenient: ask.lenient,
    compartment: ask.compartment,
  });
  const shape = shapeOf(parameters);
  const { compartment } = ask;
  const within = compartment === undefined ? undefined : `${compartment.type}/${compartment.id}`;
  const path = [within, ask.type].filter((part) => part !== undefined);
  const url = [visit.base, ...path].join("/");
  return disclosedTogether([found], ([one]) =>
    bundleText(defined === undefined ? one : withDefined(one, defined, ask.type ?? ""), {
      url,
      base: visit.base,
      shape,
      language: ask.language,
    }),
  );
}

/** What was found with R4's own definitions after it, on the pages where the rows end. */
function withDefined(found: Found, { plan, found: own, begin }: Defined, type: string): Found {
  const isRowsOnly = begin === undefined && found.next !== null;
  const rows = begin === undefined ? found.rows : [];
  const known = new Set(rows.map(({ id }) => id));
  const total = found.total === null ? null : found.total + own.length;
  if (plan.countOnly || isRowsOnly) return { ...found, total };
  const matches = rows.filter(({ mode }) => mode === "match").length;
  const from = begin ?? 0;
  const shown = own.slice(from, from + Math.max(plan.count - matches, 0));
  const after = from + shown.length;
  const asFound = shown
    .filter(
      ({ id, url }) => !known.has(id) && !rows.some(({ content }) => content.includes(`"url":${JSON.stringify(url)}`)),
    )
    .map(({ id, text }) => rowOf(type, id, text));
  return {
    ...found,
    rows: [...rows, ...asFound],
    total: total === null ? null : total - shown.length + asFound.length,
    self: begin === undefined ? found.self : definedFrom(plan, begin),
    next: after < own.length ? definedFrom(plan, after) : null,
  };
}

function rowOf(type: string, id: string, content: string): Found["rows"][number] {
  return { type, id, version: 1, content, patient: null, lastUpdated: "", at: null, mode: "match" };
}

function bundleText(found: Found, { url, base, shape, language }: BundleForm): string {
  const first = found.self.replace(CURSOR, "");
  const links = [{ relation: "self", url: linkTo(url, found.self) }];
  if (found.next !== null || first !== found.self) links.push({ relation: "first", url: linkTo(url, first) });
  if (found.previous !== undefined) links.push({ relation: "previous", url: linkTo(url, found.previous) });
  if (found.next !== null) links.push({ relation: "next", url: linkTo(url, found.next) });
  const address = JSON.stringify(base).slice(0, -1); // types and ids need no escape
  const entries = found.rows.map(({ type, id, content, mode, fragment }) => {
    const within = fragment === undefined ? "" : JSON.stringify(`#${fragment}`).slice(1, -1);
    return `{"fullUrl":${address}/${type}/${id}${within}","resource":${shape(content)},"search":{"mode":"${mode}"}}`;
  });
  if (found.ignored.length > 0)
    entries.push(`{"resource":${writeJson(outcomeOf(found.ignored, language))},"search":{"mode":"outcome"}}`);
  const total = found.total === null ? "" : `,"total":${found.total}`;
  const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
  return `{"resourceType":"Bundle","type":"searchset"${total},"link":${JSON.stringify(links)}${entry}}`;
}

function linkTo(url: string, query: string): string {
  return query === "" ? url : `${url}?${query}`;
}
