/**
 * One of the demonstration's identity providers: oidc-provider with what Eira needs of a real one and nothing else. Whoever is
 * chosen on its page is who they are said to be.
 *
 * SPEC HTTP-DEMO-IDENTITY
 */
import { generateKeyPairSync } from "node:crypto";
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type Provider from "oidc-provider";
import type { Configuration } from "oidc-provider";
import { adapterOf } from "../oauth/adapter.ts";
import { noteFault } from "../oauth/ask.ts";
import { loadLibrary } from "../oauth/load.ts";
import type { HttpOptions } from "../options.ts";
import type { IdentityProvider } from "../sign-in/identity-provider.ts";
import { DEMO_PATH, rootOf } from "./issuers.ts";

const SECONDS = 600;
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
/** Only this process signs with it, and only this process believes it. */
const KEY = { ...privateKey.export({ format: "jwk" }), kid: "demonstration", use: "sig", alg: "ES256" };

/** Makes the provider that Eira is to believe as `trusted` says. */
export async function demonstrationIssuer(options: HttpOptions, trusted: IdentityProvider): Promise<Provider> {
  const { Provider: Made, errors } = await loadLibrary();
  const { oauth } = options.journal.store;
  const provider = new Made(trusted.issuer, {
    ...configurationOf(options, trusted),
    adapter: (kind: string) => adapterOf(oauth, kind, errors, `${trusted.id}:`),
  });
  provider.on("server_error", (ctx, error) => noteFault(ctx.req, error));
  const events: EventEmitter = provider;
  events.on("error", (error: unknown, ctx?: { readonly req: IncomingMessage }) => noteFault(ctx?.req, error));
  return provider;
}

function configurationOf(options: HttpOptions, { id, claim, acr, clientId, proof }: IdentityProvider): Configuration {
  const off = { enabled: false } as const;
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: proof.kind === "secret" ? proof.secret : "",
        redirect_uris: [`${rootOf(options)}/api/sign-in/callback/${id}`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_basic",
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [KEY] },
    clientAuthMethods: ["client_secret_basic"],
    acrValues: [...acr],
    claims: { openid: ["sub", claim], acr: null, auth_time: null, iss: null },
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, [claim]: sub }) }),
    loadExistingGrant: async ({ oidc }) => {
      const { accountId } = oidc.session ?? {};
      const { clientId: of } = oidc.client ?? {};
      if (accountId === undefined || of === undefined) return undefined;
      const grant = new oidc.provider.Grant({ accountId, clientId: of });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
    expiresWithSession: async () => false, // there is no session: each sign-in stands for itself
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `${DEMO_PATH}/${id}/choose/${uid}` },
    cookies: {
      names: { session: `demo_${id}`, interaction: `demo_${id}_choice`, resume: `demo_${id}_resume` },
      short: { path: "/", sameSite: "lax", httpOnly: true, signed: false },
      long: { sameSite: "lax", httpOnly: true, signed: false },
    },
    renderError: (ctx, out) => {
      ctx.type = "json";
      ctx.body = JSON.stringify(out);
    },
    routes: { authorization: "/auth", token: "/token", jwks: "/jwks" },
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: SECONDS,
      IdToken: 300,
      Interaction: SECONDS,
      Session: SECONDS,
    },
    features: {
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      resourceIndicators: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
    },
  };
}
