/**
 * CodeSystem/$validate-code and ValueSet/$validate-code.
 *
 * SPEC HTTP-OP-1 · https://hl7.org/fhir/R4/valueset-operation-validate-code.html
 */
import type { CodeSystem, ValueSet } from "fhir/r4";
import { parameterMissing, validateInSystem, validateInValueSet } from "../../../terminology/index.ts";
import { withSystem } from "./input.ts";
import { operationRoutes } from "./operation.ts";
import { valueSetOf } from "./value-set.ts";

const ABOUT = ["code", "display", "coding", "codeableConcept", "abstract"];

export const validateInSystemRoutes = operationRoutes<CodeSystem>({
  type: "CodeSystem",
  name: "validate-code",
  parameters: [...ABOUT, "url", "codeSystem", "version"],
  onInstance: true,
  run: (scope, { input, instance }) => {
    const sent = input.resource<CodeSystem>("codeSystem", "CodeSystem");
    const own = instance ?? sent;
    const url = own?.url ?? input.text("url");
    const codings = withSystem(input.asked({ system: "url", version: "version" }, url ?? sent?.id));
    if (own !== undefined && codings.some(({ system }) => system !== (url ?? sent?.id)))
      throw parameterMissing("coding");
    const version = own?.version ?? input.text("version");
    return validateInSystem(
      scope,
      codings.map((one) => ({ ...one, version: one.version ?? version })),
      sent,
    );
  },
});

export const validateInValueSetRoutes = operationRoutes<ValueSet>({
  type: "ValueSet",
  name: "validate-code",
  parameters: [...ABOUT, "url", "valueSet", "valueSetVersion", "system", "systemVersion"],
  onInstance: true,
  run: async (scope, call) => {
    const { input } = call;
    const codings = input.asked({ system: "system", version: "systemVersion" });
    return validateInValueSet(scope, await valueSetOf(scope, call), codings, input.flag("abstract"));
  },
});
