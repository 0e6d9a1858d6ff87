/**
 * A machine client as it is registered: a name, public keys, and the scopes that it may ask for. Nothing is registered that
 * would not be held to.
 *
 * SPEC HTTP-OAUTH
 */
import type { OauthClient } from "../../store/index.ts";
import { CLIENT_NAME } from "./adapter.ts";
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
