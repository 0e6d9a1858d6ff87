/** POST [base]/$closure · SPEC HTTP-OP-1 · https://hl7.org/fhir/R4/conceptmap-operation-closure.html */
import { changeTerminology } from "../../../journal/index.ts";
import { closure } from "../../../terminology/index.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { route } from "../../route.ts";
import { OperationInput, withSystem } from "./input.ts";
import { askOf, OF_ANSWER, sendResource, shapeIn } from "./operation.ts";

export const closureRoute = route({
  method: "POST",
  path: "/fhir/R4/$closure",
  rule: "actor",
  operation: {
    type: undefined,
    name: "closure",
    definition: "http://hl7.org/fhir/OperationDefinition/ConceptMap-closure",
  },
  run: async ({ request, reply, visit }) => {
    refuseOtherFormats(request, parameter(queryOf(request), "_format"));
    const input = OperationInput.of(request, ["name", "concept", "version", ...OF_ANSWER]);
    const shape = shapeIn(input);
    const wanted = {
      name: input.needed("name"),
      version: input.text("version"),
      concepts: withSystem(input.codings("concept")),
      now: visit.clock().toISOString(),
    };
    const ask = askOf("$closure", input, undefined);
    return sendResource(
      reply,
      await changeTerminology(visit, ask, (scope, { closures }, owner) =>
        closure(scope, closures, { ...wanted, owner }),
      ),
      shape,
    );
  },
});
