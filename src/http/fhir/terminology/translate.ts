/** ConceptMap/$translate · SPEC HTTP-OP-1 · https://hl7.org/fhir/R4/conceptmap-operation-translate.html */
import type { ConceptMap } from "fhir/r4";
import { canonicalOf, translate } from "../../../terminology/index.ts";
import { withSystem } from "./input.ts";
import { operationRoutes } from "./operation.ts";

export const translateRoutes = operationRoutes<ConceptMap>({
  type: "ConceptMap",
  name: "translate",
  parameters: [
    "url",
    "conceptMap",
    "conceptMapVersion",
    "code",
    "system",
    "version",
    "coding",
    "codeableConcept",
    "source",
    "target",
    "targetsystem",
    "reverse",
  ],
  onInstance: true,
  run: async (scope, { input, instance }) => {
    const codings = withSystem(input.asked({ system: "system", version: "version" }));
    const url = input.text("url");
    const sent = instance ?? input.resource<ConceptMap>("conceptMap", "ConceptMap");
    const named = url === undefined ? undefined : canonicalOf(url, input.text("conceptMapVersion"));
    const map = sent ?? (named === undefined ? undefined : await scope.library.conceptMap(named));
    return translate(scope, map, codings, {
      reverse: input.flag("reverse") ?? false,
      targetSystem: input.text("targetsystem"),
      source: input.text("source"),
      target: input.text("target"),
    });
  },
});
