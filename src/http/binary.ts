/**
 * Binary: content of any kind, sent and fetched in its own media type.
 *
 * SPEC HTTP-BINARY · https://hl7.org/fhir/R4/binary.html#rest
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { fhirError, parseJson, type JsonObject } from "../fhir/index.ts";
import type { Disclosed, Version } from "../journal/index.ts";
import { FHIR_JSON, header, mediaType } from "./headers.ts";
import { negotiated } from "./reply.ts";
import { pathParameter } from "./route.ts";

const FHIR_FORMS: ReadonlySet<string> = new Set(["application/fhir+json", "application/json", "application/fhir+xml"]);
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/;
/** What can be sent as a header; FHIR lets more pass as a code. */
const HEADER_SAFE = /^[\x20-\x7e]{1,300}$/;
/** What a browser would run if it were shown as a page. */
const ACTIVE = /html|xml|javascript|ecmascript|svg/;

const SECURITY_CONTEXT = "x-security-context";

/**
 * The Binary that raw content becomes, under its id when it replaces one, or nothing when the body is a FHIR resource.
 * Errors: BODY_EMPTY, CONTENT_TYPE.
 */
export function binaryOf(request: FastifyRequest, id?: string): JsonObject | undefined {
  const contentType = mediaType(request.headers["content-type"] ?? "");
  if (FHIR_FORMS.has(contentType)) return undefined;
  if (!MEDIA_TYPE.test(contentType)) throw fhirError("CONTENT_TYPE", "application/fhir+json");
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) throw fhirError("BODY_EMPTY");
  const context = header(request, SECURITY_CONTEXT);
  return {
    resourceType: "Binary",
    ...(id === undefined ? {} : { id }),
    contentType,
    ...(context === undefined ? {} : { securityContext: { reference: context } }),
    data: body.toString("base64"),
  };
}

/** True when a FHIR form is not asked for by name: then R4 gives a Binary's content itself. */
export function wantsContent(request: FastifyRequest, format: string | undefined): boolean {
  const accept = request.headers.accept ?? "";
  return (format === undefined || format === "") && !accept.split(",").some((one) => FHIR_FORMS.has(mediaType(one)));
}

/**
 * Sends the content in its own media type, so that no browser runs it. Errors: NOT_ACCEPTABLE when it is of another than
 * is accepted, or of one that cannot be a header.
 */
export function sendContent(request: FastifyRequest, reply: FastifyReply, { value }: Disclosed<Version>): FastifyReply {
  const { contentType, data, securityContext } = parseJson(value.content) as Content;
  const type = contentType ?? "application/octet-stream";
  if (!HEADER_SAFE.test(type)) throw fhirError("NOT_ACCEPTABLE", FHIR_JSON);
  if (!isAccepted(request.headers.accept ?? "", mediaType(type))) throw fhirError("NOT_ACCEPTABLE", type);
  const manner = ACTIVE.test(type) ? "attachment" : "inline";
  reply.header("content-disposition", `${manner}; filename="Binary-${pathParameter(request, "id")}"`); // it was found: a FHIR id
  const context = securityContext?.reference ?? "";
  if (HEADER_SAFE.test(context)) reply.header(SECURITY_CONTEXT, context);
  return negotiated(reply)
    .code(200)
    .header("content-type", type)
    .send(Buffer.from(data ?? "", "base64"));
}

type Content = {
  readonly contentType?: string;
  readonly data?: string;
  readonly securityContext?: { readonly reference?: string };
};

function isAccepted(accept: string, type: string): boolean {
  if (accept.trim() === "") return true;
  const ranges = new Set(["*/*", `${type.split("/")[0]}/*`, type]);
  return accept.split(",").some((one) => ranges.has(mediaType(one)) && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/.test(one));
}
