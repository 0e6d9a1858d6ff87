/**
 * Eira as the relying party of one identity provider: where people are sent, and what is believed of those who come back.
 * Code flow with PKCE, state and nonce; the identity token's signature, issuer, audience, age and level of assurance are
 * looked at. Nothing is asked of any other origin than the provider's, and nothing is waited for longer than five seconds.
 *
 * SPEC HTTP-OIDC · OpenID Connect Core 1.0, RFC 7636, RFC 9207
 */
import type * as Client from "openid-client";
import type { ClientProof, IdentityProvider } from "./identity-provider.ts";
import { SignInFailed, failureOf } from "./failure.ts";
import { isLoopback } from "./loopback.ts";

/** What the identity provider says of somebody, believed. */
export type Proved = {
  readonly subject: string;
  readonly acr: string;
  /** How long ago they proved who they are, in seconds. */
  readonly age: number;
};

/** What must be remembered between sending somebody away and their coming back. */
export type Secrets = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** When they were sent away, in seconds: they are to have proved who they are after it. */
  readonly begun: number;
};

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

const TIMEOUT_SECONDS = 5;
const TOLERANCE_SECONDS = 30;
/** What the provider says of itself is asked anew so often; its keys have a cache of their own. */
const DISCOVERED_MS = 600_000;
const MOST_BYTES = 1_000_000;

export class RelyingParty {
  readonly provider: IdentityProvider;
  private readonly redirectUri: string;
  private readonly ask: Fetch;
  private readonly timeout: number;
  private known: { readonly at: number; readonly configuration: Client.Configuration } | undefined;

  /** `ask` fetches; it is called for the provider's own origins only. */
  constructor(
    provider: IdentityProvider,
    redirectUri: string,
    { ask = fetch, timeout = TIMEOUT_SECONDS }: { readonly ask?: Fetch; readonly timeout?: number } = {},
  ) {
    this.provider = provider;
    this.redirectUri = redirectUri;
    this.ask = ask;
    this.timeout = timeout;
  }

  /**
   * Where to send somebody. They are to prove who they are there and then: on a computer that many share, what the provider
   * remembers of the last one must not let the next one in. Errors: SignInFailed `svarar-inte`.
   */
  async begin({ hint }: { readonly hint?: string | undefined }): Promise<{ url: string; secrets: Secrets }> {
    const client = await library();
    const configuration = await this.configuration();
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: this.provider.scope,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      prompt: "login",
      max_age: "0",
      acr_values: this.provider.acr.join(" "),
      ui_locales: "sv",
      ...(hint === undefined ? {} : { login_hint: hint }),
    });
    return { url: url.href, secrets: { state, nonce, verifier, begun: seconds() } };
  }

  /** Who has come back with these parameters. Errors: SignInFailed. */
  async finish(parameters: string, { state, nonce, verifier, begun }: Secrets): Promise<Proved> {
    const client = await library();
    const configuration = await this.configuration();
    const maxAge = Math.max(0, seconds() - begun);
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, maxAge };
    const came = new URL(`${this.redirectUri}${parameters}`);
    const tokens = await client.authorizationCodeGrant(configuration, came, checks).catch((error: unknown) => {
      this.known = undefined; // keys that were changed without notice are fetched before the next one comes
      throw failureOf(error);
    });
    const claims = tokens.claims();
    const subject = claims?.[this.provider.claim];
    if (typeof subject !== "string" || subject === "") throw new SignInFailed("avvisad", "the claim is missing");
    const { acr, auth_time: time } = claims as { readonly acr?: unknown; readonly auth_time: number };
    if (typeof acr !== "string" || !this.provider.acr.includes(acr)) throw new SignInFailed("svag", "acr");
    return { subject, acr, age: Math.max(0, seconds() - time) };
  }

  private async configuration(): Promise<Client.Configuration> {
    if (this.known !== undefined && Date.now() - this.known.at < DISCOVERED_MS) return this.known.configuration;
    const client = await library();
    const { issuer, clientId, proof, isDemonstration } = this.provider;
    const isPlain = issuer.startsWith("http:") && (isDemonstration === true || isLoopback(issuer));
    const configuration = await client
      .discovery(
        new URL(issuer),
        clientId,
        { [client.clockTolerance]: TOLERANCE_SECONDS },
        await authentication(proof),
        {
          [client.customFetch]: (url, options) => this.fetch(url, options as RequestInit),
          timeout: this.timeout,
          execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
        },
      )
      .catch(failed);
    // Keys that were fetched stay with what was discovered: both are asked anew together.
    this.known = { at: Date.now(), configuration };
    return configuration;
  }

  /** Fetches from the provider and nobody else, and reads no more than an answer of its kind can have. */
  private async fetch(url: string, options: RequestInit): Promise<Response> {
    const { origin } = new URL(url);
    if (origin !== new URL(this.provider.issuer).origin && !this.provider.origins.includes(origin))
      throw new SignInFailed("avvisad", "an endpoint at another origin");
    const unreachable = (): never => {
      throw new SignInFailed("svarar-inte", "no answer");
    };
    const response = await this.ask(url, { ...options, redirect: "manual" }).catch(unreachable);
    if (response.status >= 500) return unreachable();
    return new Response(await bounded(response), { status: response.status, headers: response.headers });
  }
}

async function bounded(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null || [204, 205, 304].includes(response.status)) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > MOST_BYTES) throw new SignInFailed("avvisad", "an endless answer");
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof SignInFailed ? error : new SignInFailed("svarar-inte", "the answer broke off");
  }
  return new Uint8Array(Buffer.concat(parts));
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function failed(error: unknown): never {
  throw failureOf(error);
}

let loading: Promise<typeof Client> | undefined;

/** Loaded at the first sign-in. */
function library(): Promise<typeof Client> {
  loading ??= import("openid-client");
  return loading;
}

async function authentication(proof: ClientProof): Promise<Client.ClientAuth> {
  const client = await library();
  if (proof.kind === "secret")
    return proof.way === "post" ? client.ClientSecretPost(proof.secret) : client.ClientSecretBasic(proof.secret);
  const pkcs8 = proof.key.export({ format: "der", type: "pkcs8" });
  const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const curve = { name: "ECDSA", namedCurve: proof.algorithm === "ES384" ? "P-384" : "P-256" };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, proof.algorithm === "RS256" ? rsa : curve, false, ["sign"]);
  return client.PrivateKeyJwt(proof.kid === undefined ? key : { key, kid: proof.kid });
}
