/** ValueSet/$expand · SPEC HTTP-OP-1 · https://hl7.org/fhir/R4/valueset-operation-expand.html */
import type { ValueSet } from "fhir/r4";
import { expand } from "../../../terminology/index.ts";
import { operationRoutes } from "./operation.ts";
import { valueSetOf } from "./value-set.ts";

export const expandRoutes = operationRoutes<ValueSet>({
  type: "ValueSet",
  name: "expand",
  parameters: [
    "url",
    "valueSet",
    "valueSetVersion",
    "filter",
    "offset",
    "count",
    "includeDesignations",
    "includeDefinition",
    "activeOnly",
    "excludeNested",
    "property",
    "system-version",
  ],
  onInstance: true,
  run: async (scope, call) => {
    const { input, now } = call;
    return expand(scope, await valueSetOf(scope, call), {
      filter: input.text("filter"),
      offset: input.whole("offset"),
      count: input.whole("count"),
      includeDesignations: input.flag("includeDesignations"),
      includeDefinition: input.flag("includeDefinition"),
      activeOnly: input.flag("activeOnly"),
      excludeNested: input.flag("excludeNested"),
      properties: input.texts("property"),
      now,
    });
  },
});
