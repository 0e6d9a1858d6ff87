/**
 * Where a person is signed in, and how all of it is ended at once: for whoever has left a computer behind, or thinks that
 * somebody else is signed in.
 *
 * SPEC HTTP-SESSION
 */
import type { PersonActor } from "../../access/index.ts";
import { fhirError } from "../../fhir/index.ts";
import type { UsedSession } from "../../store/index.ts";
import { sendJson } from "../reply.ts";
import { route, type Exchange } from "../route.ts";
import { clearedCookie } from "../session-cookie.ts";

export const ownSessions = route({
  method: "GET",
  path: "/api/sessions",
  rule: "person",
  run: async (exchange) => {
    const { reply, sessions } = exchange;
    const found = await sessions.of(personOf(exchange));
    return sendJson(reply, 200, { sessions: found.map(toldOf) });
  },
});

export const endOwnSessions = route({
  method: "POST",
  path: "/api/sessions/end",
  rule: "person",
  run: async (exchange) => {
    const { reply, sessions, options } = exchange;
    const ended = await sessions.closeAll(personOf(exchange));
    reply.header("set-cookie", clearedCookie(options));
    return sendJson(reply, 200, { ended });
  },
});

function personOf({ visit }: Exchange<"person">): PersonActor {
  if (visit.actor.kind !== "person") throw fhirError("UNAUTHENTICATED");
  return visit.actor;
}

function toldOf({ actor, created, used, expires }: UsedSession): unknown {
  const { unit, provider, role } = (actor as PersonActor).assignment;
  const [opened, lastUsed, ends] = [created, used, expires].map((time) => new Date(time).toISOString());
  return { unit, provider, role, opened, lastUsed, ends };
}
