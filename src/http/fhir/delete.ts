/**
 * DELETE [base]/[type]/[id], and [base]/[type]?… of all that meet criteria.
 *
 * SPEC HTTP-FHIR-DELETE · https://hl7.org/fhir/R4/http.html#delete
 */
import { header, ifMatchOf } from "../headers.ts";
import { criteriaIn } from "../query.ts";
import { answerCommand } from "../reply-written.ts";
import { pathParameter, route } from "../route.ts";

const declared = { method: "DELETE", rule: "actor", interaction: "delete" } as const;

export const remove = route({
  ...declared,
  path: "/fhir/R4/:type/:id",
  run: (exchange) =>
    answerCommand(exchange, (type) => ({
      kind: "delete",
      type,
      id: pathParameter(exchange.request, "id"),
      where: type,
      ifMatch: ifMatchOf(header(exchange.request, "if-match")),
    })),
});

export const conditionalRemove = route({
  ...declared,
  path: "/fhir/R4/:type",
  run: (exchange) =>
    answerCommand(exchange, (type) => ({
      kind: "delete",
      type,
      criteria: criteriaIn(exchange.request.raw.url ?? ""),
      where: type,
      ifMatch: ifMatchOf(header(exchange.request, "if-match")),
    })),
});
