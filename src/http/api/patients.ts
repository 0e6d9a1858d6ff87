/** The patient screens' own calls: one call for each screen. SPEC HTTP-API-PATIENT */
import type { FastifyReply } from "fastify";
import { findPatients, findWords, readOverview, readSection } from "../../clinical/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import { readersOf, samePersonAs, today, type Visit } from "../../journal/index.ts";
import { parameter, queryOf, soughtIn, type Parameters } from "../query.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route } from "../route.ts";
import { readersInWords } from "./readers-view.ts";

const FEW = 20;
const PAGE = 50;
const MOST = 500;

export const patients = route({
  method: "GET",
  path: "/api/patients",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const { value } = await findPatients(
      visit,
      soughtIn(request) ?? parameter(parameters, "q") ?? "",
      today(visit),
      countOf(parameters, FEW),
    );
    return sendJsonText(reply, `{"items":[${value.items.join(",")}],"more":${value.more}}`);
  },
});

export const overview = route({
  method: "GET",
  path: "/api/patients/:id/overview",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const id = pathParameter(request, "id");
    const { value } = await readOverview(visit, id);
    const sections = Object.entries(value.sections).map(
      ([name, { items, more }]) => `"${name}":{"items":[${items.join(",")}],"more":${more}}`,
    );
    return sendJsonText(
      reply,
      `{"asOf":"${visit.clock().toISOString()}",${await sameOf(visit, id)}"patient":${value.patient},"sections":{${sections.join(",")}}}`,
    );
  },
});

export const readers = route({
  method: "GET",
  path: "/api/patients/:id/readers",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const ask = { count: countOf(parameters, PAGE), before: parameter(parameters, "before") };
    const { value } = await readersOf(visit, pathParameter(request, "id"), ask);
    return toldAsOf(reply, visit, { ...value, items: readersInWords(value.items) });
  },
});

export const section = route({
  method: "GET",
  path: "/api/patients/:id/:section",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const ask = { count: countOf(parameters, PAGE), before: parameter(parameters, "before") };
    const id = pathParameter(request, "id");
    const { value } = await readSection(visit, id, pathParameter(request, "section"), ask);
    return sendJsonText(
      reply,
      `{"asOf":"${visit.clock().toISOString()}",${await sameOf(visit, id)}"items":[${value.items.join(",")}],"next":${JSON.stringify(value.next)}}`,
    );
  },
});

/** What is sought comes in a header, as that of people does: what somebody has looked for tells of the patient. */
export const words = route({
  method: "GET",
  path: "/api/patients/:id/words",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const id = pathParameter(request, "id");
    const ask = { typed: soughtIn(request) ?? "", before: parameter(queryOf(request), "before") };
    const { value } = await findWords(visit, id, ask);
    return sendJsonText(
      reply,
      `{"asOf":"${visit.clock().toISOString()}",${await sameOf(visit, id)}"items":[${value.items.join(",")}],"looked":${value.looked},"next":${JSON.stringify(value.next)}}`,
    );
  },
});

/** The other records of the same person, whose items stand among these; nothing of nearly everybody. */
async function sameOf(visit: Visit, patient: string): Promise<string> {
  const others = await samePersonAs(visit, patient);
  return others.length === 0 ? "" : `"same":${JSON.stringify(others)},`;
}

function sendJsonText(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .code(200)
    .header("content-type", "application/json; charset=utf-8")
    .header("cache-control", "no-store")
    .send(text);
}

function countOf(parameters: Parameters, usual: number): number {
  const text = parameter(parameters, "limit") ?? String(usual);
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1) throw fhirErrorAt("SEARCH_VALUE_INVALID", "limit", "limit");
  return Math.min(Number(text), MOST);
}
