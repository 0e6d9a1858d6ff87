/**
 * The server: registers every declared route behind its rule, turns every failure into an OperationOutcome, and sets
 * the headers that keep a browser from doing what nobody asked for.
 *
 * SPEC HTTP-SERVER
 */
import { randomUUID } from "node:crypto";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { FhirError, fhirError } from "../fhir/index.ts";
import { actorAtDoor, refuseVisit, type Visit } from "../journal/index.ts";
import { compress } from "./compress.ts";
import { guardCookies } from "./cookie-names.ts";
import { allowOrigin, answerPreflight, isPreflight } from "./cors.ts";
import { NDJSON_TYPES } from "./fhir/operations/import.ts";
import { FHIR_JSON, header } from "./headers.ts";
import { doLater, isForLater } from "./later.ts";
import { RateLimit } from "./oauth/rate-limit.ts";
import type { HttpOptions } from "./options.ts";
import { browserHeaders, isHttps } from "./browser-headers.ts";
import { answerBadAddress, answerBrokenConnection } from "./broken.ts";
import { untilSetMoment } from "./set-moments.ts";
import { allowedAt } from "./allowed.ts";
import { sendError } from "./reply.ts";
import { tellRequestId } from "./request-id.ts";
import { pathParameter, type Route } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { noteBroken, noteEvent, tellEvents } from "./security-events.ts";
import type { Sessions } from "./session.ts";
import { serveWeb } from "./web.ts";

/** Largest body, in bytes: a transaction of 10,000 entries fits. */
const BODY_LIMIT = 64 * 1024 * 1024;
/** Largest body of the web application's own calls and of the forms of the authorization server. */
const SMALL_BODY_LIMIT = 64 * 1024;

export type Log = (level: "info" | "error", message: string, about: Readonly<Record<string, unknown>>) => void;

/** Builds the server without listening. `log` gets no patient data and no tokens. */
export function buildServer(options: HttpOptions, sessions: Sessions, log: Log): FastifyInstance {
  const headers = browserHeaders(options);
  tellEvents(options, log);
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    trustProxy:
      options.trustedProxies === undefined || options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true, caseSensitive: true },
    requestTimeout: 300_000,
    exposeHeadRoutes: true,
    frameworkErrors: (_error, _request, reply) => answerBadAddress(reply.raw, headers),
    clientErrorHandler: (error, socket) => {
      if (error.code !== "ECONNRESET") noteBroken(options, socket.remoteAddress, error.code);
      answerBrokenConnection(error, socket, headers);
    },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    allowOrigin(request, reply);
    tellRequestId(request, reply);
  });
  server.addHook("onSend", compress);
  if (isHttps(options)) guardCookies(server);
  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, { request, reply, options, log }));
  server.setNotFoundHandler((request, reply) => {
    const allowed = allowedAt(request);
    if (allowed.length > 0 && isPreflight(request)) return answerPreflight(reply, allowed);
    if (allowed.length === 0) return serveWeb(options.webRoot, request, reply);
    reply.header("allow", allowed.join(", "));
    throw fhirError("METHOD_NOT_ALLOWED", request.method);
  });
  for (const one of ROUTES) {
    if (one.streams !== true) register(server, one, options, sessions);
    else
      void server.register(async (scope) => {
        scope.addContentTypeParser([...NDJSON_TYPES], (_request, body, done) => done(null, body));
        register(scope, one, options, sessions);
      });
  }
  return server;
}

function register(server: FastifyInstance, one: Route, options: HttpOptions, sessions: Sessions): void {
  const visits = new WeakMap<FastifyRequest, Visit>();
  const came = new WeakMap<FastifyRequest, number>();
  server.route({
    method: one.method,
    url: one.path,
    bodyLimit: isSmall(one.path) ? SMALL_BODY_LIMIT : BODY_LIMIT,
    onSend: async (request, reply) => {
      const visit = visits.get(request);
      const since = came.get(request);
      // What is read by its name and shown has nothing hidden in it.
      const isShown = one.interaction === "read" && reply.statusCode === 200;
      if (since === undefined || isShown || visit?.actor.kind === "client" || visit?.isUnguarded === true) return;
      await untilSetMoment(since);
    },
    // Who calls is settled before a byte of the body is read.
    onRequest: async (request) => {
      if (one.rule === "public") return;
      came.set(request, performance.now());
      visits.set(request, await visitOf(one, request, options, sessions));
    },
    handler: (request, reply) => {
      const exchange = { request, reply, options, sessions, visit: visits.get(request) };
      const { visit } = exchange;
      return visit !== undefined && isForLater(exchange, one) ? doLater({ ...exchange, visit }) : one.run(exchange);
    },
  });
}

async function visitOf(one: Route, request: FastifyRequest, options: HttpOptions, sessions: Sessions): Promise<Visit> {
  if (one.rule === "patient") return patientVisitOf(one, request, options, sessions);
  const { actor, hasEnded } = await sessions.identify(request);
  if (actor.kind === "person") refuseTooMany(options, actor.id);
  const visit: Visit = { ...options.journal, actor, request: request.id };
  const asked = `${one.method} ${one.path}`;
  if (hasEnded === true) return refuseVisit(visit, asked, "Medarbetaruppdraget gäller inte längre. Logga in igen.");
  if (actor.kind === "person" && actor.app !== undefined)
    return isForApps(one) ? visit : refuseVisit(visit, asked, NOT_FOR_APPS);
  if (one.rule === "person" && actor.kind !== "person")
    return refuseVisit(visit, asked, "Bara personer med medarbetaruppdrag får göra det här.");
  if (actor.kind === "person" && isFromElsewhere(request))
    return refuseVisit(visit, asked, "Anropet kommer inte från Eiras egen sida.");
  return visit;
}

const NOT_FOR_APPS =
  "En app som en person använder når vårdens uppgifter genom FHIR, och inget annat i personens namn.";
const OPERATIONS_FOR_APPS: ReadonlySet<string> = new Set([
  "everything",
  "expand",
  "graphql",
  "lastn",
  "lookup",
  "subsumes",
  "translate",
  "validate-code",
]);

/** What an application may call in a person's name: FHIR's interactions, and operations that hold to its scopes. */
function isForApps({ rule, interaction, operation }: Route): boolean {
  return rule === "actor" && (interaction !== undefined || OPERATIONS_FOR_APPS.has(operation?.name ?? ""));
}

/** At the patient's own door: with the facts of this moment about the patient in the address, or about the caller. */
async function patientVisitOf(
  one: Route,
  request: FastifyRequest,
  options: HttpOptions,
  { patients }: Sessions,
): Promise<Visit> {
  const { journal } = options;
  const { who } = await patients.identify(request);
  refuseTooMany(options, who.id);
  const actor = await actorAtDoor(journal, who, pathParameter(request, "patient") || who.id);
  const visit: Visit = { ...journal, actor, request: request.id };
  if (isFromElsewhere(request))
    return refuseVisit(visit, `${one.method} ${one.path}`, "Anropet kommer inte från Eiras egen sida.");
  return visit;
}

const callLimits = new WeakMap<HttpOptions, RateLimit>();

/** A screen makes some ten calls; whoever makes thousands in a minute is a program that collects. Errors: TOO_MANY_REQUESTS. */
function refuseTooMany(options: HttpOptions, person: string): void {
  if (options.callsAMinute === undefined) return;
  const limit = callLimits.get(options) ?? new RateLimit(options.callsAMinute);
  callLimits.set(options, limit);
  if (!limit.allows(person, options.journal.clock())) throw fhirError("TOO_MANY_REQUESTS", "60");
}

/** What whoever tries out the server gets for what no client of ours sends. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([400, 405, 413, 415]);

/** A sender loses words on the way here, or sends none. */
const WORDS_REFUSED: ReadonlySet<string> = new Set(["WORDS_DIFFER", "ANSWER_EMPTY"]);

type Failing = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly options: HttpOptions;
  readonly log: Log;
};

function answerError(error: FastifyError | FhirError, { request, reply, options, log }: Failing): FastifyReply {
  const told = refusedMethod(translate(error, request), request, reply);
  if (told.status >= 500) {
    // The name and the stack's places only: a message may quote what was written.
    log("error", "request failed", {
      incident: request.id,
      route: request.routeOptions.url,
      method: request.method,
      code: told.code,
      error: error.name,
      at: placesOf(error),
    });
  }
  const { authorization, cookie } = request.headers;
  const isTried = authorization !== undefined || cookie !== undefined;
  if (told.status === 401 && isTried) noteEvent(options, request, "credentials refused");
  if (told.status === 403 && authorization === undefined && isFromElsewhere(request))
    noteEvent(options, request, "call from another site refused");
  if (told.status === 429) noteEvent(options, request, "too many calls");
  if (WORDS_REFUSED.has(told.code)) noteEvent(options, request, "words not as sealed", { code: told.code });
  if (NOT_UNDERSTOOD.has(told.status)) noteEvent(options, request, "request not understood", { code: told.code });
  if (told.code === "UNAUTHENTICATED") reply.header("www-authenticate", 'Bearer realm="Eira"');
  if (told.status === 429 || told.status === 503) reply.header("retry-after", "2");
  return sendError(request, reply, told);
}

/** A changing call without what Eira's own pages send along: a form on another site can send cookies, but not this header. */
function isFromElsewhere(request: FastifyRequest): boolean {
  return !["GET", "HEAD"].includes(request.method) && header(request, "x-eira") !== "1";
}

function translate(error: FastifyError | FhirError, { id, routeOptions }: FastifyRequest): FhirError {
  if (error instanceof FhirError) return error;
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return fhirError("BODY_TOO_LARGE", `${(routeOptions.bodyLimit ?? BODY_LIMIT) / 1024} kB`);
  if (error.statusCode === 415) return fhirError("CONTENT_TYPE", FHIR_JSON);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return fhirError("REQUEST_MALFORMED");
  return fhirError("INTERNAL", id);
}

/** `PUT metadata` has the form of an update by criteria, but what stands there is no type: it is a method too many. */
function refusedMethod(told: FhirError, request: FastifyRequest, reply: FastifyReply): FhirError {
  if (told.code !== "TYPE_UNKNOWN") return told;
  const allowed = allowedAt(request);
  if (allowed.includes(request.method)) return told;
  reply.header("allow", allowed.join(", "));
  return fhirError("METHOD_NOT_ALLOWED", request.method);
}

function placesOf(error: Error): string {
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .join(" | ");
}

/** A source of the directory is as large as a region; nothing else that the application sends is. */
function isSmall(path: string): boolean {
  return /^\/(?:api|oauth|demo-idp)\//.test(path) && !/^\/api\/directory\/(?:preview|apply)$/.test(path);
}
