/**
 * PUT [base]/[type]/[id]: update, or create under an id of the client's choice; PUT [base]/[type]?… of what meets criteria.
 *
 * SPEC HTTP-FHIR-UPDATE · https://hl7.org/fhir/R4/http.html#update, #cond-update
 */
import type { FastifyRequest } from "fastify";
import type { UpdateCommand } from "../../journal/index.ts";
import { binaryOf } from "../binary.ts";
import { resourceOf } from "../body.ts";
import { header, ifMatchOf, onlyIfAbsentOf } from "../headers.ts";
import { criteriaIn } from "../query.ts";
import { answerCommand } from "../reply-written.ts";
import { pathParameter, route } from "../route.ts";

const declared = { method: "PUT", rule: "actor" } as const;

export const update = route({
  ...declared,
  path: "/fhir/R4/:type/:id",
  interaction: "update",
  run: (exchange) =>
    answerCommand(exchange, (type) => ({
      ...changeOf(exchange.request, type, pathParameter(exchange.request, "id")),
      id: pathParameter(exchange.request, "id"),
    })),
});

export const conditionalUpdate = route({
  ...declared,
  path: "/fhir/R4/:type",
  interaction: "update",
  run: (exchange) =>
    answerCommand(exchange, (type) => ({
      ...changeOf(exchange.request, type),
      criteria: criteriaIn(exchange.request.raw.url ?? ""),
    })),
});

function changeOf(request: FastifyRequest, type: string, id?: string): Omit<UpdateCommand, "id"> {
  const ifMatch = ifMatchOf(header(request, "if-match"));
  const onlyIfAbsent = onlyIfAbsentOf(header(request, "if-none-match"));
  const resource = (type === "Binary" ? binaryOf(request, id) : undefined) ?? resourceOf(request, type);
  return { kind: "update", type, where: type, ifMatch, onlyIfAbsent, resource };
}
