/**
 * Sessions of people and tokens of machine clients. Only the SHA-256 of a token is stored, so that a copy of the
 * database opens no door.
 *
 * SPEC STORE-SESSION
 */
import { createHash } from "node:crypto";
import type { Connection } from "./connection.ts";

export type StoredSession = { readonly actor: unknown; readonly expires: string };
export type StoredClient = {
  readonly client: string;
  readonly scope: string;
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  readonly expires: string;
};

/** From when to when something holds. */
export type Span = { readonly created: Date; readonly expires: Date };

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

export async function findSession(
  connection: Connection,
  token: string,
  now: Date,
): Promise<StoredSession | undefined> {
  const [row] = await connection.many<StoredSession>({
    name: "session-find",
    text: "SELECT actor, expires FROM session WHERE token_hash = $1 AND expires > $2",
    values: [tokenHash(token), now.toISOString()],
  });
  return row;
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
