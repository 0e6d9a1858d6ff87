/**
 * A reading entry of a batch or transaction: read, vread, search or history.
 *
 * SPEC HTTP-ENTRY-GET · https://hl7.org/fhir/R4/http.html#transaction
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
  type Version,
  type Visit,
} from "../journal/index.ts";
import type { Entry } from "./entry.ts";
import { etag } from "./headers.ts";
import { isNotModified, type ReadCondition } from "./headers-read.ts";
import { historyAskOf, historyBundle, knownOf, type HistoryAddress } from "./history-bundle.ts";
import { lastUpdatedOf } from "./reply.ts";
import { searchBundle, type SearchAsk } from "./search-bundle.ts";
import { shapeOf } from "./shape.ts";

/** What a reading entry asks for. */
export type EntryQuestion = { readonly parameters: QueryParameters } & (
  | { readonly kind: "search"; readonly type: string | undefined; readonly compartment?: SearchAsk["compartment"] }
  | { readonly kind: "history"; readonly address: HistoryAddress }
  | { readonly kind: "read"; readonly type: string; readonly id: string; readonly unless: ReadCondition }
  | ({ readonly kind: "vread"; readonly type: string; readonly id: string } & {
      readonly version: string;
      readonly unless: ReadCondition;
    })
);

/** The answer of a reading entry: the resource's text unless the caller has it, and what its response says. */
export type EntryAnswer = {
  readonly resource: string | undefined;
  readonly response: { readonly status: string; readonly etag?: string; readonly lastModified?: string };
};

/** The end of the address of a search by POST; what a form would say stands in the entry's address. */
const POSTED = /(?:^|\/)_search$/;

/** True for an entry that changes nothing: GET, HEAD, and a search by POST. */
export function isReading({ request: { method, url } }: Entry): boolean {
  return method === "GET" || method === "HEAD" || (method === "POST" && POSTED.test(url.split("?")[0] ?? ""));
}

/** Reads the entry's address. Errors: ENTRY_URL, ENTRY_CONDITION, QUERY_ENCODING. */
export function questionOf(entry: Entry): EntryQuestion {
  const { url } = entry.request;
  const at = url.indexOf("?");
  const parameters = at < 0 ? [] : parametersOf(url.slice(at + 1));
  const path = at < 0 ? url : url.slice(0, at);
  const question = addressed(path.replace(POSTED, "").split("/"), entry);
  if (entry.request.method === "POST" && question?.kind !== "search")
    throw fhirErrorAt("ENTRY_URL", `${entry.where}.request.url`);
  if (question === undefined) throw fhirErrorAt("ENTRY_URL", `${entry.where}.request.url`);
  if (!("unless" in question)) refuseConditions(entry);
  return { ...question, parameters };
}

type Addressed<Q = EntryQuestion> = Q extends unknown ? Omit<Q, "parameters"> : never;

function addressed(path: readonly string[], entry: Entry): Addressed | undefined {
  const [type = "", id, ...rest] = path;
  if (id === undefined) return ofTypeOrAll(type);
  if (!isResourceType(type)) return undefined;
  if (id === "_history") return rest.length === 0 ? { kind: "history", address: { type } } : undefined;
  return ofInstance({ type, id }, rest, entry);
}

function ofTypeOrAll(type: string): Addressed | undefined {
  if (type === "") return { kind: "search", type: undefined };
  if (type === "_history") return { kind: "history", address: {} };
  return isResourceType(type) ? { kind: "search", type } : undefined;
}

type Instance = { readonly type: string; readonly id: string };

function ofInstance(one: Instance, [member, version, ...more]: readonly string[], entry: Entry): Addressed | undefined {
  if (more.length > 0) return undefined;
  if (member === undefined) return { kind: "read", ...one, unless: conditionOf(entry) };
  if (member === "_history")
    return version === undefined
      ? { kind: "history", address: one }
      : { kind: "vread", ...one, version, unless: conditionOf(entry) };
  if (version !== undefined || !(member === "*" || isResourceType(member))) return undefined;
  return { kind: "search", type: member === "*" ? undefined : member, compartment: one };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Errors: INVALID for an ifModifiedSince that is no instant. */
function conditionOf({ request, where }: Entry): ReadCondition {
  const { ifNoneMatch: tags, ifModifiedSince } = request;
  if (ifModifiedSince === undefined) return { tags };
  const since = INSTANT.test(ifModifiedSince) ? Date.parse(ifModifiedSince) : Number.NaN;
  if (Number.isNaN(since)) throw fhirErrorAt("INVALID", `${where}.request.ifModifiedSince`);
  return { tags, since };
}

/** Errors: ENTRY_CONDITION: only one version can be known already. */
function refuseConditions({ request, where }: Entry): void {
  const odd = (["ifNoneMatch", "ifModifiedSince"] as const).find((name) => request[name] !== undefined);
  if (odd !== undefined) throw fhirErrorAt("ENTRY_CONDITION", `${where}.request.${odd}`);
}

/** How the caller wants a question to be understood and answered. */
export type Asking = { readonly lenient: boolean; readonly language: Language };

/** Refuses what can be known to be refused without looking. Errors: SEARCH_*, FORBIDDEN. */
export async function refuseBadQuestion(visit: Visit, question: EntryQuestion, lenient: boolean): Promise<void> {
  const { parameters } = question;
  if (question.kind === "search") {
    shapeOf(parameters);
    await refuseBadSearch(visit, question.type, parameters, lenient);
  } else if (question.kind === "history") {
    historyAskOf(knownOf(parameters, lenient));
    const { type = "*", id } = question.address;
    await authorize(visit, "history", type, id === undefined ? type : `${type}/${id}`);
  } else {
    shapeOf(parameters);
    await authorize(visit, question.kind, question.type, `${question.type}/${question.id}`);
  }
}

/** What the entry asks for. Errors: those of what is asked. */
export async function answerGet(
  visit: Visit,
  question: EntryQuestion,
  asking: Asking,
): Promise<Disclosed<EntryAnswer>> {
  const { parameters } = question;
  switch (question.kind) {
    case "search":
      return whole(await searchBundle(visit, { ...question, ...asking }));
    case "history":
      return whole(await historyBundle(visit, question.address, { parameters, lenient: asking.lenient }));
    case "read":
      return unlessKnown(await readResource(visit, question.type, question.id), question);
    case "vread":
      return unlessKnown(await readVersion(visit, question.type, question.id, question.version), question);
  }
}

function whole(bundle: Disclosed<string>): Disclosed<EntryAnswer> {
  return disclosedTogether([bundle], ([resource]) => ({ resource, response: { status: "200 OK" } }));
}

function unlessKnown(
  read: Disclosed<Version>,
  { parameters, unless }: { readonly parameters: QueryParameters; readonly unless: ReadCondition },
): Disclosed<EntryAnswer> {
  const shape = shapeOf(parameters);
  return disclosedTogether([read], ([{ content, version }]) => {
    const lastModified = lastUpdatedOf(content);
    const isKnown = isNotModified(unless, version, lastModified);
    const status = isKnown ? "304 Not Modified" : "200 OK";
    return { resource: isKnown ? undefined : shape(content), response: { status, etag: etag(version), lastModified } };
  });
}
