/** ValueSet/$expand · SPEC HTTP-OP-1 · https://hl7.org/fhir/R4/valueset-operation-expand.html */
import { createHash } from "node:crypto";
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
    "excludeNotForUI",
    "excludePostCoordinated",
    "designation",
    "property",
    "system-version",
    "exclude-system",
    "check-system-version",
    "force-system-version",
  ],
  onInstance: true,
  run: async (asked, call) => {
    const { input, now } = call;
    input.flag("excludePostCoordinated"); // no listing here puts codes together
    const scope = { ...asked, forced: input.texts("force-system-version") };
    const valueSet = await valueSetOf(scope, call);
    const options = {
      filter: input.text("filter"),
      offset: input.whole("offset"),
      count: input.whole("count"),
      includeDesignations: input.flag("includeDesignations"),
      includeDefinition: input.flag("includeDefinition"),
      activeOnly: input.flag("activeOnly"),
      excludeNested: input.flag("excludeNested"),
      excludeNotForUI: input.flag("excludeNotForUI"),
      designations: input.texts("designation"),
      excludeSystems: input.texts("exclude-system"),
      checkVersions: input.texts("check-system-version"),
      properties: input.texts("property"),
      now,
    };
    return expand(scope, valueSet, { ...options, identifier: nameOf(valueSet, options) });
  },
});

/** A name for what a question is answered with at a moment: the same question at the same moment has the same. */
function nameOf(valueSet: ValueSet, options: object): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([valueSet, options]))
    .digest("hex");
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
