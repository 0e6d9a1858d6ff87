/** What the directory calls care providers and units, by their HSA-ids. SPEC JRN-CARE-NAMES */
import { HSA_SYSTEM } from "../../base/index.ts";
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import type { Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { searchResources } from "../search.ts";

/** Names by HSA-id; one that the directory does not know is left out. */
export async function placeNames(
  visit: Visit,
  hsaIds: readonly string[],
): Promise<Disclosed<Readonly<Record<string, string>>>> {
  if (hsaIds.length === 0) return disclose({});
  const wanted = hsaIds.map((id) => `${HSA_SYSTEM}|${id}`).join(",");
  const found = await searchResources(visit, "Organization", [
    ["identifier", wanted],
    ["_count", "500"],
  ]);
  const names: Record<string, string> = {};
  for (const { content } of found.value.rows) {
    const { name, identifier } = parseJson(content) as JsonObject;
    for (const one of Array.isArray(identifier) ? identifier : []) {
      const { system, value } = one as JsonObject;
      if (system === HSA_SYSTEM && typeof value === "string" && typeof name === "string") names[value] = name;
    }
  }
  return disclose(names);
}
