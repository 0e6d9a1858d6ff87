/**
 * Binary: content of any kind, sent and fetched in its own media type.
 *
 * SPEC HTTP-BINARY · https://hl7.org/fhir/R4/binary.html#rest
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { fhirError, parseJson, type JsonObject } from "../fhir/index.ts";
import type { Disclosed, Version } from "../journal/index.ts";
import { FHIR_JSON, mediaType } from "./headers.ts";
import { negotiated } from "./reply.ts";

const FHIR_FORMS: ReadonlySet<string> = new Set(["application/fhir+json", "application/json", "application/fhir+xml"]);
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/;
/** What can be sent as a header; FHIR lets more pass as a code. */
const HEADER_SAFE = /^[\x20-\x7e]{1,300}$/;
/** What a browser would run if it were shown as a page. */
const ACTIVE = /html|xml|javascript|ecmascript|svg/;

/** The Binary that raw content becomes, or nothing when the body is a FHIR resource. Errors: BODY_EMPTY, CONTENT_TYPE. */
export function binaryOf(request: FastifyRequest): JsonObject | undefined {
  const contentType = mediaType(request.headers["content-type"] ?? "");
  if (FHIR_FORMS.has(contentType)) return undefined;
  if (!MEDIA_TYPE.test(contentType)) throw fhirError("CONTENT_TYPE", "application/fhir+json");
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) throw fhirError("BODY_EMPTY");
  return { resourceType: "Binary", contentType, data: body.toString("base64") };
}

/** True when the caller asks for the content itself rather than for a FHIR resource. */
export function wantsContent(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? "";
  return accept !== "" && !accept.split(",").some((one) => FHIR_FORMS.has(mediaType(one)) || mediaType(one) === "*/*");
}

/** Sends the content in its own media type, so that no browser runs it. Errors: NOT_ACCEPTABLE when it is of another. */
export function sendContent(request: FastifyRequest, reply: FastifyReply, { value }: Disclosed<Version>): FastifyReply {
  const { contentType, data } = parseJson(value.content) as { contentType?: string; data?: string };
  const type = contentType ?? "application/octet-stream";
  if (!HEADER_SAFE.test(type)) throw fhirError("NOT_ACCEPTABLE", FHIR_JSON);
  const accepted = (request.headers.accept ?? "").split(",").map(mediaType);
  if (!accepted.some((one) => one === mediaType(type) || one === `${mediaType(type).split("/")[0]}/*`))
    throw fhirError("NOT_ACCEPTABLE", type);
  if (ACTIVE.test(type)) reply.header("content-disposition", "attachment");
  return negotiated(reply)
    .code(200)
    .header("content-type", type)
    .send(Buffer.from(data ?? "", "base64"));
}
