/**
 * A machine client as it is registered: a name, public keys, and the scopes that it may ask for. Nothing is registered that
 * would not be held to.
 *
 * SPEC HTTP-OAUTH
 */
import type { OauthClient } from "../../store/index.ts";
import { CLIENT_NAME } from "./adapter.ts";
import { isLoopback } from "../sign-in/loopback.ts";
import { appScopesOf } from "./app-scopes.ts";
import { publicKeysOf } from "./jwks.ts";
import { systemScopesOf } from "./scopes.ts";

export type Registration = Omit<OauthClient, "client" | "jwks"> & { readonly name: string; readonly jwks: string };

/** What is to be kept of a registration. Errors: an Error that says what cannot be, in words for whoever registers. */
export function clientOf({ name, jwks, scope, ...rest }: Registration): OauthClient {
  if (!CLIENT_NAME.test(name))
    throw new Error(
      "A client's name has 2 to 64 letters a-z, digits, dots, lines and underscores, and begins with a letter or digit.",
    );
  const scopes = systemScopesOf(scope);
  if ("refusal" in scopes) throw new Error(`The scope cannot be registered: ${scopes.refusal}.`);
  const kept = scope.split(" ").filter((part) => part !== "");
  return { ...rest, client: name, scope: kept.join(" "), jwks: publicKeysOf(jwks) };
}

export type AppRegistration = {
  readonly client: string;
  readonly name: string;
  readonly scope: string;
  readonly redirectUris: readonly string[];
  readonly launchUri: string | null;
  /** Public keys of one that proves itself; nothing for a public client. */
  readonly jwks: string | null;
};

/** What is to be kept of an application that people use. Errors: an Error that says what cannot be, in words for whoever registers. */
export function appOf({ client, name, scope, redirectUris, launchUri, jwks }: AppRegistration): OauthClient {
  if (!CLIENT_NAME.test(client))
    throw new Error("An application's client id has 2 to 64 letters, digits, dots, lines and underscores.");
  if (!/^\S(?:.{0,60}\S)?$/.test(name)) throw new Error("An application's name has 1 to 62 characters: people see it.");
  const scopes = appScopesOf(scope);
  if ("refusal" in scopes) throw new Error(`The scope cannot be registered: ${scopes.refusal}.`);
  if (redirectUris.length === 0 || redirectUris.length > MOST_ADDRESSES)
    throw new Error(`An application has 1 to ${MOST_ADDRESSES} redirect addresses.`);
  for (const one of [...redirectUris, ...(launchUri === null ? [] : [launchUri])]) refuseAddress(one);
  return {
    client,
    scope: [...scopes.words, ...scopes.texts].join(" "),
    jwks: jwks === null ? { keys: [] } : publicKeysOf(jwks),
    careProvider: null,
    careUnit: null,
    introspects: false,
    app: { name, redirectUris, launchUri },
  };
}

const MOST_ADDRESSES = 10;

/** Errors: an Error for an address that others on the way could read a code from. */
function refuseAddress(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(address));
  if (url === undefined || !isSafe || url.hash !== "" || url.username !== "")
    throw new Error(`The address ${address.slice(0, 200)} is not https (or http on this machine) without a fragment.`);
}
