/**
 * What HTTP headers mean to FHIR: formats, preferences, versions.
 *
 * SPEC HTTP-HEADERS · https://hl7.org/fhir/R4/http.html#mime-type, #ops, #concurrency
 */
import type { FastifyRequest } from "fastify";
import { fhirError } from "../fhir/index.ts";

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

/** Errors: CONTENT_TYPE unless the body is one of `types`. */
export function refuseOtherContent(request: FastifyRequest, types: ReadonlySet<string> = JSON_NAMES): void {
  if (!types.has(mediaType(request.headers["content-type"] ?? "")))
    throw fhirError("CONTENT_TYPE", [...types].at(-1) ?? FHIR_JSON);
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
  if (version === undefined) throw fhirError("IF_MATCH_INVALID");
  return version;
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
