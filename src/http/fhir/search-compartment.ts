/** GET [base]/Patient/[id]/[type]?…, POST …/_search, and other compartments · SPEC HTTP-FHIR-COMPARTMENT · https://hl7.org/fhir/R4/compartmentdefinition.html */
import { fhirErrorAt } from "../../fhir/index.ts";
import { hasCompartment } from "../../search/index.ts";
import { refuseUnknownType } from "../body.ts";
import { isLenient, refuseOtherFormats } from "../headers.ts";
import { formOf, parameter, queryOf, type Parameters } from "../query.ts";
import { languageOf, sendText } from "../reply.ts";
import { pathParameter, route, type Exchange } from "../route.ts";
import { searchBundle } from "../search-bundle.ts";

const declared = { rule: "actor", interaction: "search-type" } as const;

export const searchCompartment = route({
  ...declared,
  method: "GET",
  path: "/fhir/R4/:type/:id/:member",
  run: (exchange) => answer(exchange, queryOf(exchange.request)),
});

export const searchCompartmentByPost = route({
  ...declared,
  method: "POST",
  path: "/fhir/R4/:type/:id/:member/_search",
  run: async (exchange) => answer(exchange, formOf(exchange.request)),
});

async function answer({ request, reply, visit }: Exchange<"actor">, parameters: Parameters): Promise<unknown> {
  refuseOtherFormats(request, parameter(parameters, "_format"));
  const compartment = pathParameter(request, "type");
  refuseUnknownType(compartment);
  if (!hasCompartment(compartment)) throw fhirErrorAt("NOT_SUPPORTED", compartment, `compartment ${compartment}`);
  const member = pathParameter(request, "member");
  const type = member === "*" ? undefined : member;
  if (type !== undefined) refuseUnknownType(type);
  const ask = {
    type,
    parameters,
    lenient: isLenient(request),
    language: languageOf(request),
    compartment: { type: compartment, id: pathParameter(request, "id") },
  };
  return sendText(reply, 200, (await searchBundle(visit, ask)).value);
}
