/**
 * The authorization server for machine clients (SMART Backend Services): oidc-provider with everything turned off but what
 * is announced. A client proves itself with an assertion that it has signed; what it gets is an opaque token for five minutes.
 * Nothing here is signed by this server, so it keeps no signing key.
 *
 * SPEC HTTP-OAUTH · https://hl7.org/fhir/smart-app-launch/backend-services.html · RFC 7523, 7662, 7009
 */
import { generateKeyPairSync } from "node:crypto";
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type Provider from "oidc-provider";
import type {
  Client,
  ClientCredentials,
  Configuration,
  JWK,
  errors as Errors,
  TokenEndpointGrantContext,
} from "oidc-provider";
import type { Store } from "../../store/index.ts";
import { adapterOf } from "./adapter.ts";
import { ALGORITHMS, looseness, TOLERANCE_SECONDS } from "./assertion.ts";
import { noteFault } from "./ask.ts";
import { loadLibrary } from "./load.ts";
import { areCovered, systemScopesOf } from "./scopes.ts";

/** How long an access token holds, as SMART recommends. */
const TOKEN_SECONDS = 300;

type Kept = Store["oauth"];

/** Makes the server for the issuer. Its routes are below the issuer's address. */
export async function authorizationServer(issuer: string, kept: Kept): Promise<Provider> {
  const { Provider: Made, errors } = await loadLibrary();
  const provider = new Made(issuer, configurationOf(kept, errors));
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
    jwks: { keys: [unusedKey()] },
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    clientAuthMethods: ["private_key_jwt"],
    enabledJWA: { clientAuthSigningAlgValues: [...ALGORITHMS] },
    clockTolerance: TOLERANCE_SECONDS,
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header) => {
      const fault = looseness(header, claims, Math.floor(Date.now() / 1000));
      if (fault !== undefined) throw new errors.InvalidClientAuth(fault);
    },
    routes: { token: "/token", introspection: "/introspect", revocation: "/revoke" },
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
      resourceIndicators: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
    },
  };
}

/** The library wants a key to sign identity tokens with. No client can get one: the key signs nothing and is kept nowhere. */
function unusedKey(): JWK {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
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
