/**
 * `eira client add --name NAME --jwks FILE --scope 'system/*.rs' [--care-provider HSA-ID --care-unit HSA-ID] [--introspect]`:
 * registers a machine client that proves itself with a key of its own (SMART Backend Services). `client app --id ID --name NAME
 * --redirect ADDRESS --scope 'openid fhirUser launch/patient patient/*.rs'` registers an application that people use. `client keys --name NAME
 * --jwks FILE` puts other keys in place of its, `client list` tells who is registered, `client remove --name NAME` takes one away with its tokens.
 *
 * SPEC CLI-CLIENT
 */
import { readFileSync } from "node:fs";
import { addressesOf, appOf, clientOf, publicKeysOf } from "../http/index.ts";
import { flag, type Command, type Invocation } from "./command.ts";
import { baseOf, withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("client");

export const clientCommand: Command = async (invocation) => {
  const [, action] = invocation.args;
  if (action === "add") return add(invocation);
  if (action === "app") return addApp(invocation);
  if (action === "keys") return replaceKeys(invocation);
  if (action === "list") return list(invocation);
  if (action === "remove") return remove(invocation);
  throw new Error(USAGE);
};

async function add(invocation: Invocation): Promise<number> {
  const { args, terminal, config } = invocation;
  const [name, keys, scope] = ["name", "jwks", "scope"].map((one) => flag(args, one));
  if (name === undefined || keys === undefined || scope === undefined) throw new Error(USAGE);
  const owner = { careProvider: flag(args, "care-provider") ?? null, careUnit: flag(args, "care-unit") ?? null };
  const client = clientOf({ name, jwks: readKeys(keys), scope, ...owner, introspects: args.includes("--introspect") });
  if (!(await withStore(invocation, (store) => store.oauth.addClient(client))))
    throw new Error(`There is a client ${name}: remove it first, or choose another name.`);
  const base = baseOf(config);
  const { token } = addressesOf({ base });
  terminal.print(JSON.stringify({ client_id: client.client, scope: client.scope, fhir: base, token_endpoint: token }));
  return 0;
}

/** An application that people use. Without keys it is a public client, which proves itself by PKCE alone. */
async function addApp(invocation: Invocation): Promise<number> {
  const { args, terminal, config } = invocation;
  const [client, name, scope, redirects] = ["id", "name", "scope", "redirect"].map((one) => flag(args, one));
  if (client === undefined || name === undefined || scope === undefined || redirects === undefined)
    throw new Error(USAGE);
  const keys = flag(args, "jwks");
  const app = appOf({
    client,
    name,
    scope,
    redirectUris: redirects.split(","),
    launchUri: flag(args, "launch") ?? null,
    jwks: keys === undefined ? null : readKeys(keys),
  });
  if (!(await withStore(invocation, (store) => store.oauth.addClient(app))))
    throw new Error(`There is a client ${client}: remove it first, or choose another id.`);
  terminal.print(JSON.stringify({ client_id: client, scope: app.scope, iss: baseOf(config) }));
  return 0;
}

/** Tokens that were handed out for the old keys go on until they end: what they open was the client's all the same. */
async function replaceKeys(invocation: Invocation): Promise<number> {
  const [name, keys] = ["name", "jwks"].map((one) => flag(invocation.args, one));
  if (name === undefined || keys === undefined) throw new Error(USAGE);
  const jwks = publicKeysOf(readKeys(keys));
  if (!(await withStore(invocation, (store) => store.oauth.replaceKeys({ client: name, jwks }))))
    throw new Error(`There is no client ${name}.`);
  invocation.terminal.print(JSON.stringify({ client: name, keys: jwks.keys.length }));
  return 0;
}

async function list(invocation: Invocation): Promise<number> {
  const clients = await withStore(invocation, (store) => store.oauth.clients());
  for (const { client, scope, introspects, jwks } of clients)
    invocation.terminal.tell(
      `${client}: ${scope}; ${jwks.keys.length} keys${introspects ? "; asks about others' tokens" : ""}`,
    );
  invocation.terminal.print(JSON.stringify(clients.map(({ jwks: _keys, ...told }) => told)));
  return 0;
}

async function remove(invocation: Invocation): Promise<number> {
  const name = flag(invocation.args, "name");
  if (name === undefined) throw new Error(USAGE);
  const removed = await withStore(invocation, (store) => store.oauth.removeClient(name));
  if (!removed) invocation.terminal.tell(`There is no client ${name}.`);
  invocation.terminal.print(JSON.stringify({ client: name, removed }));
  return removed ? 0 : 1;
}

/** The text itself, or what is in the file of that name. */
function readKeys(given: string): string {
  if (given.startsWith("{")) return given;
  try {
    return readFileSync(given, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new Error(`The file of keys could not be read (${code}).`, { cause: error });
  }
}
