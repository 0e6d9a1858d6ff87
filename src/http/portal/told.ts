/** How the patient's own door replies, and reads what was sent. SPEC HTTP-PORTAL */
import type { FastifyReply } from "fastify";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import { sendJson } from "../reply.ts";

export function told(reply: FastifyReply, value: unknown): FastifyReply {
  return sendJson(reply.header("cache-control", "no-store"), 200, value);
}

/** Errors: DOOR_INVALID. */
export function textOf(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === "string") return value;
  throw fhirErrorAt("DOOR_INVALID", name, { sv: name, en: name }, { sv: "en text", en: "a text" });
}
