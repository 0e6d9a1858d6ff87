/** Who is away with whom in their place, and who is on duty at a list. Days and clocks come as they are in Sweden. SPEC HTTP-LOOP-5 */
import type { FastifyReply } from "fastify";
import { zonedStart } from "../../base/index.ts";
import { namePeople } from "../../clinical/index.ts";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import type { Visit } from "../../journal/index.ts";
import { dutyRoster, endAbsence, endTurn, registerAbsence, registerTurn } from "../../loop/index.ts";
import { jsonOf } from "../body.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

export const roster = route({
  method: "GET",
  path: "/api/roster",
  rule: "person",
  run: ({ reply, visit }) => rosterTold(reply, visit),
});

export const addAbsence = route({
  method: "POST",
  path: "/api/roster/absences",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const [from, through] = [dayOf(body, "from"), dayOf(body, "through")];
    await registerAbsence(visit, {
      person: textOf(body, "person"),
      since: zonedStart(from.year, from.month, from.day),
      until: zonedStart(through.year, through.month, through.day + 1),
      deputy: body["deputy"] === undefined || body["deputy"] === null ? null : textOf(body, "deputy"),
    });
    return rosterTold(reply, visit);
  },
});

export const removeAbsence = route({
  method: "POST",
  path: "/api/roster/absences/:id/end",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    await endAbsence(visit, pathParameter(request, "id"));
    return rosterTold(reply, visit);
  },
});

export const addTurn = route({
  method: "POST",
  path: "/api/roster/turns",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    await registerTurn(visit, {
      worklist: textOf(body, "worklist"),
      person: textOf(body, "person"),
      since: clockOf(body, "from"),
      until: clockOf(body, "to"),
      rank: Number(body["rank"]),
    });
    return rosterTold(reply, visit);
  },
});

export const removeTurn = route({
  method: "POST",
  path: "/api/roster/turns/:id/end",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    await endTurn(visit, pathParameter(request, "id"));
    return rosterTold(reply, visit);
  },
});

async function rosterTold(reply: FastifyReply, visit: Visit): Promise<FastifyReply> {
  const { absences, turns } = await dutyRoster(visit);
  const people = [
    ...absences.flatMap(({ person, deputy }) => [person, ...(deputy === null ? [] : [deputy])]),
    ...turns.map(({ person }) => person),
  ];
  const { value: known } = await namePeople(visit, people);
  const iso = (ms: number): string => new Date(ms).toISOString();
  return toldAsOf(reply, visit, {
    absences: absences.map((one) => ({ ...one, since: iso(one.since), until: iso(one.until) })),
    turns: turns.map((one) => ({ ...one, since: iso(one.since), until: iso(one.until) })),
    names: Object.fromEntries([...known.values()].map(({ id, name }) => [id, name])),
  });
}

function textOf(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "" || value.length > 100) throw fhirErrorAt("LOOP_INVALID", name, name);
  return value;
}

type Day = { readonly year: number; readonly month: number; readonly day: number };

function dayOf(body: JsonObject, name: string): Day {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(textOf(body, name));
  if (found === null) throw fhirErrorAt("LOOP_INVALID", name, name);
  return { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) };
}

function clockOf(body: JsonObject, name: string): number {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})$/.exec(textOf(body, name));
  if (found === null) throw fhirErrorAt("LOOP_INVALID", name, name);
  const { year, month, day } = dayOf({ [name]: found[1] ?? "" }, name);
  return zonedStart(year, month, day, Number(found[2]), Number(found[3]));
}
