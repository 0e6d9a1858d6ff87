/** CodeSystem/$subsumes · SPEC HTTP-OP-1 · https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
import type { CodeSystem, Parameters } from "fhir/r4";
import { parameterMissing, subsumes } from "../../../terminology/index.ts";
import type { OperationInput } from "./input.ts";
import { operationRoutes } from "./operation.ts";

export const subsumesRoutes = operationRoutes<CodeSystem>({
  type: "CodeSystem",
  name: "subsumes",
  parameters: ["codeA", "codeB", "codingA", "codingB", "system", "version"],
  onInstance: true,
  run: async (scope, { input, instance }): Promise<Parameters> => {
    const [a, b] = [sideOf(input, "A"), sideOf(input, "B")];
    const system = instance?.url ?? input.text("system") ?? a.system ?? b.system;
    if (system === undefined || [a, b].some((one) => (one.system ?? system) !== system))
      throw parameterMissing("system");
    const version = instance?.version ?? input.text("version") ?? a.version;
    const outcome = await subsumes(scope, { system, version, codeA: a.code, codeB: b.code });
    return { resourceType: "Parameters", parameter: [{ name: "outcome", valueCode: outcome }] };
  },
});

type Side = { readonly system: string | undefined; readonly version?: string | undefined; readonly code: string };

function sideOf(input: OperationInput, side: "A" | "B"): Side {
  const [coding] = input.codings(`coding${side}`);
  return coding ?? { system: undefined, code: input.needed(`code${side}`) };
}
