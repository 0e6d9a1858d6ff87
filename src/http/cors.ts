/**
 * Cross-origin calls of the FHIR interface: an application of any origin may call it with a bearer token that it has, as R4
 * says that servers should let it. Never with a cookie: what a browser sends along by itself is not for other sites to use, so
 * credentials are not allowed and the header that a person's changing call needs is not either.
 *
 * SPEC HTTP-CORS · https://hl7.org/fhir/R4/http.html#security · https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { header } from "./headers.ts";

const FHIR = /^\/(?:fhir\/R4|\.well-known|oauth\/(?:token|introspect|revoke|jwks|\.well-known))(?:[/?]|$)/;
const ALLOWED =
  "accept, accept-language, authorization, content-type, idempotency-key, if-match, if-modified-since, if-none-exist, if-none-match, prefer, x-provenance, x-security-context";
const EXPOSED = "content-location, etag, last-modified, location, retry-after, x-progress, x-security-context";
const FOR_SECONDS = "600";

/** Adds what lets a page of another origin read the answer; nothing when no page asks, or not for FHIR. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  if (request.headers.origin === undefined || !FHIR.test(request.raw.url ?? "")) return;
  reply.headers({ "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED });
}

/** True for the question that a browser asks before such a call. */
export function isPreflight(request: FastifyRequest): boolean {
  return (
    request.method === "OPTIONS" &&
    request.headers.origin !== undefined &&
    header(request, "access-control-request-method") !== undefined &&
    FHIR.test(request.raw.url ?? "")
  );
}

/** Answers it with the methods that the address has. */
export function answerPreflight(reply: FastifyReply, methods: readonly string[]): FastifyReply {
  return reply
    .code(204)
    .headers({
      "access-control-allow-methods": methods.join(", "),
      "access-control-allow-headers": ALLOWED,
      "access-control-max-age": FOR_SECONDS,
    })
    .send();
}
