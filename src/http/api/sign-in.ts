/**
 * Signing in as demonstration staff: choose a person and an assignment. Only in a demonstration; the identity providers
 * that real staff use are an issue of their own.
 *
 * SPEC HTTP-SIGN-IN
 */
import type { PersonActor } from "../../access/index.ts";
import { readStaff, type StaffMember } from "../../clinical/index.ts";
import { fhirError } from "../../fhir/index.ts";
import { jsonOf } from "../body.ts";
import type { HttpOptions } from "../options.ts";
import { refuseOtherSites } from "../own-site.ts";
import { sendJson } from "../reply.ts";
import { route } from "../route.ts";
import { SESSION_PATH } from "../session.ts";
import { clearedCookie, sessionCookie } from "../session-cookie.ts";
import { nameOnScreen, READS_DIRECTORY } from "../sign-in/staff.ts";

export const signInPeople = route({
  method: "GET",
  path: "/api/sign-in/people",
  rule: "public",
  run: async ({ request, reply, options }) => {
    if (!options.demo) throw fhirError("NOT_FOUND");
    const people = await staff(options, request.id);
    return sendJson(reply, 200, { people: people.map(personOf) });
  },
});

export const signIn = route({
  method: "POST",
  path: "/api/sign-in",
  rule: "public",
  run: async ({ request, reply, options, sessions }) => {
    if (!options.demo) throw fhirError("NOT_FOUND");
    refuseOtherSites(request.headers);
    const { assignment } = jsonOf(request);
    const actor = actorOf(await staff(options, request.id), assignment);
    await sessions.close(request); // of whoever was signed in here
    const { token } = await sessions.open(actor);
    return reply
      .code(204)
      .header("set-cookie", sessionCookie(options, token, sessions.lifetime))
      .send();
  },
});

export const signOut = route({
  method: "POST",
  path: "/api/sign-out",
  rule: "public",
  run: async ({ request, reply, options, sessions }) => {
    refuseOtherSites(request.headers);
    await sessions.close(request); // whoever is not signed in is signed out
    return reply.code(204).header("set-cookie", clearedCookie(options)).send();
  },
});

export const session = route({
  method: "GET",
  path: SESSION_PATH,
  rule: "person",
  run: async ({ request, reply, sessions }) => {
    const { actor, expires, authenticated } = await sessions.identify(request);
    if (actor.kind !== "person") throw fhirError("UNAUTHENTICATED");
    const { id, title, hsaId, protectedIdentity, assignment } = actor;
    const hidden = protectedIdentity === true ? { isProtected: true } : {};
    return sendJson(reply, 200, {
      person: { id, name: nameOnScreen(actor), title, hsaId, ...hidden },
      assignment,
      authenticated,
      expires: new Date(expires).toISOString(),
    });
  },
});

function staff(options: HttpOptions, request: string): Promise<readonly StaffMember[]> {
  return readStaff({ ...options.journal, actor: READS_DIRECTORY, request }).then(({ value }) => value);
}

function personOf({ isProtected, profession, assignments, ...person }: StaffMember): unknown {
  const { id, title } = person;
  return {
    id,
    name: nameOnScreen(isProtected ? { ...person, protectedIdentity: true } : person),
    title,
    profession,
    assignments: assignments.map(({ id: assignment, unit, provider, role }) => ({
      id: assignment,
      unit,
      provider,
      role,
    })),
  };
}

function actorOf(people: readonly StaffMember[], wanted: unknown): PersonActor {
  for (const { id, name, title, hsaId, isProtected, assignments } of people) {
    const assignment = assignments.find((one) => one.id === wanted);
    const hidden = isProtected ? { protectedIdentity: true as const } : {};
    if (assignment !== undefined) return { kind: "person", id, name, title, hsaId, ...hidden, assignment };
  }
  throw fhirError("NOT_FOUND");
}
