/**
 * The parameters of a request in their order, from the query string and from a form body.
 *
 * SPEC HTTP-QUERY · https://hl7.org/fhir/R4/http.html#search
 */
import type { FastifyRequest } from "fastify";
import { fhirError } from "../fhir/index.ts";
import { parametersOf, type QueryParameters } from "../journal/index.ts";
import { parameterMissing } from "../terminology/index.ts";
import { textOf } from "./body.ts";
import { header, mediaType } from "./headers.ts";

export type Parameters = QueryParameters;

const FORM = "application/x-www-form-urlencoded";

/** The parameters of the query string. Errors: QUERY_ENCODING when it is not percent-encoded UTF-8. */
export function queryOf(request: FastifyRequest): Parameters {
  const url = request.raw.url ?? "";
  const at = url.indexOf("?");
  return at < 0 ? [] : parametersOf(url.slice(at + 1));
}

/**
 * The parameters of an operation in the address. Errors: QUERY_ENCODING; OPERATION_PARAMETER for one with NUL, which no
 * stored text has and PostgreSQL takes for no value.
 */
export function operationQueryOf(request: FastifyRequest): Parameters {
  const parameters = queryOf(request);
  const bad = parameters.find((one) => one.join("").includes("\0"));
  if (bad !== undefined) throw parameterMissing(bad[0].replaceAll("\0", "?"));
  return parameters;
}

/** The parameters of a search by POST: the form's and the query string's together. */
export function formOf(request: FastifyRequest): Parameters {
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) return queryOf(request);
  if (mediaType(request.headers["content-type"] ?? "") !== FORM) throw fhirError("CONTENT_TYPE", FORM);
  const form = parametersOf(textOf(request));
  if (parameter(form, "_pretty") === "true") prettyForms.add(request);
  return [...queryOf(request), ...form];
}

const prettyForms = new WeakSet<FastifyRequest>();

/** Whether a form that was read asked for a text to look at. */
export function isPrettyInForm(request: FastifyRequest): boolean {
  return prettyForms.has(request);
}

/** Parameters that say how to answer; beside them stand the criteria of a conditional change. */
const OF_ANSWER: ReadonlySet<string> = new Set(["_format", "_pretty", "_summary", "_elements"]);

/** The search criteria in the query of an address, as they are written there. Errors: QUERY_ENCODING. */
export function criteriaIn(url: string): string {
  const at = url.indexOf("?");
  const parts = at < 0 ? [] : url.slice(at + 1).split("&");
  return parts.filter((part) => !OF_ANSWER.has(parametersOf(part)[0]?.[0] ?? "")).join("&");
}

/**
 * What is sought, from the header that pages of Eira's own send it in, percent-encoded: addresses are written down by proxies, and
 * people are sought by identity number. Errors: QUERY_ENCODING.
 */
export function soughtIn(request: FastifyRequest): string | undefined {
  const text = header(request, "x-eira-sought");
  return text === undefined
    ? undefined
    : parametersOf(`sought=${text.replaceAll(/[&+]/g, encodeURIComponent)}`)[0]?.[1];
}

/** The last value of a parameter, or nothing. */
export function parameter(parameters: Parameters, name: string): string | undefined {
  return parameters.findLast(([one]) => one === name)?.[1];
}
