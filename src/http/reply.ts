/**
 * Answers. Patient data is taken only as `Disclosed`, which only the journal can make; texts of resources are put
 * together as they are stored, without being parsed.
 *
 * SPEC HTTP-REPLY · https://hl7.org/fhir/R4/http.html
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import {
  informationOutcome,
  parseJson,
  writeJson,
  writeXml,
  type FhirError,
  type JsonObject,
  type Language,
} from "../fhir/index.ts";
import type { Disclosed, Version, Written } from "../journal/index.ts";
import { versionOf } from "../journal/index.ts";
import {
  etag,
  FHIR_JSON,
  FHIR_XML,
  httpDate,
  isAnsweredInXml,
  preferredReturn,
  refuseOtherFormats,
} from "./headers.ts";
import { parameter, queryOf } from "./query.ts";

const LAST_UPDATED = /"lastUpdated":"([^"]+)"/;

/** Sends a FHIR document, whose text is JSON, in the form that the caller wants. */
export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  const inXml = isAnsweredInXml(reply.request);
  const type = `${inXml ? FHIR_XML : FHIR_JSON}; charset=utf-8`;
  return reply
    .code(status)
    .header("content-type", type)
    .send(formed(text, inXml, isPretty(reply.request)));
}

function formed(text: string, inXml: boolean, pretty: boolean): string {
  if (inXml) return writeXml(parseJson(text) as JsonObject, pretty);
  return pretty ? writeJson(parseJson(text), true) : text;
}

/** `_pretty` in the address. It is looked for in its plain spelling only: an answer may be about an address that cannot be read. */
function isPretty({ raw }: FastifyRequest): boolean {
  return /[?&]_pretty=true(?:&|$)/.test(raw.url ?? "");
}

/** Sends one version with its headers; `shape` may leave parts of it out. */
export function sendVersion(
  reply: FastifyReply,
  { value }: Disclosed<Version>,
  shape: (content: string) => string = (content) => content,
): FastifyReply {
  versionHeaders(reply, value.version, lastUpdatedOf(value.content));
  return sendText(reply, 200, shape(value.content));
}

/** Sends what came of one write, in the form that the caller prefers. */
export function sendWritten(
  request: FastifyRequest,
  reply: FastifyReply,
  { value }: Disclosed<readonly Written[]>,
  base: string,
): FastifyReply {
  const [written] = value;
  if (written === undefined) throw new Error("a write of one command gave no result");
  const status = statusOf(written);
  if (written.outcome !== "absent") versionHeaders(reply, written.version, written.lastUpdated);
  if (status === 201) reply.header("location", `${base}/${written.type}/${written.id}/_history/${written.version}`);
  const version = versionOf(written);
  const preference = preferredReturn(request);
  if (version === undefined) return reply.code(204).send();
  if (preference === "minimal") return reply.code(status).send();
  if (preference === "OperationOutcome")
    return sendText(reply, status, writeJson(outcomeOfWrite(written, languageOf(request))));
  return sendText(reply, status, version.content);
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

/** Swedish, unless the caller asks for English. */
export function languageOf(request: FastifyRequest): Language {
  return /^\s*en\b/i.test(request.headers["accept-language"] ?? "") ? "en" : "sv";
}

export function lastUpdatedOf(content: string): string {
  return LAST_UPDATED.exec(content)?.[1] ?? "";
}

function versionHeaders(reply: FastifyReply, version: number, lastUpdated: string): void {
  reply.header("etag", etag(version));
  if (lastUpdated !== "") reply.header("last-modified", httpDate(lastUpdated));
}

function outcomeOfWrite(written: Written, language: Language): JsonObject {
  const name = `${written.type}/${written.id}, version ${written.version}`;
  return informationOutcome(`Sparat: ${name}.`, `Saved: ${name}.`, language);
}
