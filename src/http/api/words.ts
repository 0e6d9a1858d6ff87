/**
 * A screen tells that words came or stand otherwise than they were sealed: a line of the technical log that operations are alarmed by,
 * with the version's name and none of its words.
 *
 * SPEC HTTP-API-WORDS · failure mode F17
 */
import type { FastifyReply } from "fastify";
import { fhirErrorAt } from "../../fhir/index.ts";
import { jsonOf } from "../body.ts";
import { route, type Exchange } from "../route.ts";
import { noteEvent } from "../security-events.ts";

const VERSION = /^[A-Z][A-Za-z]{1,40}\/[A-Za-z0-9\-.]{1,64}\/_history\/\d{1,9}$/;

export const toldOfWords = route({ method: "POST", path: "/api/words", rule: "person", run: tell });

/** The same from the patient's own page. */
export const toldOfWordsAtDoor = route({ method: "POST", path: "/api/portal/words", rule: "patient", run: tell });

async function tell({ request, reply, options }: Exchange): Promise<FastifyReply> {
  const { where, version } = jsonOf(request);
  if (where !== "received" && where !== "shown") throw fhirErrorAt("REQUEST_MALFORMED", "where");
  if (version !== undefined && (typeof version !== "string" || !VERSION.test(version)))
    throw fhirErrorAt("REQUEST_MALFORMED", "version");
  noteEvent(options, request, "words not as sealed", { where, version });
  return reply.code(204).send();
}
