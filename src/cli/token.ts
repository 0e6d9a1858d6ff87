/**
 * `eira token --client NAME --scope 'system/*.cruds' [--care-provider HSA-ID --care-unit HSA-ID] [--days N]`: registers a
 * machine client and prints its bearer token, and nothing else. Only the token's hash is kept.
 *
 * SPEC CLI-TOKEN
 */
import { randomBytes } from "node:crypto";
import { parseScopes } from "../access/index.ts";
import { flag, numberFlag, type Command } from "./command.ts";
import { withStore } from "./installation.ts";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

export const tokenCommand: Command = async (invocation) => {
  const { args, terminal, clock } = invocation;
  const client = flag(args, "client");
  const scope = flag(args, "scope");
  if (client === undefined || scope === undefined)
    throw new Error(
      "Usage: token --client NAME --scope 'system/*.cruds' [--care-provider ID --care-unit ID] [--days N]",
    );
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
