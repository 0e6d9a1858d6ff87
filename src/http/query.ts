/**
 * The parameters of a request in their order, from the query string and from a form body.
 *
 * SPEC HTTP-QUERY · https://hl7.org/fhir/R4/http.html#search
 */
import type { FastifyRequest } from "fastify";
import { fhirError } from "../fhir/index.ts";
import { parametersOf, type QueryParameters } from "../journal/index.ts";
import { textOf } from "./body.ts";
import { mediaType } from "./headers.ts";

export type Parameters = QueryParameters;

const FORM = "application/x-www-form-urlencoded";

/** The parameters of the query string. Errors: QUERY_ENCODING when it is not percent-encoded UTF-8. */
export function queryOf(request: FastifyRequest): Parameters {
  const url = request.raw.url ?? "";
  const at = url.indexOf("?");
  return at < 0 ? [] : parametersOf(url.slice(at + 1));
}

/** The parameters of a search by POST: the form's and the query string's together. */
export function formOf(request: FastifyRequest): Parameters {
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) return queryOf(request);
  if (mediaType(request.headers["content-type"] ?? "") !== FORM) throw fhirError("CONTENT_TYPE", FORM);
  return [...queryOf(request), ...parametersOf(textOf(request))];
}

/** The last value of a parameter, or nothing. */
export function parameter(parameters: Parameters, name: string): string | undefined {
  return parameters.findLast(([one]) => one === name)?.[1];
}
