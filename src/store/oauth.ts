/**
 * What the authorization server keeps: clients with their public keys, and for a while tokens and assertions that have been
 * used. Tokens are kept as hashes only. Every server of the installation shares it, and a restart loses nothing.
 *
 * SPEC STORE-OAUTH
 */
import type { Connection } from "./connection.ts";
import { tokenHash } from "./sessions.ts";

/** A machine client that proves itself with a key of its own. `jwks` holds public keys only. */
export type OauthClient = {
  readonly client: string;
  readonly scope: string;
  readonly jwks: { readonly keys: readonly object[] };
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  /** It may ask about tokens that others have shown it. */
  readonly introspects: boolean;
  /** An application that people use: its keys may then be none, and its scope is the most that it may ask for. */
  readonly app?: OauthApp | null;
};

/** An application as people know it, and the addresses that it is at. */
export type OauthApp = {
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Where it is opened from a chart; nothing when it is not. */
  readonly launchUri: string | null;
};

/** What a person has allowed an application: for which of their sessions, and for which patient. */
export type AppConsent = { readonly session: string; readonly patient: string | null; readonly scope: string };

/** An application's token, with the session that it stands on. */
export type StoredAppToken = {
  readonly client: string;
  readonly app: OauthApp;
  readonly scope: string;
  readonly consent: AppConsent;
  readonly expires: string;
  readonly actor: unknown;
};

/** Something that is kept under a kind and a secret name, until it expires. */
export type OauthState = { readonly kind: string; readonly key: string };

type Lend = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

const FIELDS = `client, scope, jwks, care_provider AS "careProvider", care_unit AS "careUnit", introspects`;
const WITH_APP = `${FIELDS}, app`;
/** Under this kind lies what people have allowed, by the grant's name. */
export const CONSENT = "AppConsent";

export class OauthTables {
  private readonly alone: Lend;
  private readonly asOwner: Lend;
  private readonly clock: () => Date;

  /** `alone` lends a connection of the server, `asOwner` one of the database's owner. */
  constructor(alone: Lend, asOwner: Lend, clock: () => Date) {
    this.alone = alone;
    this.asOwner = asOwner;
    this.clock = clock;
  }

  client(name: string): Promise<OauthClient | undefined> {
    return this.alone(async (connection) => {
      const [row] = await connection.many<OauthClient>({
        name: "oauth-client",
        text: `SELECT ${WITH_APP} FROM oauth_client WHERE client = $1`,
        values: [name],
      });
      return row === undefined ? undefined : plain(row);
    });
  }

  /** The applications that can be opened from a chart. */
  launchable(): Promise<{ readonly client: string; readonly app: OauthApp }[]> {
    return this.alone((connection) =>
      connection.many({
        text: "SELECT client, app FROM oauth_client WHERE app ->> 'launchUri' IS NOT NULL ORDER BY app ->> 'name'",
        values: [],
      }),
    );
  }

  /** An application's token whose session has not ended and was used after `since`. */
  appToken(token: string, since: Date): Promise<StoredAppToken | undefined> {
    return this.alone(async (connection) => {
      const [row] = await connection.many<StoredAppToken>({
        name: "oauth-app-token",
        text: `SELECT c.client, c.app, a.content ->> 'scope' AS scope, g.content AS consent, s.actor, least(a.expires, s.expires) AS expires
                 FROM oauth_state a
                 JOIN oauth_client c ON c.client = a.content ->> 'clientId' AND c.app IS NOT NULL
                 JOIN oauth_state g ON g.kind = '${CONSENT}' AND g.key_hash = sha256(convert_to(a.content ->> 'grantId', 'UTF8')) AND g.expires > $2
                 JOIN session s ON s.token_hash = decode(g.content ->> 'session', 'hex') AND s.expires > $2 AND coalesce(s.used, s.created) > $3
                WHERE a.kind = 'AccessToken' AND a.key_hash = $1 AND a.expires > $2`,
        values: [tokenHash(token), this.clock().toISOString(), since.toISOString()],
      });
      return row;
    });
  }

  /** Whose session has the name, if it has not ended and was used after `since`. */
  sessionNamed(name: string, since: Date): Promise<unknown> {
    return this.alone(async (connection) => {
      const [row] = await connection.many<{ actor: unknown }>({
        text: "SELECT actor FROM session WHERE token_hash = decode($1, 'hex') AND expires > $2 AND coalesce(used, created) > $3",
        values: [name, this.clock().toISOString(), since.toISOString()],
      });
      return row?.actor;
    });
  }

  clients(): Promise<OauthClient[]> {
    return this.asOwner(async (connection) => {
      const rows = await connection.many<OauthClient>({ text: `SELECT ${WITH_APP} FROM oauth_client ORDER BY client` });
      return rows.map(plain);
    });
  }

  /** Registers a client; false, and nothing is changed, when there is one of that name. As the owner of the database only. */
  addClient(one: OauthClient): Promise<boolean> {
    return this.asOwner(async (connection) => {
      const rows = await connection.commitStatement({
        text: `INSERT INTO oauth_client (client, scope, jwks, care_provider, care_unit, introspects, created, app)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (client) DO NOTHING RETURNING 1`,
        values: [
          one.client,
          one.scope,
          JSON.stringify(one.jwks),
          one.careProvider,
          one.careUnit,
          one.introspects,
          this.clock().toISOString(),
          one.app === undefined || one.app === null ? null : JSON.stringify(one.app),
        ],
      });
      return rows.length === 1;
    });
  }

  /** Puts other keys in place of a client's; false when there is no such client. As the owner of the database only. */
  replaceKeys({ client, jwks }: Pick<OauthClient, "client" | "jwks">): Promise<boolean> {
    return this.asOwner(async (connection) => {
      const rows = await connection.commitStatement({
        text: "UPDATE oauth_client SET jwks = $2 WHERE client = $1 RETURNING 1",
        values: [client, JSON.stringify(jwks)],
      });
      return rows.length === 1;
    });
  }

  /** Takes a client away with every token that it has; false when there is none. As the owner of the database only. */
  removeClient(name: string): Promise<boolean> {
    return this.asOwner(async (connection) => {
      const rows = await connection.commitStatement({
        text: "DELETE FROM oauth_client WHERE client = $1 RETURNING 1",
        values: [name],
      });
      await connection.commitStatement({
        text: "DELETE FROM oauth_state WHERE content ->> 'clientId' = $1",
        values: [name],
      });
      return rows.length === 1;
    });
  }

  find({ kind, key }: OauthState): Promise<object | undefined> {
    return this.alone(async (connection) => {
      const [row] = await connection.many<{ content: object }>({
        name: "oauth-state",
        text: "SELECT content FROM oauth_state WHERE kind = $1 AND key_hash = $2 AND expires > $3",
        values: [kind, tokenHash(key), this.clock().toISOString()],
      });
      return row?.content;
    });
  }

  /** Keeps it for some seconds; false, and what is there stays, when there is something under the name that has not expired. */
  keep({ kind, key }: OauthState, content: object, seconds: number): Promise<boolean> {
    const now = this.clock();
    return this.alone(async (connection) => {
      const rows = await connection.commitStatement({
        text: `INSERT INTO oauth_state AS o (kind, key_hash, content, expires) VALUES ($1, $2, $3, $4)
               ON CONFLICT (kind, key_hash) DO UPDATE SET content = excluded.content, expires = excluded.expires
               WHERE o.expires <= $5 RETURNING 1`,
        values: [
          kind,
          tokenHash(key),
          JSON.stringify(content),
          new Date(now.getTime() + seconds * 1000).toISOString(),
          now.toISOString(),
        ],
      });
      return rows.length === 1;
    });
  }

  /** Keeps it for some seconds in place of what is there. */
  async save({ kind, key }: OauthState, content: object, seconds: number): Promise<void> {
    const expires = new Date(this.clock().getTime() + seconds * 1000).toISOString();
    await this.alone((connection) =>
      connection.commitStatement({
        text: `INSERT INTO oauth_state (kind, key_hash, content, expires) VALUES ($1, $2, $3, $4)
               ON CONFLICT (kind, key_hash) DO UPDATE SET content = excluded.content, expires = excluded.expires`,
        values: [kind, tokenHash(key), JSON.stringify(content), expires],
      }),
    );
  }

  /** Notes that it has been used; false when it has been already, or is not there. */
  async consume({ kind, key }: OauthState): Promise<boolean> {
    const at = Math.floor(this.clock().getTime() / 1000);
    const rows = await this.alone((connection) =>
      connection.commitStatement({
        text: `UPDATE oauth_state SET content = content || jsonb_build_object('consumed', $3::int)
                WHERE kind = $1 AND key_hash = $2 AND NOT content ? 'consumed' RETURNING 1`,
        values: [kind, tokenHash(key), at],
      }),
    );
    return rows.length === 1;
  }

  /** Forgets all of a kind that was handed out under a grant. */
  async forgetGrant(kind: string, grant: string): Promise<void> {
    await this.alone((connection) =>
      connection.commitStatement({
        text: "DELETE FROM oauth_state WHERE kind = $1 AND content ->> 'grantId' = $2",
        values: [kind, grant],
      }),
    );
  }

  /** Takes it out: of many that come at once, one gets it. */
  take({ kind, key }: OauthState): Promise<object | undefined> {
    return this.alone(async (connection) => {
      const [row] = await connection.commitStatement<{ content: object }>({
        text: "DELETE FROM oauth_state WHERE kind = $1 AND key_hash = $2 AND expires > $3 RETURNING content",
        values: [kind, tokenHash(key), this.clock().toISOString()],
      });
      return row?.content;
    });
  }

  forget({ kind, key }: OauthState): Promise<void> {
    return this.alone(async (connection) => {
      await connection.commitStatement({
        text: "DELETE FROM oauth_state WHERE kind = $1 AND key_hash = $2",
        values: [kind, tokenHash(key)],
      });
    });
  }
}

/** A client that is no application has no word of one. */
function plain({ app, ...client }: OauthClient): OauthClient {
  return app === null || app === undefined ? client : { ...client, app };
}
