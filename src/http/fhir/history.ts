/** GET …/_history of one resource, a type, or everything · SPEC HTTP-FHIR-HISTORY · https://hl7.org/fhir/R4/http.html#history */
import { dateRange, fhirErrorAt } from "../../fhir/index.ts";
import { readHistory, type Disclosed, type HistoryAsk, type HistoryPage } from "../../journal/index.ts";
import { refuseUnknownType } from "../body.ts";
import { etag, refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf, type Parameters } from "../query.ts";
import { sendText } from "../reply.ts";
import { pathParameter, route, type Exchange } from "../route.ts";

const DEFAULT_COUNT = 50;
const LARGEST_COUNT = 1000;
const KNOWN: ReadonlySet<string> = new Set(["_since", "_at", "_count", "_format", "_cursor", "_pretty"]);
const METHOD = { create: "POST", update: "PUT", delete: "DELETE" } as const;
const STATUS = { create: "201 Created", update: "200 OK", delete: "204 No Content" } as const;

const declared = { method: "GET", rule: "actor", run: (exchange: Exchange<"actor">) => answer(exchange) } as const;

export const historyInstance = route({
  ...declared,
  path: "/fhir/R4/:type/:id/_history",
  interaction: "history-instance",
});
export const historyType = route({ ...declared, path: "/fhir/R4/:type/_history", interaction: "history-type" });
export const historySystem = route({ ...declared, path: "/fhir/R4/_history", interaction: "history-system" });

async function answer({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  const parameters = queryOf(request);
  refuseOtherFormats(request, parameter(parameters, "_format"));
  const type = pathParameter(request, "type") || undefined;
  if (type !== undefined) refuseUnknownType(type);
  const id = pathParameter(request, "id") || undefined;
  const page = await readHistory(visit, { type, id, ...askOf(parameters) });
  const path = [type, id, "_history"].filter((part) => part !== undefined).join("/");
  return sendText(reply, 200, bundleOf(page, `${visit.base}/${path}`, visit.base, parameters));
}

function askOf(parameters: Parameters): Omit<HistoryAsk, "type" | "id"> {
  const unknown = parameters.find(([name]) => !KNOWN.has(name))?.[0];
  if (unknown !== undefined) throw fhirErrorAt("SEARCH_PARAM_UNKNOWN", unknown, unknown, "_history");
  const count = parameter(parameters, "_count") ?? String(DEFAULT_COUNT);
  if (!/^\d{1,9}$/.test(count)) throw fhirErrorAt("SEARCH_VALUE_INVALID", "_count", "_count");
  const before = parameter(parameters, "_cursor");
  if (before !== undefined && !/^\d{1,18}$/.test(before))
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "_cursor", "_cursor");
  return {
    since: instant(parameters, "_since", "low"),
    at: instant(parameters, "_at", "high"),
    before,
    count: Math.min(Math.max(Number(count), 1), LARGEST_COUNT),
  };
}

function instant(parameters: Parameters, name: string, bound: "low" | "high"): string | undefined {
  const text = parameter(parameters, name);
  if (text === undefined || text === "") return undefined;
  const range = dateRange(text);
  if (range === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", name, name);
  return range[bound];
}

function bundleOf({ value: page }: Disclosed<HistoryPage>, url: string, base: string, parameters: Parameters): string {
  const asked = parameters.filter(([name]) => name !== "_cursor");
  const links = [{ relation: "self", url: withQuery(url, parameters) }];
  if (page.next !== null) links.push({ relation: "next", url: withQuery(url, [...asked, ["_cursor", page.next]]) });
  const entries = page.rows.map((row) => {
    const head = `{"fullUrl":"${base}/${row.type}/${row.id}"`;
    const resource = row.content === null ? "" : `,"resource":${row.content}`;
    const target = METHOD[row.method] === "POST" ? row.type : `${row.type}/${row.id}`;
    const response = JSON.stringify({
      status: STATUS[row.method],
      etag: etag(row.version),
      lastModified: row.recorded,
    });
    return `${head}${resource},"request":{"method":"${METHOD[row.method]}","url":"${target}"},"response":${response}}`;
  });
  const total = page.total === null ? "" : `,"total":${page.total}`;
  const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
  return `{"resourceType":"Bundle","type":"history"${total},"link":${JSON.stringify(links)}${entry}}`;
}

function withQuery(url: string, parameters: Parameters): string {
  const query = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return query === "" ? url : `${url}?${query}`;
}
