/**
 * `eira token --client NAME --scope 'system/*.cruds' [--care-provider HSA-ID --care-unit HSA-ID] [--days N]`: registers a
 * machine client and prints its bearer token, and nothing else. Only the token's hash is kept. `eira token --revoke NAME`
 * withdraws all tokens of a client.
 *
 * SPEC CLI-TOKEN
 */
import { randomBytes } from "node:crypto";
import { parseScopes } from "../access/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "./command.ts";
import { withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

export const tokenCommand: Command = async (invocation) => {
  const { args, terminal, clock } = invocation;
  const withdrawn = flag(args, "revoke");
  if (withdrawn !== undefined) return revoke(invocation, withdrawn);
  const client = flag(args, "client");
  const scope = flag(args, "scope");
  if (client === undefined || scope === undefined) throw new Error(usageOf("token"));
  if (parseScopes(scope) === undefined)
    throw new Error(`"${scope}" is not a list of scopes such as system/*.cruds or system/Patient.rs`);
  const days = numberFlag(args, "days", USUAL_DAYS);
  if (days < 1 || days > MOST_DAYS) throw new Error(`--days is to be from 1 to ${MOST_DAYS}.`);
  const token = randomBytes(32).toString("base64url");
  const owner = { careProvider: flag(args, "care-provider") ?? null, careUnit: flag(args, "care-unit") ?? null };
  await withStore(invocation, (store) =>
    store.addClient(token, { client, scope, ...owner }, new Date(clock().getTime() + days * DAY_MS)),
  );
  terminal.print(token);
  return 0;
};

/** A server that has the token in its cache lets it through for up to two seconds more (HTTP-SESSION-2). */
async function revoke(invocation: Invocation, client: string): Promise<number> {
  const revoked = await withStore(invocation, (store) => store.revokeClient(client));
  if (revoked === 0) invocation.terminal.tell(`No token of ${client} holds.`);
  invocation.terminal.print(JSON.stringify({ client, revoked }));
  return revoked === 0 ? 1 : 0;
}
