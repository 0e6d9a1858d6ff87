/**
 * The identity providers of this installation: those that its settings name, else in a demonstration the demonstration's own,
 * else none.
 *
 * SPEC HTTP-OIDC · HTTP-DEMO-IDENTITY
 */
import type { FastifyInstance } from "fastify";
import { demonstrationProviders, rootOf } from "../demo-identity/issuers.ts";
import type { HttpOptions } from "../options.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { RelyingParty, type Fetch } from "./relying-party.ts";

const NONE: readonly IdentityProvider[] = [];
const parties = new WeakMap<HttpOptions, Map<string, RelyingParty>>();

export function providersOf(options: HttpOptions): readonly IdentityProvider[] {
  return options.identityProviders ?? (options.demo ? demonstrationProviders(options) : NONE);
}

/** True when the demonstration's own providers answer. */
export function isDemonstration(options: HttpOptions): boolean {
  return options.demo && options.identityProviders === undefined;
}

/** The relying party of a provider, or nothing when there is no such provider. */
export function partyOf(options: HttpOptions, id: string, server: FastifyInstance): RelyingParty | undefined {
  const known = parties.get(options) ?? new Map<string, RelyingParty>();
  parties.set(options, known);
  const party = known.get(id);
  if (party !== undefined) return party;
  const provider = providersOf(options).find((one) => one.id === id);
  if (provider === undefined) return undefined;
  const redirectUri = `${rootOf(options)}/api/sign-in/callback/${id}`;
  const made = new RelyingParty(provider, redirectUri, provider.isDemonstration ? { ask: inside(server) } : {});
  known.set(id, made);
  return made;
}

/** Asks this very server without a socket: behind a proxy it may not be able to reach its own public address. */
function inside(server: FastifyInstance): Fetch {
  return async (address, { method = "GET", headers, body }) => {
    const { pathname, search } = new URL(address);
    const answer = await server.inject({
      method: method === "POST" ? "POST" : "GET",
      url: pathname + search,
      headers: Object.fromEntries(new Headers(headers)),
      ...(body === undefined || body === null ? {} : { payload: String(body as string | URLSearchParams) }),
    });
    const told = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
    return new Response(answer.rawPayload.length === 0 ? null : new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: told.filter(([name]) => name !== "content-encoding" && name !== "content-length"),
    });
  };
}
