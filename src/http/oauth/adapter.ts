/**
 * Where oidc-provider keeps what it must remember: in PostgreSQL, through `store`, under the hashes of its tokens.
 *
 * SPEC HTTP-OAUTH · https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js
 */
import type { Adapter, AdapterPayload, errors as Errors } from "oidc-provider";
import type { OauthApp, OauthClient, Store } from "../../store/index.ts";

/** Names of clients: what else comes as an id is nobody's. */
export const CLIENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/;

type Kept = Store["oauth"];

/** Used assertions: what is there already is never put again. */
const ONCE = "ReplayDetection";
/** Who has signed in is known by Eira's own sessions: the library's would outlive them, and are not kept. */
const SESSION = "Session";

/**
 * The adapter for one kind of thing that the library keeps; `owner` keeps apart what several authorization servers in one
 * database have.
 */
export function adapterOf(kept: Kept, kind: string, errors: typeof Errors, owner = ""): Adapter {
  if (kind === SESSION) return forgetful;
  const nowhere = (): never => {
    throw new Error(`${kind} has no such way to be found`);
  };
  const named = `${owner}${kind}`;
  return {
    find: (id) => (kind === "Client" ? findClient(kept, id) : findState(kept, named, id)),
    upsert: async (id, payload, seconds = 0) => {
      const { jti: _secret, ...content } = payload;
      if (kind !== ONCE) return kept.save({ kind: named, key: id }, content, seconds);
      // The library looks first and keeps then: of two that come at once with one assertion, the second is stopped here.
      if (!(await kept.keep({ kind: named, key: id }, content, seconds)))
        throw new errors.InvalidClientAuth("client assertion tokens must only be used once");
      return undefined;
    },
    destroy: (id) => kept.forget({ kind: named, key: id }),
    consume: async (id) => {
      // Of two that come at once with one code or refresh token, one gets something for it.
      if (!(await kept.consume({ kind: named, key: id }))) throw new errors.InvalidGrant("already used");
    },
    revokeByGrantId: (grant) => kept.forgetGrant(named, grant),
    findByUid: nowhere,
    findByUserCode: nowhere,
  };
}

const forgetful: Adapter = {
  find: async () => undefined,
  upsert: async () => undefined,
  destroy: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  revokeByGrantId: async () => undefined,
};

async function findState(kept: Kept, kind: string, id: string): Promise<AdapterPayload | undefined> {
  const content = await kept.find({ kind, key: id });
  return content === undefined ? undefined : { ...content, jti: id };
}

async function findClient(kept: Kept, id: string): Promise<AdapterPayload | undefined> {
  const client = CLIENT_NAME.test(id) ? await kept.client(id) : undefined;
  return client === undefined ? undefined : metadataOf(client);
}

function metadataOf({ client, jwks, app }: OauthClient): AdapterPayload {
  if (app !== undefined && app !== null) return appMetadataOf(client, jwks, app);
  return {
    client_id: client,
    jwks: { keys: [...jwks.keys] },
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: "private_key_jwt",
  };
}

/** An application without keys is a public client, which proves itself by PKCE alone. */
function appMetadataOf(client: string, jwks: OauthClient["jwks"], app: OauthApp): AdapterPayload {
  const isPublic = jwks.keys.length === 0;
  return {
    client_id: client,
    client_name: app.name,
    redirect_uris: [...app.redirectUris],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    id_token_signed_response_alg: "RS256",
    ...(isPublic
      ? { token_endpoint_auth_method: "none" }
      : { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [...jwks.keys] } }),
  };
}
