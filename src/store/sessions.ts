/**
 * Sessions of people and tokens of machine clients. Only the SHA-256 of a token is stored, so that a copy of the
 * database opens no door.
 *
 * SPEC STORE-SESSION
 */
import { createHash } from "node:crypto";
import type { Connection } from "./connection.ts";

export type StoredSession = { readonly actor: unknown; readonly expires: string };
/** A session with when it was opened and last used; the latter is kept to the minute. */
export type UsedSession = StoredSession & { readonly created: string; readonly used: string };
/** Whose sessions: of a person by the id of their record or by their HSA-id. */
export type Whose = { readonly id: string } | { readonly hsaId: string };
export type StoredClient = {
  readonly client: string;
  readonly scope: string;
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  readonly expires: string;
};

/** From when to when something holds. */
export type Span = { readonly created: Date; readonly expires: Date };

/** What names a session without opening it. */
export function sessionName(token: string): string {
  return tokenHash(token).toString("hex");
}

/** What is stored in place of a token. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

export async function insertSession(
  connection: Connection,
  token: string,
  actor: unknown,
  { created, expires }: Span,
): Promise<void> {
  await connection.commitStatement({
    text: "INSERT INTO session (token_hash, actor, created, expires) VALUES ($1, $2, $3, $4)",
    values: [tokenHash(token), JSON.stringify(actor), created.toISOString(), expires.toISOString()],
  });
}

const USED_SESSION = "actor, expires, created, coalesce(used, created) AS used";

/** The session of a token that has not ended, and that was used after `since`. */
export async function findSession(
  connection: Connection,
  token: string,
  { now, since }: { readonly now: Date; readonly since: Date },
): Promise<UsedSession | undefined> {
  const [row] = await connection.many<UsedSession>({
    name: "session-find",
    text: `SELECT ${USED_SESSION} FROM session WHERE token_hash = $1 AND expires > $2 AND coalesce(used, created) > $3`,
    values: [tokenHash(token), now.toISOString(), since.toISOString()],
  });
  return row;
}

/** Notes that the session is used now, if no server has noted it after `since`. */
export async function touchSession(
  connection: Connection,
  token: string,
  { now, since }: { readonly now: Date; readonly since: Date },
): Promise<void> {
  await connection.commitStatement({
    text: "UPDATE session SET used = $2 WHERE token_hash = $1 AND coalesce(used, created) <= $3",
    values: [tokenHash(token), now.toISOString(), since.toISOString()],
  });
}

/** How and when somebody proved again who they are, and the token that the session has from then on. */
export type Renewal = { readonly authenticated: object; readonly token: string };

/**
 * Notes in a session, by its name, that its person has proved again who they are, and gives it another token: what had been
 * overheard before opens nothing. Applications that were allowed in it go on. False when it is not there.
 */
export async function renewSession(
  connection: Connection,
  name: string,
  { authenticated, token }: Renewal,
): Promise<boolean> {
  const rows = await connection.commitStatement({
    text: `UPDATE session SET token_hash = $3, actor = actor || jsonb_build_object('authenticated', $2::jsonb)
            WHERE token_hash = decode($1, 'hex') RETURNING 1`,
    values: [name, JSON.stringify(authenticated), tokenHash(token)],
  });
  if (rows.length === 0) return false;
  await connection.commitStatement({
    text: `UPDATE oauth_state SET content = jsonb_set(content, '{session}', to_jsonb($2::text)) WHERE content ->> 'session' = $1`,
    values: [name, sessionName(token)],
  });
  return true;
}

/** A person's sessions that have not ended and were used after `since`, newest first. */
export async function sessionsOf(
  connection: Connection,
  whose: Whose,
  { now, since }: { readonly now: Date; readonly since: Date },
): Promise<UsedSession[]> {
  return connection.many<UsedSession>({
    text: `SELECT ${USED_SESSION} FROM session WHERE actor ->> $1 = $2 AND expires > $3 AND coalesce(used, created) > $4
           ORDER BY created DESC`,
    values: [...namedBy(whose), now.toISOString(), since.toISOString()],
  });
}

/** Whose sessions hold now, each person and assignment once. */
export async function openSessions(connection: Connection, now: Date): Promise<unknown[]> {
  const rows = await connection.many<{ actor: unknown }>({
    text: `SELECT DISTINCT ON (actor ->> 'id', actor -> 'assignment' ->> 'id') actor FROM session WHERE expires > $1 AND actor ->> 'kind' = 'person'
           ORDER BY actor ->> 'id', actor -> 'assignment' ->> 'id', created DESC`,
    values: [now.toISOString()],
  });
  return rows.map(({ actor }) => actor);
}

/** Ends all sessions of a person; answers how many there were. */
export async function deleteSessionsOf(connection: Connection, whose: Whose): Promise<number> {
  const rows = await connection.commitStatement({
    text: "DELETE FROM session WHERE actor ->> $1 = $2 RETURNING 1",
    values: namedBy(whose),
  });
  return rows.length;
}

function namedBy(whose: Whose): [string, string] {
  return "id" in whose ? ["id", whose.id] : ["hsaId", whose.hsaId];
}

/** A session that a person has under an assignment, the one that lasts longest. */
export async function findSessionOf(
  connection: Connection,
  { person, assignment }: { readonly person: string; readonly assignment: string },
  now: Date,
): Promise<StoredSession | undefined> {
  const [row] = await connection.many<StoredSession>({
    text: `SELECT actor, expires FROM session WHERE actor ->> 'id' = $1 AND actor -> 'assignment' ->> 'id' = $2 AND expires > $3
           ORDER BY expires DESC LIMIT 1`,
    values: [person, assignment, now.toISOString()],
  });
  return row;
}

export async function deleteSession(connection: Connection, token: string): Promise<void> {
  await connection.commitStatement({ text: "DELETE FROM session WHERE token_hash = $1", values: [tokenHash(token)] });
}

/** As the owner of the database only: the server itself cannot make clients. */
export async function insertClient(
  connection: Connection,
  token: string,
  client: Omit<StoredClient, "expires">,
  { created, expires }: Span,
): Promise<void> {
  await connection.commitStatement({
    text: "INSERT INTO client_token (token_hash, client, scope, care_provider, care_unit, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    values: [
      tokenHash(token),
      client.client,
      client.scope,
      client.careProvider,
      client.careUnit,
      created.toISOString(),
      expires.toISOString(),
    ],
  });
}

/** The client of a token: one that was handed out by `eira token`, or by the authorization server to a client that is registered. */
export async function findClient(connection: Connection, token: string, now: Date): Promise<StoredClient | undefined> {
  const [row] = await connection.many<StoredClient>({
    name: "client-find",
    text: `SELECT client, scope, care_provider AS "careProvider", care_unit AS "careUnit", expires FROM client_token
            WHERE token_hash = $1 AND expires > $2 AND revoked IS NULL
           UNION ALL
           SELECT c.client, o.content ->> 'scope', c.care_provider, c.care_unit, o.expires
             FROM oauth_state o JOIN oauth_client c ON c.client = o.content ->> 'clientId'
            WHERE o.kind = 'ClientCredentials' AND o.key_hash = $1 AND o.expires > $2`,
    values: [tokenHash(token), now.toISOString()],
  });
  return row;
}

/** As the owner of the database only. Withdraws every token of a client that still holds; answers how many those were. */
export async function revokeClient(connection: Connection, client: string, now: Date): Promise<number> {
  const rows = await connection.commitStatement({
    text: "UPDATE client_token SET revoked = $2 WHERE client = $1 AND revoked IS NULL AND expires > $2 RETURNING 1",
    values: [client, now.toISOString()],
  });
  return rows.length;
}
