/**
 * What HTTP headers mean to FHIR: formats, preferences, versions.
 *
 * SPEC HTTP-HEADERS · https://hl7.org/fhir/R4/http.html#mime-type, #ops, #concurrency
 */
import type { FastifyRequest } from "fastify";
import { fhirError, fhirErrorAt } from "../fhir/index.ts";

export const FHIR_JSON = "application/fhir+json";

const JSON_NAMES: ReadonlySet<string> = new Set(["json", "application/json", FHIR_JSON, "text/json"]);
const ACCEPTED: ReadonlySet<string> = new Set([...JSON_NAMES, "*/*", "application/*"]);
const WEAK_ETAG = /^(?:W\/)?"([^"]*)"$/;

export type Preference = "representation" | "minimal" | "OperationOutcome";

/** Errors: NOT_ACCEPTABLE when the answer would have to be something else than JSON. `_format` goes before Accept. */
export function refuseOtherFormats(request: FastifyRequest, format: string | undefined): void {
  if (format !== undefined) {
    if (!JSON_NAMES.has(mediaType(format))) throw fhirError("NOT_ACCEPTABLE", FHIR_JSON);
    return;
  }
  const accept = request.headers.accept;
  if (accept === undefined || accept.trim() === "") return;
  if (!accept.split(",").some((one) => ACCEPTED.has(mediaType(one)))) throw fhirError("NOT_ACCEPTABLE", FHIR_JSON);
}

/** Errors: CONTENT_TYPE unless the body is JSON, or the one `type` that is wanted instead. */
export function refuseOtherContent(request: FastifyRequest, type = FHIR_JSON): void {
  const given = mediaType(request.headers["content-type"] ?? "");
  if (type === FHIR_JSON ? !JSON_NAMES.has(given) : given !== type) throw fhirError("CONTENT_TYPE", type);
}

/** The media type without its parameters, in lower case. A `+` that a query string turned into a space is read as it was meant. */
export function mediaType(header: string): string {
  return (header.split(";")[0] ?? "").trim().toLowerCase().replace(" ", "+");
}

/** What the caller wants back from a write. */
export function preferredReturn(request: FastifyRequest): Preference {
  const wanted = /(?:^|[;,\s])return=(representation|minimal|OperationOutcome)/.exec(preferHeader(request))?.[1];
  return (wanted as Preference | undefined) ?? "representation";
}

/** True when unknown search parameters shall be passed over instead of refused. */
export function isLenient(request: FastifyRequest): boolean {
  return /(?:^|[;,\s])handling=lenient/.test(preferHeader(request));
}

/** The version number of an If-Match header. Errors: IF_MATCH_INVALID when there is a header that names no version. */
export function ifMatchOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const version = WEAK_ETAG.exec(header.trim())?.[1];
  if (version === undefined) throw fhirErrorAt("IF_MATCH_INVALID", "If-Match");
  return version;
}

/** True for `If-None-Match: *`, which forbids a change of what is there. Errors: IF_MATCH_INVALID for anything else. */
export function onlyIfAbsentOf(header: string | undefined): boolean {
  if (header === undefined) return false;
  if (header.trim() !== "*") throw fhirErrorAt("IF_MATCH_INVALID", "If-None-Match");
  return true;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** The caller's name for this request, under which it is done once. Errors: REQUEST_MALFORMED for an empty or endless one. */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = header(request, "idempotency-key");
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) throw fhirErrorAt("REQUEST_MALFORMED", "Idempotency-Key");
  return key;
}

/** A single text header; several of one name are not what a FHIR client sends. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function etag(version: number): string {
  return `W/"${version}"`;
}

/** An ISO instant as HTTP writes it. */
export function httpDate(instant: string): string {
  return new Date(instant).toUTCString();
}

function preferHeader(request: FastifyRequest): string {
  const value = request.headers["prefer"];
  return Array.isArray(value) ? value.join(",") : (value ?? "");
}
