/**
 * Answers to writes: the version that stands now, nothing, or an outcome, as the caller prefers.
 *
 * SPEC HTTP-HEADERS · https://hl7.org/fhir/R4/http.html#ops
 */
import type { FastifyReply } from "fastify";
import { informationOutcome, writeJson, type JsonObject, type Language } from "../fhir/index.ts";
import { commit, versionOf, type Command, type Disclosed, type Written } from "../journal/index.ts";
import { refuseUnknownType } from "./body.ts";
import { refuseDefinition } from "./definitions.ts";
import { preferredReturn, refuseOtherFormats } from "./headers.ts";
import { commitOptionsOf } from "./headers-write.ts";
import { parameter, queryOf } from "./query.ts";
import { languageOf, sendText, statusOf, versionHeaders } from "./reply.ts";
import { pathParameter, type Exchange } from "./route.ts";
import { shapeOf, type Shape } from "./shape.ts";

/**
 * Commits the command that a request makes and answers what came of it. The form of the answer is settled first: what is
 * wrong with it must not be told of something that has been done. Errors: those of the form, of the command, of `commit`.
 */
export async function answerCommand(
  { request, reply, visit }: Exchange<"actor">,
  commandOf: (type: string) => Command,
): Promise<FastifyReply> {
  const parameters = queryOf(request);
  refuseOtherFormats(request, parameter(parameters, "_format"));
  const shape = shapeOf(parameters);
  const type = pathParameter(request, "type");
  refuseUnknownType(type);
  const written = await commit(visit, [refuseDefinition(commandOf(type))], commitOptionsOf(request));
  return sendWritten(reply, written, visit.base, shape);
}

function sendWritten(
  reply: FastifyReply,
  { value }: Disclosed<readonly Written[]>,
  base: string,
  shape: Shape,
): FastifyReply {
  const [written] = value;
  if (written === undefined) throw new Error("a write of one command gave no result");
  const status = statusOf(written);
  const version = versionOf(written);
  const preference = preferredReturn(reply.request);
  if (namesOne(written)) versionHeaders(reply, written.version, written.lastUpdated);
  const address = `${base}/${written.type}/${written.id}/_history/${written.version}`;
  if (status === 201 || written.outcome === "existed") reply.header("location", address);
  if (version !== undefined) reply.header("content-location", address);
  if (preference === "OperationOutcome") {
    const outcome = outcomeOfWrite(written, languageOf(reply.request));
    return sendText(reply, status === 204 ? 200 : status, writeJson(outcome));
  }
  if (version === undefined) return reply.code(204).send();
  return preference === "minimal" ? reply.code(status).send() : sendText(reply, status, shape(version.content));
}

/** Whether a write is about one version, as it is not when a deletion found nothing, or took several. */
export function namesOne({ outcome, count }: Written): boolean {
  return outcome !== "absent" && count === undefined;
}

/** Says in words what came of a write. */
export function outcomeOfWrite(written: Written, language: Language): JsonObject {
  const { outcome, type, id, version, count } = written;
  const name = `${type}/${id}, version ${version}`;
  if (outcome === "absent") return informationOutcome("Det fanns inget att ta bort.", "Nothing to delete.", language);
  if (count !== undefined)
    return informationOutcome(`Borttaget: ${count} ${type}.`, `Deleted: ${count} ${type}.`, language);
  if (outcome === "deleted") return informationOutcome(`Borttaget: ${name}.`, `Deleted: ${name}.`, language);
  if (outcome === "existed") return informationOutcome(`Fanns redan: ${name}.`, `Already here: ${name}.`, language);
  if (outcome === "unchanged") return informationOutcome(`Oförändrat: ${name}.`, `Unchanged: ${name}.`, language);
  return informationOutcome(`Sparat: ${name}.`, `Saved: ${name}.`, language);
}
