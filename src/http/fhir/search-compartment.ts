/** GET [base]/Patient/[id]/[type]?… and other compartments · SPEC HTTP-FHIR-COMPARTMENT · https://hl7.org/fhir/R4/compartmentdefinition.html */
import { fhirErrorAt } from "../../fhir/index.ts";
import { hasCompartment } from "../../search/index.ts";
import { refuseUnknownType } from "../body.ts";
import { isLenient, refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf } from "../query.ts";
import { languageOf, sendText } from "../reply.ts";
import { pathParameter, route } from "../route.ts";
import { searchBundle } from "../search-bundle.ts";

export const searchCompartment = route({
  method: "GET",
  path: "/fhir/R4/:type/:id/:member",
  rule: "actor",
  interaction: "search-type",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
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
  },
});
