/** How the notes of a patient stand, and what waits for the own signature, as the screens ask. SPEC HTTP-API-SIGN */
import { fhirErrorAt, isJsonObject, parseJson, type JsonObject } from "../../fhir/index.ts";
import { searchResources, signingOf, unsignedOf, type UnsignedNote, type Visit } from "../../journal/index.ts";
import { parameter, queryOf } from "../query.ts";
import { told, toldAsOf } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const MOST = 100;
const DAY_MS = 86_400_000;

export const signing = route({
  method: "GET",
  path: "/api/patients/:id/signing",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { value } = await signingOf(visit, pathParameter(request, "id"));
    return toldAsOf(reply, visit, value);
  },
});

export const unsigned = route({
  method: "GET",
  path: "/api/unsigned",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const count = Number(parameter(queryOf(request), "limit") ?? MOST);
    if (!Number.isInteger(count) || count < 1 || count > MOST)
      throw fhirErrorAt("SEARCH_VALUE_INVALID", "limit", "limit");
    const { value } = await unsignedOf(visit, count);
    const names = await namesOf(visit, value.items);
    const now = visit.clock();
    const items = value.items.map((one) => ({
      ...one,
      days: one.date === null ? null : Math.max(0, Math.floor((now.getTime() - Date.parse(one.date)) / DAY_MS)),
      person: names.get(one.patient ?? "") ?? null,
    }));
    return told(reply, { asOf: now.toISOString(), items, more: value.more });
  },
});

/** The patients, who are named on the list as anywhere else: by what the record has, put into words by the screen. */
async function namesOf(visit: Visit, items: readonly UnsignedNote[]): Promise<ReadonlyMap<string, JsonObject>> {
  const ids = [...new Set(items.flatMap(({ patient }) => patient ?? []))];
  if (ids.length === 0) return new Map();
  const criteria = [["_id", ids.join(",")] as const, ["_count", String(ids.length)] as const];
  const { value } = await searchResources(visit, "Patient", criteria);
  return new Map(value.rows.map(({ id, content }) => [id, toldOf(parseJson(content))]));
}

/** What tells one patient from another on a list; the rest is in the chart. */
function toldOf(patient: unknown): JsonObject {
  if (!isJsonObject(patient as JsonObject)) return {};
  const { resourceType, id, meta, identifier, name, birthDate, extension } = patient as JsonObject;
  return { resourceType, id, meta, identifier, name, birthDate, extension };
}
