/**
 * The addresses of the authorization server: where an application sends a person; token, introspection and revocation, each by a
 * form; and the documents in which clients find them.
 *
 * SPEC HTTP-OAUTH · RFC 6749, 7662, 7009 · https://hl7.org/fhir/smart-app-launch/conformance.html
 */
import type { FastifyReply } from "fastify";
import { fhirError } from "../../fhir/index.ts";
import type { HttpOptions } from "../options.ts";
import { sendJson } from "../reply.ts";
import { noteEvent } from "../security-events.ts";
import { route, type Exchange, type Route } from "../route.ts";
import {
  addressesOf,
  AUTHORIZATION_PATH,
  INTROSPECTION_PATH,
  JWKS_PATH,
  REVOCATION_PATH,
  TOKEN_PATH,
} from "./addresses.ts";
import { appAnswer } from "./app-answer.ts";
import { ask, type Answered } from "./ask.ts";
import { faultOf, partsOf } from "./assertion.ts";
import { RateLimit } from "./rate-limit.ts";
import { oauthServer } from "./server.ts";
import { smartConfigurationOf } from "./smart.ts";

/** Calls a minute that one client may make from one address, in each process. */
const MOST_A_MINUTE = 60;
const PASSED_ON = ["content-type", "cache-control", "pragma", "www-authenticate", "location"];

/** What browsers fetch in a minute from one address: a hospital may have but one. */
const MOST_FETCHED = 300;

type Limits = { readonly calls: RateLimit; readonly fetches: RateLimit };
const limits = new WeakMap<HttpOptions, Limits>();

export const OAUTH_ROUTES: readonly Route[] = [
  ...["/oauth/.well-known/openid-configuration", JWKS_PATH, AUTHORIZATION_PATH, `${AUTHORIZATION_PATH}/:uid`].map(
    (path) => route({ method: "GET", path, rule: "public", run: (exchange) => passOn(exchange) }),
  ),
  ...[TOKEN_PATH, INTROSPECTION_PATH, REVOCATION_PATH].map((path) =>
    route({ method: "POST", path, rule: "public", run: (exchange) => answer(exchange, path) }),
  ),
  ...["/.well-known/smart-configuration", "/fhir/R4/.well-known/smart-configuration"].map((path) =>
    route({
      method: "GET",
      path,
      rule: "public",
      run: async ({ reply, options }) => sendJson(reply, 200, smartConfigurationOf(options)),
    }),
  ),
];

/** What a browser or an application fetches: the library's own answer. */
async function passOn(exchange: Exchange<"public">): Promise<unknown> {
  const { request, reply, options, sessions } = exchange;
  if (!limitsOf(options).fetches.allows(request.ip, options.journal.clock()))
    throw fhirError("TOO_MANY_REQUESTS", "60");
  const provider = await oauthServer(options, sessions);
  const { cookie } = request.headers;
  const path = (request.raw.url ?? "").slice("/oauth".length);
  const answered = await ask(provider, { method: "GET", path, headers: { cookie }, body: Buffer.alloc(0) });
  for (const one of answered.cookies) void reply.header("set-cookie", one);
  return sendAnswered(reply, answered).send(answered.text);
}

async function answer(exchange: Exchange<"public">, path: string): Promise<unknown> {
  const { request, reply, options, sessions } = exchange;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const form = formOf(body);
  if (!limitsOf(options).calls.allows(`${request.ip} ${form.client}`, options.journal.clock())) {
    noteEvent(options, request, "too many calls");
    reply.header("retry-after", "60");
    return sendJson(reply, 429, {
      error: "temporarily_unavailable",
      error_description: `more than ${MOST_A_MINUTE} calls in a minute`,
    });
  }
  const { authorization, "content-type": type } = request.headers;
  const headers = { accept: "application/json", "content-type": type, authorization };
  const provider = await oauthServer(options, sessions);
  const answered = await ask(provider, { path: path.slice("/oauth".length), headers, body });
  sendAnswered(reply, answered).header("cache-control", "no-store");
  const { assertion } = form;
  if (answered.status >= 400) noteEvent(options, request, "client refused", { status: answered.status });
  if (answered.status === 200)
    return reply.send(await appAnswer(options, sessions, { provider, path, text: answered.text, token: form.token }));
  if (answered.status !== 401 || assertion === "") return reply.send(answered.text);
  const { issuer, token } = addressesOf(options.journal);
  const why = faultOf(assertion, Math.floor(Date.now() / 1000), [token, issuer, issuer + path.slice("/oauth".length)]);
  return sendJson(reply, 401, { error: "invalid_client", error_description: why });
}

function sendAnswered(reply: FastifyReply, { status, header }: Answered): FastifyReply {
  for (const name of PASSED_ON) {
    const value = header(name);
    if (value !== undefined) reply.header(name, value);
  }
  return reply.code(status);
}

function limitsOf(options: HttpOptions): Limits {
  const known = limits.get(options) ?? { calls: new RateLimit(MOST_A_MINUTE), fetches: new RateLimit(MOST_FETCHED) };
  limits.set(options, known);
  return known;
}

/** Who the form says that it is from. Nothing is believed for it: it only says whose calls are counted. */
function formOf(body: Buffer): { readonly assertion: string; readonly client: string; readonly token: string } {
  const form = new URLSearchParams(body.toString("utf8"));
  const assertion = form.get("client_assertion") ?? "";
  const subject = partsOf(assertion)?.claims["sub"] ?? form.get("client_id");
  return { assertion, client: typeof subject === "string" ? subject.slice(0, 64) : "", token: form.get("token") ?? "" };
}
