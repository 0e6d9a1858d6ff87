/**
 * What HTTP headers mean to FHIR: formats, preferences, versions.
 *
 * SPEC HTTP-HEADERS · https://hl7.org/fhir/R4/http.html#mime-type, #ops, #concurrency
 */
import type { FastifyRequest } from "fastify";
import { fhirError, fhirErrorAt } from "../fhir/index.ts";

export const FHIR_JSON = "application/fhir+json";

export const FHIR_XML = "application/fhir+xml";

const JSON_NAMES: ReadonlySet<string> = new Set(["json", "application/json", FHIR_JSON, "text/json"]);
const XML_NAMES: ReadonlySet<string> = new Set(["xml", "application/xml", FHIR_XML, "text/xml"]);
const ANYTHING: ReadonlySet<string> = new Set(["*/*", "application/*"]);
const MOST_ACCEPTED = 50;
/** A media type that is of another version of FHIR than 4.0, which is all that is spoken here. */
const OTHER_VERSION = /;\s*fhirVersion\s*=\s*(?!"?4\.0(?:\.\d+)?"?\s*(?:;|$))/i;
const WEAK_ETAG = /^(?:W\/)?"([^",]*)"$/;
const MOST_TAGS = 20;

export type Preference = "representation" | "minimal" | "OperationOutcome";

const inXml = new WeakSet<FastifyRequest>();

/**
 * Settles whether the answer is JSON or XML; `_format` goes before Accept. Errors: NOT_ACCEPTABLE when it would have to be
 * something else.
 */
export function refuseOtherFormats(request: FastifyRequest, format: string | undefined): void {
  const isSaid = format !== undefined && format !== ""; // a parameter without a value says nothing
  const wanted = isSaid ? formOf(mediaType(ofThisVersion(format))) : acceptedIn(request.headers.accept);
  if (wanted === undefined) throw fhirError("NOT_ACCEPTABLE", `${FHIR_JSON}, ${FHIR_XML}`);
  if (wanted === "xml") inXml.add(request);
}

/** Whether the answer was settled to be XML. */
export function isAnsweredInXml(request: FastifyRequest): boolean {
  return inXml.has(request);
}

export function isXml(type: string): boolean {
  return XML_NAMES.has(mediaType(type));
}

function formOf(type: string): "json" | "xml" | undefined {
  if (XML_NAMES.has(type)) return "xml";
  return JSON_NAMES.has(type) || ANYTHING.has(type) ? "json" : undefined;
}

/** The media type, or nothing when it is of another version of FHIR. https://hl7.org/fhir/R4/http.html#version-parameter */
function ofThisVersion(type: string): string {
  return OTHER_VERSION.test(type) ? "" : type;
}

/** The form that the caller likes best. A browser that is shown a resource gets JSON. */
function acceptedIn(accept: string | undefined): "json" | "xml" | undefined {
  if (accept === undefined || accept.trim() === "") return "json";
  let best: "json" | "xml" | undefined;
  let most = 0;
  for (const one of accept.split(",").slice(0, MOST_ACCEPTED)) {
    const form = formOf(mediaType(ofThisVersion(one)));
    const quality = Number(/;\s*q=([01](?:\.\d{0,3})?)/.exec(one)?.[1] ?? 1);
    if (form === undefined || quality <= most) continue;
    best = form;
    most = quality;
  }
  return best === "xml" && /text\/html/i.test(accept) ? "json" : best;
}

/** Errors: CONTENT_TYPE unless the body is FHIR in JSON or XML, or the one `type` that is wanted instead. */
export function refuseOtherContent(request: FastifyRequest, type = FHIR_JSON): void {
  const given = mediaType(ofThisVersion(request.headers["content-type"] ?? ""));
  if (type === FHIR_JSON ? !JSON_NAMES.has(given) && !XML_NAMES.has(given) : given !== type)
    throw fhirError("CONTENT_TYPE", type);
}

/** The media type without its parameters, in lower case. A `+` that a query string turned into a space is read as it was meant. */
export function mediaType(header: string): string {
  return (header.split(";")[0] ?? "").trim().toLowerCase().replace(" ", "+");
}

/** What the caller wants back from a write. */
export function preferredReturn(request: FastifyRequest): Preference {
  const wanted = /(?:^|[;,\s])return="?(representation|minimal|OperationOutcome)\b/.exec(preferHeader(request))?.[1];
  return (wanted as Preference | undefined) ?? "representation";
}

/** True when unknown search parameters shall be passed over instead of refused. */
export function isLenient(request: FastifyRequest): boolean {
  return /(?:^|[;,\s])handling="?lenient\b/.test(preferHeader(request));
}

/**
 * The version number of an If-Match header, several with commas between them, or `*`. Errors: IF_MATCH_INVALID when there
 * is a header that names no version, or more than anybody could have seen.
 */
export function ifMatchOf(header: string | undefined, where = "If-Match"): string | undefined {
  if (header === undefined || header.trim() === "*") return header?.trim();
  const versions = header.split(",", MOST_TAGS + 1).map((tag) => WEAK_ETAG.exec(tag.trim())?.[1]);
  if (versions.length > MOST_TAGS || versions.includes(undefined)) throw fhirErrorAt("IF_MATCH_INVALID", where);
  return versions.join(",");
}

/** The one version that an If-Match header names. Errors: IF_MATCH_INVALID. */
export function seenVersionOf(header: string | undefined): string | undefined {
  const version = ifMatchOf(header);
  if (version === "*" || version?.includes(",") === true) throw fhirErrorAt("IF_MATCH_INVALID", "If-Match");
  return version;
}

/** True for `If-None-Match: *`, which forbids a change of what is there. Errors: IF_MATCH_INVALID for anything else. */
export function onlyIfAbsentOf(header: string | undefined, where = "If-None-Match"): boolean {
  if (header === undefined) return false;
  if (header.trim() !== "*") throw fhirErrorAt("IF_MATCH_INVALID", where);
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
