/**
 * Headers that go with any write: the idempotency key and the Provenance that is to be written along.
 *
 * SPEC HTTP-PROVENANCE · https://hl7.org/fhir/R4/provenance.html (X-Provenance)
 */
import type { FastifyRequest } from "fastify";
import { FhirError, fhirErrorAt, isJsonObject, parseJson, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { CommitOptions } from "../journal/index.ts";
import { utf8Of } from "./body.ts";
import { header, idempotencyKeyOf } from "./headers.ts";

const LONGEST = 8_192;
const NAME = "X-Provenance";

/** Errors: REQUEST_MALFORMED for a bad key, PROVENANCE_INVALID for what is no resource in JSON, or too long. */
export function commitOptionsOf(request: FastifyRequest): CommitOptions {
  return { idempotencyKey: idempotencyKeyOf(request), provenance: provenanceOf(request) };
}

function provenanceOf(request: FastifyRequest): JsonObject | undefined {
  const text = header(request, "x-provenance");
  if (text === undefined) return undefined;
  const resource = text.length > LONGEST ? undefined : jsonOf(text);
  if (!isJsonObject(resource)) throw fhirErrorAt("PROVENANCE_INVALID", NAME);
  return resource;
}

/** The header's bytes as JSON, or nothing. Node gives them as Latin-1, whatever they are. */
function jsonOf(text: string): JsonValue | undefined {
  try {
    return parseJson(utf8Of(Buffer.from(text, "latin1")));
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}
