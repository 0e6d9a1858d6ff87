/**
 * Signing in at an identity provider: where people are sent, what happens when they come back, and the choice of an assignment.
 * A failure leads back to the sign-in page with a word for it.
 *
 * SPEC HTTP-OIDC
 */
import type { FastifyReply } from "fastify";
import type { PersonActor } from "../../access/index.ts";
import { FhirError, fhirError } from "../../fhir/index.ts";
import { sessionName } from "../../store/index.ts";
import { jsonOf } from "../body.ts";
import type { HttpOptions } from "../options.ts";
import { refuseOtherSites } from "../own-site.ts";
import { queryOf } from "../query.ts";
import { RateLimit } from "../oauth/rate-limit.ts";
import { sendJson } from "../reply.ts";
import { noteEvent } from "../security-events.ts";
import { pathParameter, route, type Exchange } from "../route.ts";
import { sessionCookie } from "../session-cookie.ts";
import type { Authenticated } from "../session.ts";
import { browserOf, keep, look, rememberBrowser, take, type Attempt, type Choice } from "./attempt.ts";
import { SignInFailed } from "./failure.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { partyOf, providersOf } from "./parties.ts";
import { finishPatient } from "./patient.ts";
import type { Proved } from "./relying-party.ts";
import { logSignIn, nameOnScreen, staffOf } from "./staff.ts";

/** Attempts a minute from one address, in each process: a hospital may come from one address when a shift begins. */
const MOST_A_MINUTE = 300;
const PATH = /^\/(?![/\\])[^\\\s]{0,1000}$/;
const CHOICE = "choice";

type Asked = Pick<Exchange<"public">, "request" | "reply" | "options" | "sessions">;

/** The providers, for the buttons. */
export const signInProviders = route({
  method: "GET",
  path: "/api/sign-in/providers",
  rule: "public",
  run: async ({ reply, options }) =>
    sendJson(reply, 200, {
      demonstration: options.demo,
      providers: providersOf(options).map(({ id, name, people }) => ({ id, name, people })),
    }),
});

/** Sends somebody to a provider. */
export const startSignIn = route({
  method: "GET",
  path: "/api/sign-in/start/:provider",
  rule: "public",
  run: async (asked) => {
    const { request, reply, options } = asked;
    refuseTooMany(asked);
    const asks = new Map(queryOf(request));
    const till = tillOf(asks.get("till"));
    const party = partyOf(options, pathParameter(request, "provider"), request.server);
    if (party === undefined) throw fhirError("NOT_FOUND");
    try {
      const again = asks.has("again") ? await ownSession(asked) : undefined;
      const hint = hintOf(asks.get("hint"));
      const { url, secrets } = await party.begin({ hint });
      const browser = browserOf(request);
      const assignment = hintOf(asks.get("assignment"));
      const attempt: Attempt = { ...secrets, provider: party.provider.id, till, assignment, again };
      await keep(options.journal.store, "SignIn", { name: secrets.state, browser }, attempt);
      rememberBrowser(reply, options, browser);
      return await sendTo(reply, url);
    } catch (error) {
      return back(asked, party.provider, { error, till });
    }
  },
});

/** Receives whoever comes back. */
export const finishSignIn = route({
  method: "GET",
  path: "/api/sign-in/callback/:provider",
  rule: "public",
  run: async (asked) => {
    const { request, options } = asked;
    refuseTooMany(asked);
    const party = partyOf(options, pathParameter(request, "provider"), request.server);
    if (party === undefined) throw fhirError("NOT_FOUND");
    const browser = browserOf(request);
    const state = new Map(queryOf(request)).get("state") ?? "";
    const attempt = await take<Attempt>(options.journal.store, "SignIn", { name: state, browser });
    const till = attempt?.till ?? "/";
    try {
      if (attempt?.provider !== party.provider.id) throw new SignInFailed("ogiltig", "no such attempt");
      const url = request.raw.url ?? "";
      const proved = await party.finish(url.slice(url.indexOf("?")), attempt);
      const { id: method, name } = party.provider;
      const at = new Date(options.journal.clock().getTime() - proved.age * 1000).toISOString();
      const authenticated: Authenticated = { method, name, acr: proved.acr, at };
      if (party.provider.people === "patients")
        return await finishPatient(asked, { personalNumber: proved.subject, authenticated, till });
      return await finishStaff(asked, { attempt, proved, authenticated });
    } catch (error) {
      return back(asked, party.provider, { error, till });
    }
  },
});

/** The assignments that whoever has just proved who they are can choose from. */
export const assignmentChoices = route({
  method: "GET",
  path: "/api/sign-in/assignments",
  rule: "public",
  run: async ({ request, reply, options }) => {
    const name = { name: CHOICE, browser: browserOf(request) };
    const choice = (await look(options.journal.store, "SignInChoice", name)) as Choice | undefined;
    const [first] = choice?.people ?? [];
    if (choice === undefined || first === undefined) throw fhirError("UNAUTHENTICATED");
    return sendJson(reply, 200, {
      name: nameOnScreen(first),
      till: choice.till,
      assignments: choice.people.map(({ assignment: { id, unit, provider, role } }) => ({ id, unit, provider, role })),
    });
  },
});

/** Opens the session under the assignment that was chosen. */
export const chooseAssignment = route({
  method: "POST",
  path: "/api/sign-in/assignment",
  rule: "public",
  run: async (asked) => {
    const { request, reply, options } = asked;
    refuseOtherSites(request.headers);
    const { assignment } = jsonOf(request);
    const name = { name: CHOICE, browser: browserOf(request) };
    const offered = (await look(options.journal.store, "SignInChoice", name)) as Choice | undefined;
    const actor = offered?.people.find((one) => one.assignment.id === assignment);
    if (offered === undefined) throw fhirError("UNAUTHENTICATED");
    if (actor === undefined) throw fhirError("NOT_FOUND");
    // Of two that choose at once one is signed in.
    if ((await take(options.journal.store, "SignInChoice", name)) === undefined) throw fhirError("UNAUTHENTICATED");
    await openSession(asked, actor, offered.authenticated);
    return reply.code(204).send();
  },
});

export const SIGN_IN_ROUTES = [signInProviders, startSignIn, finishSignIn, assignmentChoices, chooseAssignment];

type Coming = { readonly attempt: Attempt; readonly proved: Proved; readonly authenticated: Authenticated };

async function finishStaff(asked: Asked, { attempt, proved, authenticated }: Coming): Promise<FastifyReply> {
  const { request, reply, options, sessions } = asked;
  const party = partyOf(options, attempt.provider, request.server);
  if (party === undefined) throw fhirError("NOT_FOUND");
  const { actors } = await staffOf(options, { provider: party.provider, subject: proved.subject, request: request.id });
  if (attempt.again !== undefined) {
    const { session, person } = attempt.again;
    if (!actors.some(({ id }) => id === person)) throw new SignInFailed("annan-person", "somebody else");
    const token = await sessions.renew(session, authenticated);
    if (token === undefined) throw new SignInFailed("ogiltig", "the session has ended");
    void reply.header("set-cookie", sessionCookie(options, token, sessions.lifetime));
    return sendTo(reply, attempt.till);
  }
  const only = actors.length === 1 ? actors[0] : actors.find(({ assignment }) => assignment.id === attempt.assignment);
  if (only !== undefined) {
    await openSession(asked, only, authenticated);
    return sendTo(reply, attempt.till);
  }
  const name = { name: CHOICE, browser: browserOf(request) };
  const { store } = options.journal;
  await take(store, "SignInChoice", name); // whoever stood at the choice before
  await keep(store, "SignInChoice", name, { people: actors, authenticated, till: attempt.till });
  return sendTo(reply, `/logga-in/uppdrag?till=${encodeURIComponent(attempt.till)}`);
}

/** Opens the session, in the place of another one that the browser had. */
async function openSession(
  { request, reply, options, sessions }: Asked,
  actor: PersonActor,
  authenticated: Authenticated,
): Promise<void> {
  await logSignIn(options, actor, { provider: { id: authenticated.method }, request: request.id });
  await sessions.close(request);
  const { token } = await sessions.open(actor, authenticated);
  void reply.header("set-cookie", sessionCookie(options, token, sessions.lifetime));
}

/** The session whose person is to prove that it is still they. Errors: SignInFailed when nobody is signed in. */
async function ownSession({ request, sessions }: Asked): Promise<NonNullable<Attempt["again"]>> {
  const found = await sessions.identify(request).catch((error: unknown) => {
    if (error instanceof FhirError && error.code === "UNAUTHENTICATED") return undefined;
    throw error;
  });
  if (found?.actor.kind !== "person") throw new SignInFailed("ogiltig", "nobody is signed in");
  return { session: sessionName(found.token), person: found.actor.id };
}

function tillOf(text: string | undefined): string {
  return text !== undefined && PATH.test(text) && !/^\/(?:api|logga-in)(?:[/?#]|$)/.test(text) ? text : "/";
}

function hintOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9.-]{1,64}$/.test(text) ? text : undefined;
}

function signInPath(people: "staff" | "patients"): string {
  return people === "patients" ? "/portal/logga-in" : "/logga-in";
}

function back(
  { request, reply, options }: Asked,
  { id, people }: IdentityProvider,
  { error, till }: { readonly error: unknown; readonly till: string },
): FastifyReply {
  // Anything else is a fault of ours, and told as one.
  if (!(error instanceof SignInFailed)) throw error;
  noteEvent(options, request, "sign-in failed", { provider: id, failure: error.failure });
  return sendTo(
    reply,
    `${signInPath(people)}?fel=${error.failure}${till === "/" ? "" : `&till=${encodeURIComponent(till)}`}`,
  );
}

function sendTo(reply: FastifyReply, address: string): FastifyReply {
  return reply.header("cache-control", "no-store").redirect(address, 302);
}

const limits = new WeakMap<HttpOptions, RateLimit>();

function refuseTooMany({ request, options }: Asked): void {
  const limit = limits.get(options) ?? new RateLimit(MOST_A_MINUTE);
  limits.set(options, limit);
  if (!limit.allows(request.ip, options.journal.clock())) throw fhirError("TOO_MANY_REQUESTS", "60");
}
