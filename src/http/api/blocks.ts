/** A patient's blocks, as the chart asks for and changes them. SPEC HTTP-API-BLOCK */
import { addDays, parseLocalDate, startOfDate } from "../../base/index.ts";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import { blocksOf, endBlock, endLifts, liftBlocks, registerBlock } from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { told } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const PATH = "/api/patients/:id/blocks";

export const blocks = route({
  method: "GET",
  path: PATH,
  rule: "person",
  run: async ({ request, reply, visit }) => told(reply, (await blocksOf(visit, pathParameter(request, "id"))).value),
});

export const addBlock = route({
  method: "POST",
  path: PATH,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const wish = {
      kind: oneOf(body, "kind", ["inner", "outer"] as const),
      since: instantOf(body, "since"),
      until: instantOf(body, "until"),
      exceptKinds: kindsOf(body),
    };
    return told(reply, (await registerBlock(visit, pathParameter(request, "id"), wish)).value);
  },
});

export const removeBlock = route({
  method: "POST",
  path: `${PATH}/:block/end`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const reason = oneOf(jsonOf(request), "reason", ["lifted", "mistake"] as const);
    const which = { patient: pathParameter(request, "id"), block: pathParameter(request, "block") };
    return told(reply, (await endBlock(visit, which, reason)).value);
  },
});

export const lift = route({
  method: "POST",
  path: `/api/patients/:id/lifts`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const reason = oneOf(body, "reason", ["PatientsConsent", "Emergency"] as const);
    const hours = Number(body["hours"]);
    const note = typeof body["note"] === "string" ? body["note"].slice(0, LONGEST_NOTE) : "";
    return told(reply, (await liftBlocks(visit, pathParameter(request, "id"), { reason, hours, note })).value);
  },
});

export const unlift = route({
  method: "POST",
  path: `/api/patients/:id/lifts/end`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    return told(reply, (await endLifts(visit, pathParameter(request, "id"))).value);
  },
});

const LONGEST_NOTE = 1000;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

function oneOf<T extends string>(body: JsonObject, name: string, values: readonly T[]): T {
  const found = values.find((value) => value === body[name]);
  if (found === undefined) throw fhirErrorAt("BLOCK_INVALID", name, name, values.join(" | "));
  return found;
}

/** An instant as ISO text, or null when there is none; of a day its first or its last moment in the region. */
function instantOf(body: JsonObject, name: "since" | "until"): string | null {
  const value = body[name] ?? null;
  if (value === null) return null;
  const day = typeof value === "string" ? parseLocalDate(value) : undefined;
  if (day !== undefined)
    return new Date(name === "since" ? startOfDate(day) : startOfDate(addDays(day, 1)) - 1).toISOString();
  if (typeof value !== "string" || !INSTANT.test(value) || Number.isNaN(Date.parse(value)))
    throw fhirErrorAt("BLOCK_INVALID", name, name, "2026-11-22, 2026-11-22T08:00:00+01:00");
  return new Date(value).toISOString();
}

function kindsOf(body: JsonObject): readonly string[] {
  const value = body["exceptKinds"] ?? [];
  if (!Array.isArray(value) || !value.every((kind) => kind === "lak" || kind === "upp"))
    throw fhirErrorAt("BLOCK_INVALID", "exceptKinds", "exceptKinds", "[lak, upp]");
  return [...new Set(value as readonly string[])].toSorted();
}
