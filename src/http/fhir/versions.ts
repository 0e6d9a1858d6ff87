/** GET and POST [base]/$versions: which versions of FHIR are spoken here · SPEC HTTP-FHIR-VERSIONS · https://hl7.org/fhir/R4/capabilitystatement-operation-versions.html */
import { refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf } from "../query.ts";
import { sendText } from "../reply.ts";
import { route, type Route } from "../route.ts";

const SPOKEN = "4.0";

const ANSWER = JSON.stringify({
  resourceType: "Parameters",
  parameter: [
    { name: "version", valueCode: SPOKEN },
    { name: "default", valueCode: SPOKEN },
  ],
});

export const versionsRoutes: readonly Route[] = (["GET", "POST"] as const).map((method) =>
  route({
    method,
    path: "/fhir/R4/$versions",
    rule: "public",
    operation: {
      type: undefined,
      name: "versions",
      definition: "http://hl7.org/fhir/OperationDefinition/CapabilityStatement-versions",
    },
    run: async ({ request, reply }) => {
      refuseOtherFormats(request, parameter(queryOf(request), "_format"));
      return sendText(reply, 200, ANSWER);
    },
  }),
);
