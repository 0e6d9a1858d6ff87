/**
 * The addresses of the authorization server: token, introspection and revocation, each by a form that the client's signed
 * assertion is part of; and the document in which SMART clients find them.
 *
 * SPEC HTTP-OAUTH · RFC 6749, 7662, 7009 · https://hl7.org/fhir/smart-app-launch/conformance.html
 */
import type Provider from "oidc-provider";
import type { HttpOptions } from "../options.ts";
import { sendJson } from "../reply.ts";
import { route, type Exchange, type Route } from "../route.ts";
import { addressesOf, INTROSPECTION_PATH, REVOCATION_PATH, TOKEN_PATH } from "./addresses.ts";
import { ask } from "./ask.ts";
import { faultOf, partsOf } from "./assertion.ts";
import { authorizationServer } from "./provider.ts";
import { RateLimit } from "./rate-limit.ts";
import { smartConfigurationOf } from "./smart.ts";

/** Calls a minute that one client may make from one address, in each process. */
const MOST_A_MINUTE = 60;
const PASSED_ON = ["content-type", "cache-control", "pragma", "www-authenticate"];

type Server = { readonly provider: Promise<Provider>; readonly limit: RateLimit };

const servers = new WeakMap<HttpOptions, Server>();

export const OAUTH_ROUTES: readonly Route[] = [
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

async function answer({ request, reply, options }: Exchange<"public">, path: string): Promise<unknown> {
  const { provider, limit } = serverOf(options);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const form = formOf(body);
  if (!limit.allows(`${request.ip} ${form.client}`, options.journal.clock())) {
    reply.header("retry-after", "60");
    return sendJson(reply, 429, {
      error: "temporarily_unavailable",
      error_description: `more than ${MOST_A_MINUTE} calls in a minute`,
    });
  }
  const { authorization, "content-type": type } = request.headers;
  const headers = { accept: "application/json", "content-type": type, authorization };
  const answered = await ask(await provider, { path: path.slice("/oauth".length), headers, body });
  for (const name of PASSED_ON) {
    const value = answered.header(name);
    if (value !== undefined) reply.header(name, value);
  }
  reply.code(answered.status).header("cache-control", "no-store");
  const { assertion } = form;
  if (answered.status !== 401 || assertion === "") return reply.send(answered.text);
  const { issuer, token } = addressesOf(options.journal);
  const why = faultOf(assertion, Math.floor(Date.now() / 1000), [token, issuer, issuer + path.slice("/oauth".length)]);
  return sendJson(reply, 401, { error: "invalid_client", error_description: why });
}

function serverOf(options: HttpOptions): Server {
  const known = servers.get(options);
  if (known !== undefined) return known;
  const provider = authorizationServer(addressesOf(options.journal).issuer, options.journal.store.oauth);
  const made = { provider, limit: new RateLimit(MOST_A_MINUTE) };
  servers.set(options, made);
  provider.catch(() => servers.delete(options)); // the next one tries again
  return made;
}

/** Who the form says that it is from. Nothing is believed for it: it only says whose calls are counted. */
function formOf(body: Buffer): { readonly assertion: string; readonly client: string } {
  const form = new URLSearchParams(body.toString("utf8"));
  const assertion = form.get("client_assertion") ?? "";
  const subject = partsOf(assertion)?.claims["sub"] ?? form.get("client_id");
  return { assertion, client: typeof subject === "string" ? subject.slice(0, 64) : "" };
}
