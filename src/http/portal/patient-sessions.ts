/**
 * Sessions at the patient's own door: a cookie of its own, with the limits that staff's sessions have. A patient's token is no session
 * of staff and a staff session's no patient's, whatever cookie it comes in; bearer tokens open nothing here.
 *
 * SPEC HTTP-PORTAL-SESSION
 */
import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { fhirError } from "../../fhir/index.ts";
import type { AtDoor } from "../../journal/index.ts";
import type { Store } from "../../store/index.ts";

export const PORTAL_COOKIE = "eira_portal";
/** Where a screen asks whether somebody is signed in. It does so by itself, so it is no use of the session. */
export const PORTAL_SESSION_PATH = "/api/portal/session";

const COOKIE = new RegExp(`(?:^|;\\s*)${PORTAL_COOKIE}=([A-Za-z0-9_-]{20,100})(?:;|$)`);
const MINUTE_MS = 60_000;

type StoredPatient = { readonly kind: "patient"; readonly patient: AtDoor };

export type PatientSession = { readonly who: AtDoor; readonly expires: string };

export class PatientSessions {
  private readonly store: Store;
  private readonly clock: () => Date;
  private readonly limits: { readonly lifetime: number; readonly idleMs: number };

  /** `lifetime` in seconds. */
  constructor(store: Store, clock: () => Date, limits: { readonly lifetime: number; readonly idleMs: number }) {
    this.store = store;
    this.clock = clock;
    this.limits = limits;
  }

  /** Opens a session and answers its token. */
  async open(patient: AtDoor): Promise<string> {
    const token = randomBytes(32).toString("base64url");
    const stored: StoredPatient = { kind: "patient", patient };
    await this.store.addSession(token, stored, new Date(this.clock().getTime() + this.limits.lifetime * 1000));
    return token;
  }

  /** Whose session the request's cookie is. Errors: UNAUTHENTICATED. */
  async identify(request: FastifyRequest): Promise<PatientSession> {
    const token = tokenOf(request);
    const { idleMs } = this.limits;
    const session = token === undefined ? undefined : await this.store.findSession(token, idleMs);
    const stored = session?.actor as StoredPatient | undefined;
    if (token === undefined || session === undefined || stored?.kind !== "patient") throw fhirError("UNAUTHENTICATED");
    const [now, used] = [this.clock().getTime(), Date.parse(session.used)];
    const isNoted = request.routeOptions.url !== PORTAL_SESSION_PATH && now - used >= MINUTE_MS;
    if (isNoted) await this.store.touchSession(token, MINUTE_MS);
    const ends = Math.min((isNoted ? now : used) + idleMs, Date.parse(session.expires));
    return { who: stored.patient, expires: new Date(ends).toISOString() };
  }

  /** Ends the session of the request's cookie; without one there is nothing to end. */
  async close(request: FastifyRequest): Promise<void> {
    const token = tokenOf(request);
    if (token !== undefined) await this.store.removeSession(token);
  }
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  return headers.authorization === undefined ? COOKIE.exec(headers.cookie ?? "")?.[1] : undefined;
}
