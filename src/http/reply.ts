/**
 * Answers. Patient data is taken only as `Disclosed`, which only the journal can make; texts of resources are put
 * together as they are stored, without being parsed.
 *
 * SPEC HTTP-REPLY · https://hl7.org/fhir/R4/http.html
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { parseJson, writeJson, writeXml, type FhirError, type JsonObject, type Language } from "../fhir/index.ts";
import type { Disclosed, Version, Visit, Written } from "../journal/index.ts";
import { etag, FHIR_JSON, FHIR_XML, httpDate, isAnsweredInXml, refuseOtherFormats } from "./headers.ts";
import { isNotModified, readConditionOf } from "./headers-read.ts";
import { isPrettyInForm, parameter, queryOf } from "./query.ts";

const LAST_UPDATED = /"lastUpdated":"([^"]+)"/;

/** Sends a FHIR document, whose text is JSON, in the form that the caller wants. */
export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  const inXml = isAnsweredInXml(reply.request);
  const type = `${inXml ? FHIR_XML : FHIR_JSON}; charset=utf-8`;
  return negotiated(reply)
    .code(status)
    .header("content-type", type)
    .send(formed(text, inXml, isPretty(reply.request)));
}

/**
 * The answer is another for another Accept, and may be kept by nobody: what a cache shows on its own is not in the access
 * log, and may be old; what lies on a computer's disk is read by the next one who has it.
 */
export function negotiated(reply: FastifyReply): FastifyReply {
  return reply.headers({ vary: "Accept, Accept-Encoding, Accept-Language", "cache-control": "private, no-store" });
}

function formed(text: string, inXml: boolean, pretty: boolean): string {
  if (inXml) return writeXml(parseJson(text) as JsonObject, pretty);
  return pretty ? writeJson(parseJson(text), true) : text;
}

/** `_pretty` in the address. It is looked for in its plain spelling only: an answer may be about an address that cannot be read. */
function isPretty(request: FastifyRequest): boolean {
  return isPrettyInForm(request) || /[?&]_pretty=true(?:&|$)/.test(request.raw.url ?? "");
}

/**
 * Sends one version with its headers by `send`, or only these when the caller already has it. It was read, and logged as
 * read, all the same: that it still is what it was is told, too.
 */
export function sendVersion(
  reply: FastifyReply,
  { value }: Disclosed<Version>,
  send: (content: string) => FastifyReply,
): FastifyReply {
  const lastUpdated = lastUpdatedOf(value.content);
  versionHeaders(reply, value.version, lastUpdated);
  if (!isNotModified(readConditionOf(reply.request), value.version, lastUpdated)) return send(value.content);
  return negotiated(reply).code(304).send();
}

/** The HTTP status of what came of a command. */
export function statusOf({ outcome }: Written): 200 | 201 | 204 {
  if (outcome === "created") return 201;
  return outcome === "deleted" || outcome === "absent" ? 204 : 200;
}

/** Sends an expected no as an OperationOutcome. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: FhirError): FastifyReply {
  settleForm(request);
  return sendText(reply, error.status, writeJson(error.toOutcome(languageOf(request))));
}

/** What went wrong may have done so before the form of the answer was settled. */
function settleForm(request: FastifyRequest): void {
  try {
    refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  } catch {
    // Neither can be told in a form that was not understood: then it is JSON.
  }
}

/** Sends an answer of the web application's own calls. */
export function sendJson(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return reply
    .code(status)
    .header("content-type", "application/json; charset=utf-8")
    .header("cache-control", "no-store")
    .send(JSON.stringify(value));
}

/** What one of the web application's own calls has found or done. */
export function told(reply: FastifyReply, value: unknown): FastifyReply {
  return sendJson(reply, 200, value);
}

/** The same with the moment that it was so at: a screen that is left open says how old it is. */
export function toldAsOf(reply: FastifyReply, visit: Visit, value: object): FastifyReply {
  return told(reply, { asOf: visit.clock().toISOString(), ...value });
}

/** Swedish, unless the caller asks for English. */
export function languageOf(request: FastifyRequest): Language {
  return /^\s*en\b/i.test(request.headers["accept-language"] ?? "") ? "en" : "sv";
}

export function lastUpdatedOf(content: string): string {
  return LAST_UPDATED.exec(content)?.[1] ?? "";
}

/** The headers that name a version. `lastUpdated` is an ISO instant. */
export function versionHeaders(reply: FastifyReply, version: number, lastUpdated: string): void {
  reply.header("etag", etag(version));
  if (lastUpdated !== "") reply.header("last-modified", httpDate(lastUpdated));
}
