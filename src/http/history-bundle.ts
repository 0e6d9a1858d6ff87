/**
 * History answered as a Bundle, put together from stored texts; its parameters are those that R4 names.
 *
 * SPEC HTTP-HISTORY · https://hl7.org/fhir/R4/http.html#history
 */
import type { List } from "fhir/r4";
import { homeOfId, isoLocal } from "../base/index.ts";
import { dateRange, fhirErrorAt, isFhirId } from "../fhir/index.ts";
import {
  disclosedTogether,
  readHistory,
  readResource,
  type Disclosed,
  type HistoryAsk,
  type HistoryPage,
  type Visit,
} from "../journal/index.ts";
import { etag } from "./headers.ts";
import { parameter, type Parameters } from "./query.ts";
import { shapeOf, type Shape } from "./shape.ts";

/** Whose history: a resource's, a type's, or that of everything. */
export type HistoryAddress = { readonly type?: string; readonly id?: string };

const DEFAULT_COUNT = 50;
const LARGEST_COUNT = 1000;
const OF_ANSWER: ReadonlySet<string> = new Set(["_format", "_pretty", "_summary", "_elements"]);
const KNOWN: ReadonlySet<string> = new Set(["_since", "_at", "_list", "_count", "_cursor", ...OF_ANSWER]);
const METHOD = { create: "POST", update: "PUT", delete: "DELETE" } as const;
const STATUS = { create: "201 Created", update: "200 OK", delete: "204 No Content" } as const;

/** The history as text; lenient, unknown parameters are left out. Errors: those of `historyAskOf`, NOT_FOUND, FORBIDDEN. */
export async function historyBundle(
  visit: Visit,
  address: HistoryAddress,
  { parameters: given, lenient = false }: { readonly parameters: Parameters; readonly lenient?: boolean },
): Promise<Disclosed<string>> {
  const parameters = knownOf(given, lenient);
  const ask = { ...historyAskOf(parameters), listed: await listedIn(visit, parameters) };
  const shape = shapeOf(parameters);
  const path = [visit.base, address.type, address.id, "_history"].filter((part) => part !== undefined).join("/");
  const page = await readHistory(visit, { ...address, ...ask });
  return disclosedTogether([page], ([one]) => bundleOf(one, { path, base: visit.base, parameters, shape }));
}

/** The parameters, without those that a history does not have when the caller is lenient. */
export function knownOf(parameters: Parameters, lenient: boolean): Parameters {
  return lenient ? parameters.filter(([name]) => KNOWN.has(name)) : parameters;
}

/** What of the history is asked for. Errors: SEARCH_PARAM_UNKNOWN, SEARCH_VALUE_INVALID. */
export function historyAskOf(parameters: Parameters): Omit<HistoryAsk, "type" | "id"> {
  const unknown = parameters.find(([name]) => !KNOWN.has(name))?.[0];
  if (unknown !== undefined) throw fhirErrorAt("SEARCH_PARAM_UNKNOWN", unknown, unknown, "_history");
  const isCount = parameter(parameters, "_summary") === "count";
  const count = parameter(parameters, "_count") ?? String(DEFAULT_COUNT);
  if (!/^\d{1,9}$/.test(count)) throw fhirErrorAt("SEARCH_VALUE_INVALID", "_count", "_count");
  const before = parameter(parameters, "_cursor");
  if (before !== undefined && !/^\d{1,18}$/.test(before))
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "_cursor", "_cursor");
  const at = periodOf(parameters, "_at");
  if (isCount && at !== undefined) throw fhirErrorAt("NOT_SUPPORTED", "_summary", "_summary=count&_at");
  return {
    since: periodOf(parameters, "_since")?.low,
    at,
    before,
    count: isCount ? 0 : Math.min(Number(count), LARGEST_COUNT),
  };
}

/** What the list refers to that `_list` names. Errors: SEARCH_VALUE_INVALID; NOT_FOUND, GONE for a list that is not there. */
async function listedIn(visit: Visit, parameters: Parameters): Promise<readonly string[] | undefined> {
  const name = parameter(parameters, "_list");
  if (name === undefined || name === "") return undefined;
  const id = name.replace(/^List\//, "");
  if (!isFhirId(id)) throw fhirErrorAt("SEARCH_VALUE_INVALID", "_list", "_list");
  const { value } = await readResource(visit, "List", id);
  const { entry = [] } = JSON.parse(value.content) as List;
  return entry.flatMap(({ deleted, item }) => (deleted === true ? [] : (item.reference ?? [])));
}

function periodOf(parameters: Parameters, name: string): HistoryAsk["at"] {
  const text = parameter(parameters, name);
  if (text === undefined || text === "") return undefined;
  const range = dateRange(text.replace(" ", "+")); // what a form makes of the plus of a time zone
  if (range === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", name, name);
  return range;
}

type Form = {
  readonly path: string;
  readonly base: string;
  readonly parameters: Parameters;
  readonly shape: Shape;
};

function bundleOf(page: HistoryPage, { path, base, parameters, shape }: Form): string {
  const links = linksOf(page, path, parameters);
  const entries = page.rows.map((row) => {
    const head = `{"fullUrl":"${base}/${row.type}/${row.id}"`;
    const resource = row.content === null ? "" : `,"resource":${shape(row.content)}`;
    // Under an id of the caller's own choice nothing is made by POST.
    const isPosted = row.method === "create" && homeOfId(row.id) !== undefined;
    const method = isPosted || row.method !== "create" ? METHOD[row.method] : "PUT";
    const target = isPosted ? row.type : `${row.type}/${row.id}`;
    const response = JSON.stringify({
      status: STATUS[row.method],
      etag: etag(row.version),
      lastModified: isoLocal(Date.parse(row.recorded)),
    });
    return `${head}${resource},"request":{"method":"${method}","url":"${target}"},"response":${response}}`;
  });
  const total = page.total === null ? "" : `,"total":${page.total}`;
  const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
  return `{"resourceType":"Bundle","type":"history"${total},"link":${JSON.stringify(links)}${entry}}`;
}

type Link = { readonly relation: string; readonly url: string };

/** `first` where there are several pages; `previous` where what stands before a page can be told from its own places. */
function linksOf(page: HistoryPage, path: string, parameters: Parameters): Link[] {
  const asked = parameters.filter(([name]) => name !== "_cursor");
  const isFirst = asked.length === parameters.length;
  const to = (relation: string, cursor?: string): Link => ({
    relation,
    url: withQuery(path, cursor === undefined ? asked : [...asked, ["_cursor", cursor]]),
  });
  const links: Link[] = [{ relation: "self", url: withQuery(path, parameters) }];
  if (!isFirst || page.next !== null) links.push(to("first"));
  if (!isFirst && page.previous !== undefined) links.push(to("previous", page.previous));
  if (page.next !== null) links.push(to("next", page.next));
  return links;
}

function withQuery(url: string, parameters: Parameters): string {
  const query = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return query === "" ? url : `${url}?${query}`;
}
