/**
 * From a token to an actor: a bearer token of a machine client, or a person's session cookie. Verified once and cached
 * for two seconds: a signed-out session stops working at once in the process that closed it, and whatever is withdrawn
 * in the database within two seconds everywhere. A session ends some hours after it was opened, and earlier when nobody
 * uses it; that it is used is noted once a minute.
 *
 * SPEC HTTP-SESSION
 */
import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { parseScopes, type Actor, type PersonActor } from "../access/index.ts";
import { fhirError } from "../fhir/index.ts";
import { Standings } from "../journal/index.ts";
import { appScopesOf } from "./oauth/app-scopes.ts";
import { PatientSessions } from "./portal/patient-sessions.ts";
import type { Store, UsedSession } from "../store/index.ts";

export const SESSION_COOKIE = "eira_session";

/** How long a session lasts however much it is used, and how long when it is not. */
export type SessionLimits = { readonly hours: number; readonly idleMinutes: number };
export const SESSION_LIMITS: SessionLimits = { hours: 10, idleMinutes: 30 };

const MINUTE_MS = 60_000;
/** Where a screen asks whether somebody is signed in. It does so by itself, so it is no use of the session. */
export const SESSION_PATH = "/api/session";
const CACHE_MS = 2_000;
const CACHE_SIZE = 10_000;
const COOKIE = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([A-Za-z0-9_-]{20,100})(?:;|$)`);

/** How a person proved who they are, when the session was opened or last since. */
export type Authenticated = {
  /** The identity provider's id. */
  readonly method: string;
  /** Its name, as people know it. */
  readonly name: string;
  /** The level of assurance that it stated. */
  readonly acr: string;
  /** When (ISO). */
  readonly at: string;
};

export type SignedIn = {
  readonly actor: Actor;
  readonly token: string;
  readonly expires: string;
  /** Of a person's session; nothing of a machine client. */
  readonly authenticated?: Authenticated | undefined;
  /** The assignment that the session was opened under is not the person's any more. */
  readonly hasEnded?: boolean;
};

/** A person as the session's row has them. */
type StoredPerson = PersonActor & { readonly authenticated?: Authenticated };

/** In a demonstration by choosing from a list, and in tests. */
const WITHOUT_PROOF = { method: "none", name: "Utan legitimation", acr: "" } as const;

export class Sessions {
  /** How long a session lasts at most, in seconds. */
  readonly lifetime: number;
  /** After how long without use one ends, in milliseconds. */
  readonly idleMs: number;
  private readonly store: Store;
  private readonly clock: () => Date;
  /** Actors in whose name this server calls itself, by tokens that it tells nobody. */
  private readonly lent = new Map<string, SignedIn>();
  private readonly cache = new Map<string, { readonly until: number; readonly found: SignedIn }>();

  /** Of those at the patient's own door, who have a cookie of their own. */
  readonly patients: PatientSessions;
  private readonly standings: Standings;

  constructor(store: Store, clock: () => Date, { hours, idleMinutes } = SESSION_LIMITS) {
    this.standings = new Standings(store, clock);
    this.store = store;
    this.clock = clock;
    this.lifetime = hours * 3600;
    this.idleMs = idleMinutes * MINUTE_MS;
    this.patients = new PatientSessions(store, clock, { lifetime: this.lifetime, idleMs: this.idleMs });
  }

  /** Who calls. Errors: UNAUTHENTICATED when there is no token, or it is unknown, withdrawn or has expired. */
  async identify(request: FastifyRequest): Promise<SignedIn> {
    const found = credentialsOf(request);
    if (found === undefined) throw fhirError("UNAUTHENTICATED");
    const lent = this.lent.get(found.token);
    if (lent !== undefined) return lent;
    const now = this.clock().getTime();
    const name = `${found.kind} ${found.token}`;
    const cached = this.cache.get(name);
    if (cached !== undefined && cached.until > now) return cached.found;
    const isUse = request.routeOptions.url !== SESSION_PATH;
    const signedIn =
      found.kind === "bearer"
        ? ((await this.findClient(found.token)) ?? (await this.findApp(found.token)))
        : await this.findPerson(found.token, isUse);
    if (signedIn === undefined) throw fhirError("UNAUTHENTICATED");
    if (this.cache.size >= CACHE_SIZE) this.cache.clear();
    this.cache.set(name, { until: Math.min(now + CACHE_MS, Date.parse(signedIn.expires)), found: signedIn });
    return signedIn;
  }

  /** Lets `work` call this server in the name of an actor that it has already let in, with a token that ends with it. */
  async inNameOf<T>(actor: Actor, work: (token: string) => Promise<T>): Promise<T> {
    const token = randomBytes(32).toString("base64url");
    this.lent.set(token, { actor, token, expires: "9999-12-31T23:59:59.000Z" });
    try {
      return await work(token);
    } finally {
      this.lent.delete(token);
    }
  }

  /** Opens a session for a person and answers its token. */
  async open(
    person: PersonActor,
    authenticated: Authenticated = { ...WITHOUT_PROOF, at: this.clock().toISOString() },
  ): Promise<{ readonly token: string; readonly expires: Date }> {
    const token = randomBytes(32).toString("base64url");
    const expires = new Date(this.clock().getTime() + this.lifetime * 1000);
    await this.store.addSession(token, { ...person, authenticated }, expires);
    return { token, expires };
  }

  /** Notes that the person of a session has proved again who they are; its token from then on, or nothing when it has ended. */
  async renew(session: string, authenticated: Authenticated): Promise<string | undefined> {
    const token = randomBytes(32).toString("base64url");
    return (await this.store.renewSession(session, { authenticated, token })) ? token : undefined;
  }

  /**
   * How whoever calls proved who they are, if that was within so many minutes; nothing when it was not, or when it is no
   * person who calls. What to sign with: its method, level and time go into the seal.
   */
  async authenticatedWithin(request: FastifyRequest, minutes: number): Promise<Authenticated | undefined> {
    const isRecent = ({ authenticated }: SignedIn): boolean => {
      const age = this.clock().getTime() - Date.parse(authenticated?.at ?? "");
      return age > -MINUTE_MS && age <= minutes * MINUTE_MS;
    };
    const remembered = await this.identify(request);
    if (isRecent(remembered)) return remembered.authenticated;
    this.cache.delete(`cookie ${remembered.token}`); // it may have been renewed by way of another process
    const asked = await this.identify(request);
    return isRecent(asked) ? asked.authenticated : undefined;
  }

  /** Ends the session of the request's cookie; without one there is nothing to end. */
  async close(request: FastifyRequest): Promise<void> {
    const found = credentialsOf(request);
    if (found?.kind !== "cookie") return;
    this.cache.delete(`cookie ${found.token}`);
    await this.store.removeSession(found.token);
  }

  /** The sessions that a person has, newest first. */
  of(person: PersonActor): Promise<readonly UsedSession[]> {
    return this.store.sessionsOf({ id: person.id }, this.idleMs);
  }

  /** Ends all sessions of a person: at once here, within two seconds in other servers. Answers how many there were. */
  async closeAll(person: PersonActor): Promise<number> {
    const ended = await this.store.endSessionsOf({ id: person.id });
    for (const [name, { found }] of this.cache)
      if (found.actor.kind === "person" && found.actor.id === person.id) this.cache.delete(name);
    return ended;
  }

  private async findClient(token: string): Promise<SignedIn | undefined> {
    const client = await this.store.findClient(token);
    if (client === undefined) return undefined;
    const scopes = parseScopes(client.scope);
    if (scopes === undefined) return undefined; // a scope that cannot be understood opens nothing
    const actor: Actor = {
      kind: "client",
      name: client.client,
      scopes,
      careProvider: client.careProvider,
      careUnit: client.careUnit,
    };
    return { actor, token, expires: client.expires };
  }

  /** An application in the name of a person, as long as the session lasts in which the person allowed it. */
  private async findApp(token: string): Promise<SignedIn | undefined> {
    const found = await this.store.oauth.appToken(token, new Date(this.clock().getTime() - this.idleMs));
    if (found === undefined || (found.actor as Actor).kind !== "person") return undefined;
    const scopes = appScopesOf(found.scope);
    if ("refusal" in scopes) return undefined;
    const { authenticated: _proof, ...person } = found.actor as StoredPerson;
    const standing = await this.standings.now(person);
    const { client, consent, expires } = found;
    const app = { client, name: found.app.name, scopes: scopes.resources, patient: consent.patient };
    return { actor: { ...(standing ?? person), app }, token, expires, hasEnded: standing === undefined };
  }

  private async findPerson(token: string, isUse: boolean): Promise<SignedIn | undefined> {
    const session = await this.store.findSession(token, this.idleMs);
    if (session === undefined || (session.actor as Actor).kind !== "person") return undefined;
    const { authenticated, ...person } = session.actor as StoredPerson;
    const [now, used] = [this.clock().getTime(), Date.parse(session.used)];
    const isNoted = isUse && now - used >= MINUTE_MS;
    if (isNoted) await this.store.touchSession(token, MINUTE_MS);
    const idleEnds = (isNoted ? now : used) + this.idleMs;
    const ends = new Date(Math.min(idleEnds, Date.parse(session.expires))).toISOString();
    const standing = await this.standings.now(person);
    return { actor: standing ?? person, token, expires: ends, authenticated, hasEnded: standing === undefined };
  }
}

function credentialsOf(
  request: FastifyRequest,
): { readonly kind: "bearer" | "cookie"; readonly token: string } | undefined {
  const bearer = /^Bearer ([A-Za-z0-9_\-.~+/=]{20,4096})$/i.exec(request.headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return { kind: "bearer", token: bearer };
  if (request.headers.authorization !== undefined) return undefined;
  const cookie = COOKIE.exec(request.headers.cookie ?? "")?.[1];
  return cookie === undefined ? undefined : { kind: "cookie", token: cookie };
}
