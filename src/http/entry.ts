/**
 * One entry of a batch or transaction as a command to the journal.
 *
 * SPEC HTTP-ENTRY · https://hl7.org/fhir/R4/bundle.html#transaction
 */
import {
  fhirErrorAt,
  isJsonObject,
  isResourceType,
  parseJson,
  type JsonObject,
  type JsonValue,
} from "../fhir/index.ts";
import type { Command } from "../journal/index.ts";
import { listOf, utf8Of } from "./body.ts";
import { ifMatchOf, onlyIfAbsentOf } from "./headers.ts";
import { criteriaIn } from "./query.ts";

export type EntryRequest = {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifNoneExist?: string;
};

/** An entry as it came, with its place. */
export type Entry = {
  readonly request: EntryRequest;
  readonly resource: JsonValue | undefined;
  readonly fullUrl: string | undefined;
  readonly where: string;
};

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

const OF_ENTRY: ReadonlySet<string> = new Set(["id", "extension", "link", "fullUrl", "resource", "search", "request"]);
const CONDITIONS = ["ifMatch", "ifNoneMatch", "ifModifiedSince", "ifNoneExist"] as const;
const TEXTS = ["url", ...CONDITIONS] as const;
const OF_REQUEST: ReadonlySet<string> = new Set(["id", "extension", "method", ...TEXTS]);
/** The conditions that mean something to a method; another one is refused, since passing over it would do too much. */
const CONDITIONS_OF: Readonly<Record<EntryRequest["method"], readonly string[]>> = {
  GET: ["ifNoneMatch", "ifModifiedSince"],
  HEAD: ["ifNoneMatch", "ifModifiedSince"],
  POST: ["ifNoneExist"],
  PUT: ["ifMatch", "ifNoneMatch"],
  PATCH: ["ifMatch"],
  DELETE: ["ifMatch"],
};

/**
 * One entry of a Bundle. A condition that is misspelled or no text is refused: passing over it would change what was not
 * meant to be changed. An address below `base`, this server's own, is as one without it. Errors: INVALID, ENTRY_REQUEST,
 * ENTRY_CONDITION.
 */
export function entryOf(value: JsonValue | undefined, where: string, base?: string): Entry {
  if (!isJsonObject(value)) throw fhirErrorAt("INVALID", where);
  refuseUnknown(value, OF_ENTRY, where);
  const { request, resource, fullUrl } = value;
  if (fullUrl !== undefined && typeof fullUrl !== "string") throw fhirErrorAt("INVALID", `${where}.fullUrl`);
  const asked = requestOf(request, `${where}.request`);
  return { request: { ...asked, url: relative(asked.url, base) }, resource, fullUrl, where };
}

function relative(url: string, base: string | undefined): string {
  return base !== undefined && url.startsWith(`${base}/`) ? url.slice(base.length + 1) : url.replace(/^\//, "");
}

function requestOf(value: JsonValue | undefined, where: string): EntryRequest {
  if (!isJsonObject(value)) throw fhirErrorAt("ENTRY_REQUEST", where);
  refuseUnknown(value, OF_REQUEST, where);
  const { method, url } = value;
  for (const name of TEXTS) {
    if (value[name] !== undefined && typeof value[name] !== "string") throw fhirErrorAt("INVALID", `${where}.${name}`);
  }
  if (!isMethod(method) || typeof url !== "string" || url === "") throw fhirErrorAt("ENTRY_REQUEST", where);
  const given = CONDITIONS.filter((name) => value[name] !== undefined);
  const odd = given.find((name) => !CONDITIONS_OF[method].includes(name));
  if (odd !== undefined) throw fhirErrorAt("ENTRY_CONDITION", `${where}.${odd}`);
  const texts = Object.fromEntries(given.map((name) => [name, value[name]]));
  return { ...texts, method, url };
}

function isMethod(method: JsonValue | undefined): method is EntryRequest["method"] {
  return typeof method === "string" && METHODS.has(method);
}

function refuseUnknown(value: JsonObject, known: ReadonlySet<string>, where: string): void {
  const unknown = Object.keys(value).find((name) => !known.has(name) && !name.startsWith("_"));
  if (unknown !== undefined) throw fhirErrorAt("INVALID", `${where}.${unknown}`);
}

/** The command that a changing entry asks for. Errors: ENTRY_URL, TYPE_UNKNOWN, TYPE_MISMATCH, ENTRY_RESOURCE. */
export function commandOf({ request, resource, fullUrl, where }: Entry): Command {
  const inside = `${where}.resource`;
  if (request.method === "POST") {
    const { type } = addressOf(request.url, `${where}.request.url`, "type");
    const { ifNoneExist } = request;
    return { kind: "create", type, resource: objectOf(resource, inside), where: inside, ifNoneExist, fullUrl };
  }
  const { type, target } = addressOf(request.url, `${where}.request.url`, "target");
  const ifMatch = ifMatchOf(request.ifMatch, `${where}.request.ifMatch`);
  if (request.method === "PUT") {
    const onlyIfAbsent = onlyIfAbsentOf(request.ifNoneMatch, `${where}.request.ifNoneMatch`);
    const update = { resource: objectOf(resource, inside), where: inside, ifMatch, onlyIfAbsent, fullUrl };
    return { kind: "update", type, ...target, ...update };
  }
  if (request.method === "PATCH")
    return { kind: "patch", type, ...target, operations: operationsOf(resource, inside), where: inside, ifMatch };
  if (request.method === "DELETE") return { kind: "delete", type, ...target, where, ifMatch };
  throw fhirErrorAt("ENTRY_REQUEST", `${where}.request.method`); // an entry that only reads changes nothing
}

type EntryAddress = { readonly type: string; readonly target: { readonly id: string } | { readonly criteria: string } };

/** `Type` for what is created; `Type/id`, or `Type?criteria`, for what is changed. Errors: TYPE_UNKNOWN, ENTRY_URL. */
function addressOf(url: string, where: string, wanted: "type" | "target"): EntryAddress {
  const at = url.indexOf("?");
  const [type = "", id, ...rest] = (at < 0 ? url : url.slice(0, at)).split("/");
  if (!isResourceType(type)) throw fhirErrorAt("TYPE_UNKNOWN", where, type);
  const criteria = criteriaIn(url);
  const isCreate = id === undefined && criteria === "";
  const isChange = id === undefined ? at >= 0 : criteria === "";
  if (rest.length > 0 || !(wanted === "type" ? isCreate : isChange)) throw fhirErrorAt("ENTRY_URL", where);
  return { type, target: id === undefined ? { criteria } : { id } };
}

function objectOf(resource: JsonValue | undefined, where: string): JsonObject {
  if (!isJsonObject(resource)) throw fhirErrorAt("ENTRY_RESOURCE", where);
  return resource;
}

/** A FHIRPath Patch is Parameters; a JSON Patch inside a bundle travels as a Binary. */
function operationsOf(resource: JsonValue | undefined, where: string): JsonValue {
  const patch = objectOf(resource, where);
  const { resourceType, contentType, data } = patch;
  if (resourceType === "Parameters") return patch;
  if (resourceType !== "Binary" || contentType !== "application/json-patch+json" || typeof data !== "string")
    throw fhirErrorAt("ENTRY_RESOURCE", where);
  return listOf(parseJson(utf8Of(Buffer.from(data, "base64"))));
}
