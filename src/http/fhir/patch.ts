/**
 * PATCH [base]/[type]/[id] and [base]/[type]?… with JSON Patch or FHIRPath Patch.
 *
 * SPEC HTTP-FHIR-PATCH · https://hl7.org/fhir/R4/http.html#patch
 */
import type { FastifyRequest } from "fastify";
import type { PatchCommand } from "../../journal/index.ts";
import { patchOf } from "../body.ts";
import { header, ifMatchOf } from "../headers.ts";
import { criteriaIn } from "../query.ts";
import { answerCommand } from "../reply-written.ts";
import { pathParameter, route } from "../route.ts";

const declared = { method: "PATCH", rule: "actor", interaction: "patch" } as const;

export const patch = route({
  ...declared,
  path: "/fhir/R4/:type/:id",
  run: (exchange) =>
    answerCommand(exchange, (type) => ({
      ...changeOf(exchange.request, type),
      id: pathParameter(exchange.request, "id"),
    })),
});

export const conditionalPatch = route({
  ...declared,
  path: "/fhir/R4/:type",
  run: (exchange) =>
    answerCommand(exchange, (type) => ({
      ...changeOf(exchange.request, type),
      criteria: criteriaIn(exchange.request.raw.url ?? ""),
    })),
});

function changeOf(request: FastifyRequest, type: string): Omit<PatchCommand, "id"> {
  const ifMatch = ifMatchOf(header(request, "if-match"));
  return { kind: "patch", type, where: type, ifMatch, operations: patchOf(request) };
}
