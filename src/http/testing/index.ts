/**
 * The real server on a port of its own with a database of its own, for tests: machine clients with tokens, people with
 * sessions, and what the server said on its technical log.
 */
import { randomBytes } from "node:crypto";
import { Agent, request as send, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Bundle, BundleEntry, OperationOutcome, Resource } from "fhir/r4";
import type { PersonActor } from "../../access/index.ts";
import {
  journalOfTest,
  OURS,
  personActor,
  putInDirectory,
  type Cleanup,
  type JournalOfTest,
} from "../../journal/testing/index.ts";
import { buildServer, Sessions, type HttpOptions } from "../index.ts";

/** Everything that answers, for tests that ask of each. */
export { ROUTES } from "../routes.ts";
export { hiddenRegion, isHidden, READER, TYPES, unmake } from "./hidden-region.ts";
export { portalCookie } from "../portal/testing.ts";
export { askAll, Questions, type Asked } from "./questions.ts";
export { toldBy } from "./told.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as a FHIR resource of the type that the test expects. */
  json<T = Resource>(): T;
  /** What stands at a place of the body: `issue.0.expression.0`. */
  at(path: string): unknown;
  /** A Bundle's entries. */
  entries<T extends Resource = Resource>(): BundleEntry<T>[];
  /** A Bundle's resources as `Type/id`. */
  names(): string[];
  /** The catalogue's code of an OperationOutcome. */
  code(): string | undefined;
}

export interface Call {
  readonly token?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

type Owning = { readonly careProvider: string; readonly careUnit: string };

export interface ServerOfTest extends JournalOfTest {
  readonly port: number;
  /** Everything that the server wrote on its technical log. */
  readonly lines: readonly string[];
  readonly http: HttpOptions;
  readonly server: ReturnType<typeof buildServer>;
  readonly sessions: Sessions;
  /** Calls a path of the server, or of its FHIR base when the path does not begin with a slash. */
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** A new machine client's token. */
  token(scope?: string, owner?: Owning | null, days?: number): Promise<string>;
  /** A new session's cookie. */
  cookie(
    owner?: Owning,
    assignment?: Partial<PersonActor["assignment"]>,
    person?: Partial<PersonActor>,
  ): Promise<string>;
}

const DAY_MS = 86_400_000;

/** Starts a server; everything is put down after the test. */
export async function serverOfTest(
  t: Cleanup,
  given: Parameters<typeof journalOfTest>[1] &
    Partial<
      Pick<HttpOptions, "demo" | "webRoot" | "identityProviders" | "trustedProxies" | "signingKey" | "callsAMinute">
    > = {},
): Promise<ServerOfTest> {
  const journal = await journalOfTest(t, given);
  const lines: string[] = [];
  const http: HttpOptions = {
    journal: journal.options,
    demo: given.demo ?? false,
    identityProviders: given.identityProviders,
    trustedProxies: given.trustedProxies,
    callsAMinute: given.callsAMinute,
    webRoot: given.webRoot,
    version: "0.0.0-test",
    readiness: async () => ((await journal.store.isReady().catch(() => false)) ? [] : ["the database does not answer"]),
  };
  const sessions = new Sessions(journal.store, journal.clock);
  const server = buildServer(http, sessions, (level, message, about) =>
    lines.push(JSON.stringify({ level, message, ...about })),
  );
  await server.listen({ port: 0, host: "127.0.0.1" });
  t.after(() => server.close());
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  t.after(async () => agent.destroy());
  const { port } = server.server.address() as AddressInfo;
  return {
    ...journal,
    port,
    lines,
    http,
    server,
    sessions,
    call: (method, path, call = {}) => ask({ agent, port }, method, path, call),
    token: async (scope = "system/*.cruds", owner = OURS, days = 30) => {
      const token = randomBytes(32).toString("base64url");
      const expires = new Date(journal.clock().getTime() + days * DAY_MS);
      const { careProvider = null, careUnit = null } = owner ?? {};
      await journal.store.addClient(token, { client: "lab", scope, careProvider, careUnit }, expires);
      return token;
    },
    cookie: async (owner = OURS, assignment = {}, person = {}) => {
      const actor = { ...personActor(owner, assignment), ...person };
      await putInDirectory(journal, actor);
      const { token } = await sessions.open(actor);
      return `eira_session=${token}`;
    },
  };
}

/** The same with a clock that agrees with the database's, by which lifts of blocks end. */
export async function serverOfToday(t: Cleanup, given: Parameters<typeof serverOfTest>[1] = {}): Promise<ServerOfTest> {
  const server = await serverOfTest(t, given);
  server.clock.forward(Date.now() - server.clock().getTime());
  return server;
}

function ask(to: { agent: Agent; port: number }, method: string, path: string, call: Call): Promise<Answer> {
  const { body } = call;
  const isRaw = typeof body === "string" || Buffer.isBuffer(body);
  const bytes = body === undefined ? undefined : Buffer.from(isRaw ? body : JSON.stringify(body));
  const headers: Record<string, string> = {
    ...(bytes === undefined ? {} : { "content-type": "application/fhir+json", "content-length": String(bytes.length) }),
    ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
    ...(call.cookie === undefined ? {} : { cookie: call.cookie, "x-eira": "1" }),
    ...call.headers,
  };
  const where = path.startsWith("/") ? path : `/fhir/R4${path === "" || path.startsWith("?") ? "" : "/"}${path}`;
  return new Promise((resolve, reject) => {
    const request = send({ ...to, host: "127.0.0.1", method, path: where, headers }, (response) => {
      collect(response).then((text) => resolve(answerOf(response, text)), reject);
    });
    request.on("error", reject);
    request.end(bytes);
  });
}

async function collect(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  const isZipped = response.headers["content-encoding"] === "gzip" && bytes.length > 0; // HEAD only says that it would be
  return (isZipped ? gunzipSync(bytes) : bytes).toString("utf8");
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, text: string): Answer {
  const json = <T>(): T => JSON.parse(text) as T;
  const entries = <T extends Resource>(): BundleEntry<T>[] => json<Bundle<T>>().entry ?? [];
  return {
    status: statusCode,
    headers,
    text,
    json,
    entries,
    at: (path) =>
      path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], json()),
    names: () => entries().map(({ resource }) => `${resource?.resourceType}/${resource?.id}`),
    code: () => json<OperationOutcome>().issue[0]?.details?.coding?.[0]?.code,
  };
}
