/** GET [base]/[type]?… and POST [base]/[type]/_search · SPEC HTTP-FHIR-SEARCH · https://hl7.org/fhir/R4/http.html#search */
import { refuseUnknownType } from "../body.ts";
import { isLenient, refuseOtherFormats } from "../headers.ts";
import { formOf, parameter, queryOf, type Parameters } from "../query.ts";
import { languageOf, sendText } from "../reply.ts";
import { pathParameter, route, type Exchange } from "../route.ts";
import { searchBundle } from "../search-bundle.ts";

export const searchType = route({
  method: "GET",
  path: "/fhir/R4/:type",
  rule: "actor",
  interaction: "search-type",
  run: (exchange) => answer(exchange, queryOf(exchange.request)),
});

export const searchTypeByPost = route({
  method: "POST",
  path: "/fhir/R4/:type/_search",
  rule: "actor",
  interaction: "search-type",
  run: async (exchange) => answer(exchange, formOf(exchange.request)),
});

async function answer({ request, reply, visit }: Exchange<"actor">, parameters: Parameters): Promise<unknown> {
  const type = pathParameter(request, "type");
  refuseUnknownType(type);
  refuseOtherFormats(request, parameter(parameters, "_format"));
  const { value } = await searchBundle(visit, {
    type,
    parameters,
    lenient: isLenient(request),
    language: languageOf(request),
  });
  return sendText(reply, 200, value);
}
