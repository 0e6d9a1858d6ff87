/**
 * The name that a caller gives its request: told back beside the server's own, which is the one in logs and incidents.
 *
 * SPEC HTTP-REQUEST-ID · https://hl7.org/fhir/R4/http.html#custom
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { header } from "./headers.ts";

/** Visible ASCII, so that it can stand in a header, and no longer than anybody needs. */
const NAME = /^[\x21-\x7e]{1,128}$/;

/** Nothing is told to whoever names nothing. */
export function tellRequestId(request: FastifyRequest, reply: FastifyReply): void {
  const name = header(request, "x-request-id");
  if (name === undefined || !NAME.test(name)) return;
  reply.headers({ "x-request-id": request.id, "x-correlation-id": name });
}
