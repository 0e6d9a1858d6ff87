/** What opens a patient's records to staff, as the chart asks for and registers it. SPEC HTTP-API-CARE */
import type { FastifyReply } from "fastify";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import {
  careOf,
  endCare,
  openCare,
  placeNames,
  type CareState,
  type CareWish,
  type Place,
} from "../../journal/index.ts";
import type { Visit } from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { told } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const PATH = "/api/patients/:id/care";

export const care = route({
  method: "GET",
  path: PATH,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldWithNames(reply, visit, (await careOf(visit, pathParameter(request, "id"))).value),
});

export const addCare = route({
  method: "POST",
  path: PATH,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { value } = await openCare(visit, pathParameter(request, "id"), wishOf(jsonOf(request)));
    return toldWithNames(reply, visit, value);
  },
});

export const removeCare = route({
  method: "POST",
  path: `${PATH}/:fact/end`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const reason = jsonOf(request)["reason"];
    if (reason !== "withdrawn" && reason !== "mistake")
      throw fhirErrorAt("CARE_INVALID", "reason", "reason", "withdrawn | mistake");
    const which = { patient: pathParameter(request, "id"), fact: pathParameter(request, "fact") };
    return toldWithNames(reply, visit, (await endCare(visit, which, reason)).value);
  },
});

/** The state with the names that the directory has for the places in it, by HSA-id. */
async function toldWithNames(reply: FastifyReply, visit: Visit, state: CareState): Promise<FastifyReply> {
  const places = [...state.open, ...state.hidden].map(({ place }) => place);
  const sources = state.facts.map(({ source }) => source);
  const ids = new Set([...places, ...sources].flatMap((place) => (place === null ? [] : idsOf(place))));
  const { value: names } = await placeNames(visit, [...ids]);
  return told(reply, { ...state, names });
}

function idsOf({ careProvider, careUnit }: Place): string[] {
  return [careProvider, careUnit].flatMap((id) => (id === null || id === "-" ? [] : [id]));
}

const KINDS = ["reason", "emergency", "relation", "choice", "consent"] as const;

function wishOf(body: JsonObject): CareWish {
  const kind = KINDS.find((one) => one === body["kind"]);
  switch (kind) {
    case "reason":
    case "emergency":
      return { kind, reason: textOf(body, "reason") };
    case "relation":
      return { kind };
    case "choice":
      return { kind, source: sourceOf(body["source"]) };
    case "consent": {
      const representedBy = body["representedBy"] ?? null;
      if (
        representedBy !== null &&
        (typeof representedBy !== "string" || representedBy.trim() === "" || representedBy.length > 200)
      )
        throw fhirErrorAt("CARE_INVALID", "representedBy", "representedBy", { sv: "ett namn", en: "a name" });
      return { kind, days: Number(body["days"]), representedBy };
    }
    case undefined:
      throw fhirErrorAt("CARE_INVALID", "kind", "kind", KINDS.join(" | "));
  }
}

function textOf(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== "string") throw fhirErrorAt("CARE_INVALID", name, name, { sv: "text", en: "text" });
  return value;
}

function sourceOf(value: unknown): Place {
  const { careProvider, careUnit = null } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (typeof careProvider !== "string" || (careUnit !== null && typeof careUnit !== "string"))
    throw fhirErrorAt("CARE_INVALID", "source", "source", {
      sv: "vårdgivare och vårdenhet",
      en: "care provider and care unit",
    });
  return { careProvider, careUnit };
}
