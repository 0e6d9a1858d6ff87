/**
 * The body of a request as a FHIR resource: bytes to text (UTF-8 only), text to JSON with numbers as written. FHIR XML
 * becomes JSON here and nowhere further in.
 *
 * SPEC HTTP-BODY
 */
import type { FastifyRequest } from "fastify";
import {
  fhirError,
  fhirErrorAt,
  isJsonArray,
  isJsonObject,
  isResourceType,
  parseJson,
  parseXml,
  type JsonObject,
  type JsonValue,
} from "../fhir/index.ts";
import { FHIR_JSON, isXml, mediaType, refuseOtherContent } from "./headers.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const PATCH_TYPE = "application/json-patch+json";

/** The body as text. Errors: BODY_EMPTY, BODY_NOT_TEXT. */
export function textOf(request: FastifyRequest): string {
  const body = request.body as Buffer | undefined;
  if (!Buffer.isBuffer(body) || body.length === 0) throw fhirError("BODY_EMPTY");
  return utf8Of(body);
}

/** Errors: BODY_NOT_TEXT. */
export function utf8Of(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw fhirError("BODY_NOT_TEXT");
  }
}

/** The body as a resource of the wanted type. Errors: CONTENT_TYPE, BODY_EMPTY, BODY_NOT_JSON, BODY_NOT_XML, TYPE_MISMATCH. */
export function resourceOf(request: FastifyRequest, type: string): JsonObject {
  refuseOtherContent(request);
  const resource = isXml(request.headers["content-type"] ?? "")
    ? parseXml(textOf(request))
    : parseJson(textOf(request));
  if (!isJsonObject(resource)) throw fhirErrorAt("TYPE_MISMATCH", type, type);
  const { resourceType } = resource;
  if (resourceType !== type) throw fhirErrorAt("TYPE_MISMATCH", "resourceType", type);
  return resource;
}

/** The body as a JSON Patch, or as the Parameters of a FHIRPath Patch. Errors: those of resourceOf, PATCH_INVALID. */
export function patchOf(request: FastifyRequest): JsonValue {
  const type = mediaType(request.headers["content-type"] ?? "");
  if (type === FHIR_JSON || isXml(type)) return resourceOf(request, "Parameters");
  refuseOtherContent(request, PATCH_TYPE);
  return listOf(parseJson(textOf(request)));
}

/** Errors: PATCH_INVALID when what should be a JSON Patch is no list. */
export function listOf(patch: JsonValue): JsonValue {
  if (isJsonArray(patch)) return patch;
  throw fhirErrorAt("PATCH_INVALID", "patch", {
    sv: "en ändring är en lista av åtgärder",
    en: "a patch is a list of operations",
  });
}

/** The body as an ordinary JSON object of the web application's own calls. */
export function jsonOf(request: FastifyRequest): JsonObject {
  const value = parseJson(textOf(request));
  if (!isJsonObject(value)) throw fhirError("TYPE_MISMATCH", "object");
  return value;
}

/** Errors: TYPE_UNKNOWN. */
export function refuseUnknownType(type: string): void {
  if (!isResourceType(type)) throw fhirError("TYPE_UNKNOWN", type);
}
