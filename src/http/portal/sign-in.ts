/**
 * Into and out of the patient's own door. `openPatientSession` is where every way of proving an identity number ends.
 *
 * SPEC HTTP-PORTAL-SIGN-IN
 */
import { fhirError } from "../../fhir/index.ts";
import { patientWithNumber, peopleAtDoor } from "../../journal/index.ts";
import type { HttpOptions } from "../options.ts";
import { refuseOtherSites } from "../own-site.ts";
import { told } from "../reply.ts";
import { route, type Exchange } from "../route.ts";
import { takePatientProof } from "../sign-in/patient.ts";
import { PORTAL_COOKIE, PORTAL_SESSION_PATH } from "./patient-sessions.ts";

/**
 * Opens a session for whoever has proved an identity number, and sets its cookie on the reply. False, and nothing is opened, when
 * there is not exactly one patient with it: the answer must not tell which.
 */
export async function openPatientSession(
  { request, reply, options, sessions }: Pick<Exchange, "request" | "reply" | "options" | "sessions">,
  identityNumber: string,
): Promise<boolean> {
  const found = await patientWithNumber({ ...options.journal, request: request.id }, identityNumber);
  if (found === undefined) return false;
  await sessions.patients.close(request); // of whoever was signed in here
  const token = await sessions.patients.open(found);
  reply.header("set-cookie", portalCookie(options, token, sessions.lifetime));
  return true;
}

/** Opens the session of whoever has just come back from an identity provider in this browser. */
export const portalProved = route({
  method: "POST",
  path: "/api/sign-in/patient",
  rule: "public",
  run: async (exchange) => {
    const { request, reply, options } = exchange;
    refuseOtherSites(request.headers);
    const proof = await takePatientProof(options, request);
    if (proof === undefined || !(await openPatientSession(exchange, proof.personalNumber)))
      throw fhirError("UNAUTHENTICATED");
    return told(reply, { till: proof.till });
  },
});

export const portalSignOut = route({
  method: "POST",
  path: "/api/portal/sign-out",
  rule: "public",
  run: async ({ request, reply, options, sessions }) => {
    refuseOtherSites(request.headers);
    await sessions.patients.close(request); // whoever is not signed in is signed out
    return reply
      .code(204)
      .header("set-cookie", portalCookie(options, "", 0))
      .send();
  },
});

/** Who is signed in, and whose records they may see now. */
export const portalSession = route({
  method: "GET",
  path: PORTAL_SESSION_PATH,
  rule: "patient",
  run: async ({ request, reply, options, sessions }) => {
    const { who, expires } = await sessions.patients.identify(request);
    const { value } = await peopleAtDoor({ ...options.journal, request: request.id }, who);
    return told(reply, { id: who.id, name: who.name, expires, people: value });
  },
});

function portalCookie({ journal }: HttpOptions, token: string, seconds: number): string {
  const secure = journal.base.startsWith("https:") ? "; Secure" : "";
  return `${PORTAL_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
}
