/** Calls that change something in a person's name come from Eira's own pages only. SPEC HTTP-SIGN-IN */
import type { FastifyRequest } from "fastify";
import { fhirError } from "../fhir/index.ts";

/** Errors: FORBIDDEN without the header that no other site's page can send along with the session's cookie. */
export function refuseOtherSites(headers: FastifyRequest["headers"]): void {
  if (headers["x-eira"] !== "1") throw fhirError("FORBIDDEN", "Anropet kommer inte från Eiras egen sida.");
}
