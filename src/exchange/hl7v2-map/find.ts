/** Looking things up through the journal's door. SPEC EXCH-MAP-FACTS */
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import { searchResources, type QueryParameters, type Visit } from "../../journal/index.ts";

/** A search's resources by `Type/id`. */
export async function find(visit: Visit, type: string, parameters: QueryParameters): Promise<Map<string, JsonObject>> {
  const { value } = await searchResources(visit, type, parameters);
  return new Map(value.rows.map((row) => [`${row.type}/${row.id}`, parseJson(row.content) as JsonObject]));
}

/** A value as a search parameter has it: what parts values there is written with a backslash. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\,|$]/g, (one) => `\\${one}`);
}
