/** The authorization server of this process, made at the first call that needs it. SPEC HTTP-OAUTH-11 */
import type Provider from "oidc-provider";
import type { HttpOptions } from "../options.ts";
import type { Sessions } from "../session.ts";
import { authorizationServer } from "./provider.ts";

const servers = new WeakMap<HttpOptions, Promise<Provider>>();

export function oauthServer(options: HttpOptions, { idleMs }: Sessions): Promise<Provider> {
  const known = servers.get(options);
  if (known !== undefined) return known;
  const made = authorizationServer(options, idleMs);
  servers.set(options, made);
  made.catch(() => servers.delete(options)); // the next one tries again
  return made;
}
