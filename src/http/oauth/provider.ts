/**
 * The authorization server: oidc-provider with everything turned off but what is announced. A machine client proves itself with
 * an assertion that it has signed (SMART Backend Services); what it gets is an opaque token for five minutes. What applications
 * of people get is in `apps.ts`.
 *
 * SPEC HTTP-OAUTH · https://hl7.org/fhir/smart-app-launch/backend-services.html · RFC 7523, 7662, 7009
 */
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type Provider from "oidc-provider";
import type {
  Client,
  ClientCredentials,
  Configuration,
  errors as Errors,
  TokenEndpointGrantContext,
} from "oidc-provider";
import type { Store } from "../../store/index.ts";
import type { HttpOptions } from "../options.ts";
import { adapterOf } from "./adapter.ts";
import { addressesOf } from "./addresses.ts";
import { appConfiguration, signingKeyOf } from "./apps.ts";
import { ALGORITHMS, looseness, TOLERANCE_SECONDS } from "./assertion.ts";
import { noteFault } from "./ask.ts";
import { loadLibrary } from "./load.ts";
import { areCovered, systemScopesOf } from "./scopes.ts";

/** How long an access token holds, as SMART recommends. */
const TOKEN_SECONDS = 300;

type Kept = Store["oauth"];

/** Makes the server. `idleMs`: after so long without use a session has ended. Its routes are below the issuer's address. */
export async function authorizationServer(options: HttpOptions, idleMs: number): Promise<Provider> {
  const { Provider: Made, errors } = await loadLibrary();
  const kept = options.journal.store.oauth;
  const { issuer } = addressesOf(options.journal);
  const [own, apps] = [configurationOf(kept, errors), appConfiguration(options, idleMs, errors)];
  const provider = new Made(issuer, {
    ...apps,
    ...own,
    jwks: { keys: [signingKeyOf(options)] },
    ttl: { ...apps.ttl, ...own.ttl },
    features: { ...apps.features, ...own.features } as Configuration["features"],
  });
  provider.registerGrantType("client_credentials", (ctx) => grant(ctx, kept, errors), ["scope"]);
  provider.on("server_error", (ctx, error) => noteFault(ctx.req, error));
  const events: EventEmitter = provider; // the library's types leave out what the frame below it says
  events.on("error", (error: unknown, ctx?: { readonly req: IncomingMessage }) => noteFault(ctx?.req, error));
  return provider;
}

function configurationOf(kept: Kept, errors: typeof Errors): Configuration {
  const off = { enabled: false } as const;
  const isOwn = (_ctx: unknown, client: Client, token: { readonly clientId?: string | undefined }): boolean =>
    token.clientId === client.clientId;
  return {
    adapter: (kind: string) => adapterOf(kept, kind, errors),
    clientAuthMethods: ["private_key_jwt", "none"],
    enabledJWA: { clientAuthSigningAlgValues: [...ALGORITHMS] },
    clockTolerance: TOLERANCE_SECONDS,
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header) => {
      const fault = looseness(header, claims, Math.floor(Date.now() / 1000));
      if (fault !== undefined) throw new errors.InvalidClientAuth(fault);
    },
    routes: {
      authorization: "/authorize",
      token: "/token",
      introspection: "/introspect",
      revocation: "/revoke",
      jwks: "/jwks",
    },
    ttl: { ClientCredentials: TOKEN_SECONDS },
    features: {
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (ctx, client, token) =>
          isOwn(ctx, client, token) || (await kept.client(client.clientId))?.introspects === true,
      },
      revocation: { enabled: true, allowedPolicy: isOwn },
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
    },
  };
}

/** Hands out a token with exactly the scopes that were asked for, or none. */
async function grant(ctx: TokenEndpointGrantContext, kept: Kept, errors: typeof Errors): Promise<void> {
  const { client, params, provider } = ctx.oidc;
  const asked = systemScopesOf(typeof params["scope"] === "string" ? params["scope"] : "");
  if ("refusal" in asked) throw new errors.CustomOIDCProviderError("invalid_scope", asked.refusal);
  const registered = systemScopesOf((await kept.client(client.clientId))?.scope ?? "");
  if ("refusal" in registered || !areCovered(asked.scopes, registered.scopes))
    throw new errors.CustomOIDCProviderError("invalid_scope", "the client is not registered for all of the scope");
  const scope = String(params["scope"])
    .split(" ")
    .filter((part) => part !== "")
    .join(" ");
  const token: ClientCredentials = new provider.ClientCredentials({ client, scope });
  ctx.oidc.entity("ClientCredentials", token);
  const value = await token.save();
  ctx.body = { access_token: value, token_type: "Bearer", expires_in: TOKEN_SECONDS, scope };
}
