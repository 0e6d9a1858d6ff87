/**
 * Calls that change something come from Eira's own pages only: of public routes asked here. Of all others it is asked once for all, before a
 * byte of the body is read (server.ts). SPEC HTTP-SIGN-IN, HTTP-SESSION-1
 */
import type { FastifyRequest } from "fastify";
import { fhirError } from "../fhir/index.ts";

/** Errors: FORBIDDEN without the header that no other site's page can send along with the session's cookie. */
export function refuseOtherSites(headers: FastifyRequest["headers"]): void {
  if (headers["x-eira"] !== "1") throw fhirError("FORBIDDEN", "Anropet kommer inte från Eiras egen sida.");
}
