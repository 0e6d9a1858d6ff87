/**
 * Applications that a person uses (SMART App Launch), as the authorization server is set up for them: code flow with PKCE, a
 * token for the FHIR base that stands on the person's own session, and an identity token that tells who the person is.
 *
 * SPEC HTTP-APP · https://hl7.org/fhir/smart-app-launch/app-launch.html
 */
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Configuration, JWK, KoaContextWithOIDC, errors as Errors } from "oidc-provider";
import { CONSENT, type AppConsent, type Store } from "../../store/index.ts";
import type { HttpOptions } from "../options.ts";
import { addressesOf } from "./addresses.ts";
import { appScopesOf, isCoveredByApp, WORDS } from "./app-scopes.ts";

/** Where the person is asked, in the web application. */
export const CONSENT_PATH = "/app";
/** How long a token holds; a refresh token lasts as long as the session. */
export const APP_TOKEN_SECONDS = 300;
const REFRESH_SECONDS = 24 * 3600;
const CODE_SECONDS = 60;
const ASKED_SECONDS = 600;

type Kept = Store["oauth"];

/** What the library's configuration has more for applications. `idleMs`: after so long without use a session has ended. */
export function appConfiguration(options: HttpOptions, idleMs: number, errors: typeof Errors): Configuration {
  const { base } = addressesOf(options.journal);
  const kept = options.journal.store.oauth;
  const refuse = (why: string): never => {
    throw new errors.CustomOIDCProviderError("invalid_scope", why);
  };
  const isOver = async (grant: string): Promise<boolean> => (await personOfGrant(options, idleMs, grant)) === undefined;
  return {
    scopes: [...WORDS],
    extraParams: ["aud", "launch"],
    claims: { openid: ["sub"], fhirUser: ["fhirUser"], acr: null, auth_time: null, iss: null },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    expiresWithSession: async () => false, // Eira's own session is looked at wherever a token is
    findAccount: async (_ctx, person, token) => {
      // What was handed out is good as long as the session in which it was allowed.
      if (token?.grantId !== undefined && (await isOver(token.grantId))) return undefined;
      return { accountId: person, claims: () => ({ sub: person, fhirUser: `${base}/Practitioner/${person}` }) };
    },
    loadExistingGrant: async ({ oidc }) => {
      const granted = oidc.result?.consent?.grantId;
      return granted === undefined ? undefined : oidc.provider.Grant.find(granted);
    },
    issueRefreshToken: async (_ctx, _client, code) => code.scopes.has("online_access"),
    rotateRefreshToken: true,
    interactions: { url: (_ctx, { uid }) => `${CONSENT_PATH}/${uid}` },
    cookies: {
      names: { session: "eira_oauth", interaction: "eira_oauth_asked", resume: "eira_oauth_resume" },
      short: { sameSite: "lax", httpOnly: true, signed: false },
      long: { sameSite: "lax", httpOnly: true, signed: false },
    },
    renderError: (ctx, out) => {
      ctx.type = "text";
      ctx.body = `Appens begäran kunde inte tas emot: ${out.error}${out.error_description === undefined ? "" : ` (${out.error_description})`}`;
    },
    ttl: {
      AccessToken: APP_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      RefreshToken: REFRESH_SECONDS,
      Grant: REFRESH_SECONDS,
      IdToken: APP_TOKEN_SECONDS,
      Interaction: ASKED_SECONDS,
      Session: ASKED_SECONDS,
    },
    features: {
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => base,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (ctx, resource) => {
          if (resource !== base) throw new errors.InvalidTarget();
          const scope = await scopeOf(ctx, kept, refuse);
          return { scope, audience: base, accessTokenFormat: "opaque", accessTokenTTL: APP_TOKEN_SECONDS };
        },
      },
    },
  };
}

/** What is asked for of resources, when the application is registered for all of it. Errors: invalid_scope, invalid_target. */
async function scopeOf(ctx: KoaContextWithOIDC, kept: Kept, refuse: (why: string) => never): Promise<string> {
  const { params, entities, client } = ctx.oidc;
  const text = params?.["scope"] ?? entities.AuthorizationCode?.scope ?? entities.RefreshToken?.scope;
  const asked = appScopesOf(typeof text === "string" ? text : "");
  if ("refusal" in asked) return refuse(asked.refusal);
  const registered = appScopesOf((await kept.client(client?.clientId ?? ""))?.scope ?? "");
  if ("refusal" in registered || !isCoveredByApp(asked, registered))
    return refuse("the application is not registered for all of the scope");
  return asked.texts.join(" ");
}

/** Keeps what a person has allowed under the grant's name. */
export async function keepConsent(kept: Kept, grant: string, consent: AppConsent): Promise<void> {
  await kept.save({ kind: CONSENT, key: grant }, consent, REFRESH_SECONDS);
}

/** Whoever allowed it, as long as their session lasts. */
export async function personOfGrant(options: HttpOptions, idleMs: number, grant: string): Promise<unknown> {
  const { oauth } = options.journal.store;
  const consent = (await oauth.find({ kind: CONSENT, key: grant })) as AppConsent | undefined;
  return consent === undefined ? undefined : oauth.sessionNamed(consent.session, since(options, idleMs));
}

/** From when on a session must have been used not to have ended. */
function since({ journal }: HttpOptions, idleMs: number): Date {
  return new Date(journal.clock().getTime() - idleMs);
}

/** The key that signs identity tokens; without one of the installation's own, one that ends with the process. */
export function signingKeyOf({ signingKey }: HttpOptions): JWK {
  const key = signingKey?.() ?? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  return { ...key.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: nameOf(key) };
}

function nameOf(key: KeyObject): string {
  const { n = "" } = createPublicKey(key).export({ format: "jwk" });
  return n.slice(0, 16);
}
