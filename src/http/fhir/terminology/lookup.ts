/** CodeSystem/$lookup · SPEC HTTP-OP-1 · https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
import { lookup, parameterMissing } from "../../../terminology/index.ts";
import { withSystem } from "./input.ts";
import { operationRoutes } from "./operation.ts";

export const lookupRoutes = operationRoutes({
  type: "CodeSystem",
  name: "lookup",
  parameters: ["code", "system", "version", "coding", "property"],
  onInstance: false,
  run: (scope, { input }) => {
    const [coding] = withSystem(input.asked({ system: "system", version: "version" }));
    if (coding === undefined) throw parameterMissing("code");
    return lookup(scope, coding, input.texts("property"));
  },
});
