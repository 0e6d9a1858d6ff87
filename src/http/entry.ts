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
import { ifMatchOf } from "./headers.ts";

export type EntryRequest = {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly ifMatch?: string;
  readonly ifNoneExist?: string;
};

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/** The entry's request. Errors: ENTRY_REQUEST when it is missing or its method is not one of HTTP's. */
export function refuseUnlessRequest(value: JsonValue | undefined, where: string): EntryRequest {
  const request = isJsonObject(value) ? value : undefined;
  const { method, url, ifMatch, ifNoneExist } = request ?? {};
  if (typeof method !== "string" || !METHODS.has(method) || typeof url !== "string" || url === "")
    throw fhirErrorAt("ENTRY_REQUEST", `${where}.request`);
  return {
    method: method as EntryRequest["method"],
    url: url.replace(/^\//, ""),
    ifMatch: typeof ifMatch === "string" ? ifMatch : undefined,
    ifNoneExist: typeof ifNoneExist === "string" ? ifNoneExist : undefined,
  };
}

/** The command that a changing entry asks for. Errors: ENTRY_URL, TYPE_UNKNOWN, TYPE_MISMATCH, ENTRY_RESOURCE. */
export function commandOf(
  request: EntryRequest,
  resource: JsonValue | undefined,
  fullUrl: string | undefined,
  where: string,
): Command {
  const [type = "", id, ...rest] = request.url.split("/");
  const at = `${where}.request.url`;
  if (request.url.includes("?")) throw fhirErrorAt("CONDITION_NOT_SUPPORTED", at);
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
  if (request.method === "PUT")
    return { kind: "update", type, id, resource: objectOf(resource, inside), where: inside, ifMatch, fullUrl };
  if (request.method === "PATCH")
    return { kind: "patch", type, id, operations: operationsOf(resource, inside), where: inside, ifMatch };
  return { kind: "delete", type, id, where, ifMatch };
}

function objectOf(resource: JsonValue | undefined, where: string): JsonObject {
  if (!isJsonObject(resource)) throw fhirErrorAt("ENTRY_RESOURCE", where);
  return resource;
}

/** JSON Patch inside a bundle travels as a Binary. */
function operationsOf(resource: JsonValue | undefined, where: string): JsonValue {
  const { resourceType, contentType, data } = objectOf(resource, where);
  if (resourceType !== "Binary" || contentType !== "application/json-patch+json" || typeof data !== "string")
    throw fhirErrorAt("ENTRY_RESOURCE", where);
  return parseJson(Buffer.from(data, "base64").toString("utf8"));
}
