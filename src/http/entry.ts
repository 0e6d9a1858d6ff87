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

export type EntryRequest = {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
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
const TEXTS = ["url", "ifMatch", "ifNoneMatch", "ifModifiedSince", "ifNoneExist"] as const;
const OF_REQUEST: ReadonlySet<string> = new Set(["id", "extension", "method", ...TEXTS]);

/**
 * One entry of a Bundle. A condition that is misspelled or no text is refused: passing over it would change what was not
 * meant to be changed. Errors: INVALID, ENTRY_REQUEST.
 */
export function entryOf(value: JsonValue | undefined, where: string): Entry {
  if (!isJsonObject(value)) throw fhirErrorAt("INVALID", where);
  refuseUnknown(value, OF_ENTRY, where);
  const { request, resource, fullUrl } = value;
  if (fullUrl !== undefined && typeof fullUrl !== "string") throw fhirErrorAt("INVALID", `${where}.fullUrl`);
  return { request: requestOf(request, `${where}.request`), resource, fullUrl, where };
}

function requestOf(value: JsonValue | undefined, where: string): EntryRequest {
  if (!isJsonObject(value)) throw fhirErrorAt("ENTRY_REQUEST", where);
  refuseUnknown(value, OF_REQUEST, where);
  const { method, url, ifMatch, ifNoneMatch, ifNoneExist } = value;
  for (const name of TEXTS) {
    if (value[name] !== undefined && typeof value[name] !== "string") throw fhirErrorAt("INVALID", `${where}.${name}`);
  }
  if (typeof method !== "string" || !METHODS.has(method) || typeof url !== "string" || url === "")
    throw fhirErrorAt("ENTRY_REQUEST", where);
  const texts = { ifMatch, ifNoneMatch, ifNoneExist } as Pick<EntryRequest, "ifMatch" | "ifNoneMatch" | "ifNoneExist">;
  return { method: method as EntryRequest["method"], url: url.replace(/^\//, ""), ...texts };
}

function refuseUnknown(value: JsonObject, known: ReadonlySet<string>, where: string): void {
  const unknown = Object.keys(value).find((name) => !known.has(name) && !name.startsWith("_"));
  if (unknown !== undefined) throw fhirErrorAt("INVALID", `${where}.${unknown}`);
}

/** The command that a changing entry asks for. Errors: ENTRY_URL, TYPE_UNKNOWN, TYPE_MISMATCH, ENTRY_RESOURCE. */
export function commandOf({ request, resource, fullUrl, where }: Entry): Command {
  const [type = "", id, ...rest] = request.url.split("/");
  const at = `${where}.request.url`;
  if (request.url.includes("?")) throw fhirErrorAt("ENTRY_URL", at);
  if (!isResourceType(type)) throw fhirErrorAt("TYPE_UNKNOWN", at, type);
  if (rest.length > 0 || (id === undefined) !== (request.method === "POST")) throw fhirErrorAt("ENTRY_URL", at);
  const ifMatch = ifMatchOf(request.ifMatch);
  const inside = `${where}.resource`;
  if (request.method === "POST")
    return {
      kind: "create",
      type,
      resource: objectOf(resource, inside),
      where: inside,
      ifNoneExist: request.ifNoneExist,
      fullUrl,
    };
  if (id === undefined) throw fhirErrorAt("ENTRY_URL", at);
  if (request.method === "PUT") {
    const onlyIfAbsent = onlyIfAbsentOf(request.ifNoneMatch);
    const update = { resource: objectOf(resource, inside), where: inside, ifMatch, onlyIfAbsent, fullUrl };
    return { kind: "update", type, id, ...update };
  }
  if (request.method === "PATCH")
    return { kind: "patch", type, id, operations: operationsOf(resource, inside), where: inside, ifMatch };
  if (request.method === "DELETE") return { kind: "delete", type, id, where, ifMatch };
  throw fhirErrorAt("ENTRY_REQUEST", `${where}.request.method`); // an entry that only reads changes nothing
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
