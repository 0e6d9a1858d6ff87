/** GET [base]?_type=… and POST [base]/_search · SPEC HTTP-FHIR-SEARCH-SYSTEM · https://hl7.org/fhir/R4/http.html#search */
import { isLenient, refuseOtherFormats } from "../headers.ts";
import { formOf, parameter, queryOf, type Parameters } from "../query.ts";
import { languageOf, sendText } from "../reply.ts";
import { route, type Exchange } from "../route.ts";
import { searchBundle } from "../search-bundle.ts";

export const searchSystem = route({
  method: "GET",
  path: "/fhir/R4",
  rule: "actor",
  interaction: "search-system",
  run: (exchange) => answer(exchange, queryOf(exchange.request)),
});

export const searchSystemByPost = route({
  method: "POST",
  path: "/fhir/R4/_search",
  rule: "actor",
  interaction: "search-system",
  run: async (exchange) => answer(exchange, formOf(exchange.request)),
});

async function answer({ request, reply, visit }: Exchange<"actor">, parameters: Parameters): Promise<unknown> {
  refuseOtherFormats(request, parameter(parameters, "_format"));
  const { value } = await searchBundle(visit, {
    type: undefined,
    parameters,
    lenient: isLenient(request),
    language: languageOf(request),
  });
  return sendText(reply, 200, value);
}
