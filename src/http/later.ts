/**
 * `Prefer: respond-async`: a search, history, batch, transaction or operation is done later, in the asker's name, and its
 * answer kept for the asker. It is done by this very server through the same routes, so that it is answered alike.
 *
 * SPEC HTTP-LATER · https://hl7.org/fhir/R5/async-bundle.html
 */
import { STATUS_CODES } from "node:http";
import type { FastifyInstance } from "fastify";
import { fhirError } from "../fhir/index.ts";
import { filesOf, JobOutput, newJobId, startJob, visitOfJob, type JobRunner } from "../journal/index.ts";
import { FHIR_JSON } from "./headers.ts";
import { sendAccepted } from "./fhir/operations/job-status.ts";
import type { Exchange, Route } from "./route.ts";
import type { Sessions } from "./session.ts";

/** A request as it is kept. Its body is a file. */
type Kept = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hasBody: boolean;
};

const BODY = "request";
const INTERACTIONS: ReadonlySet<string> = new Set([
  "search-type",
  "search-system",
  "history-instance",
  "history-type",
  "history-system",
  "transaction",
]);
/** These are long work by themselves. */
const THEMSELVES: ReadonlySet<string> = new Set(["export", "import"]);
const HEADERS = ["content-type", "accept-language", "idempotency-key", "prefer", "x-provenance"] as const;
const RESPOND_ASYNC = /(^|[,;\s])respond-async\b/g;

/** True when the caller does not want to wait, and need not. */
export function isForLater({ request, visit }: Exchange, { rule, interaction, operation }: Route): boolean {
  const prefer = String(request.headers["prefer"] ?? "");
  // Long work goes on in the person's own name: what an application asks for is answered at once.
  if (visit?.actor.kind === "person" && visit.actor.app !== undefined) return false;
  if (rule !== "actor" || visit?.files === undefined || prefer.search(RESPOND_ASYNC) < 0) return false;
  if (request.method !== "GET" && request.method !== "POST") return false;
  return (
    (interaction ?? "").split(" ").some((one) => INTERACTIONS.has(one)) ||
    (operation !== undefined && !THEMSELVES.has(operation.name))
  );
}

/** Keeps the request and tells where its answer will be. Errors: TOO_MANY_REQUESTS. */
export async function doLater(exchange: Exchange<"actor">): Promise<unknown> {
  const { request, visit } = exchange;
  const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : undefined;
  const id = newJobId(visit);
  const headers: Record<string, string> = {};
  for (const name of HEADERS) {
    const value = request.headers[name];
    if (typeof value === "string") headers[name] = value.replaceAll(RESPOND_ASYNC, "$1");
  }
  const url = withoutFormat(request.raw.url ?? "");
  const kept: Kept = { method: request.method as Kept["method"], url, headers, hasBody: body !== undefined };
  try {
    if (body !== undefined) {
      const file = await filesOf(visit).create(id, BODY);
      await file.append(body);
      await file.settle();
      await file.close();
    }
  } catch (error) {
    await filesOf(visit).remove(id);
    throw error;
  }
  return sendAccepted(exchange, await startJob(visit, "request", kept, id));
}

/** Does kept requests through the server's own routes. */
export function requestRunner(server: FastifyInstance, sessions: Sessions): JobRunner {
  return async (options, job, hands) => {
    const { actor, clock } = await visitOfJob(options, job);
    const kept = job.request as Kept;
    const payload = kept.hasBody ? await filesOf(options).bytes(job.id, BODY) : undefined;
    if (kept.hasBody && payload === undefined) throw fhirError("GONE");
    // A key of its own, unless it has one: done again after a fall, it is done once.
    const own = { "idempotency-key": `job ${job.id}`, ...kept.headers, accept: FHIR_JSON, "x-eira": "1" };
    const answer = await sessions.inNameOf(actor, (token) =>
      server.inject({
        method: kept.method,
        url: kept.url,
        headers: { ...own, authorization: `Bearer ${token}` },
        payload,
      }),
    );
    if (answer.statusCode === 503) throw fhirError("UNAVAILABLE");
    hands.signal.throwIfAborted();
    const output = new JobOutput({ files: filesOf(options), job: job.id, random: options.random }, []);
    try {
      await output.append("output", "Bundle", [bundleOf(kept, answer.statusCode, answer.body)]);
      return { transactionTime: clock().toISOString(), files: output.files };
    } finally {
      await output.close();
    }
  };
}

/** The answer of a batch or transaction is a Bundle of answers already; any other becomes the one entry of one. */
function bundleOf({ method, url }: Kept, status: number, body: string): string {
  const isOk = status < 400;
  if (isOk && method === "POST" && /^\/fhir\/R4\/?(?:\?|$)/.test(url)) return body;
  const told = JSON.stringify(`${status} ${STATUS_CODES[status] ?? ""}`.trim());
  const resource = isOk && body !== "" ? `,"resource":${body}` : "";
  const outcome = !isOk && body !== "" ? `,"outcome":${body}` : "";
  return `{"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":${told}${outcome}}${resource}}]}`;
}

/** The form of the answer is settled when it is fetched. */
function withoutFormat(url: string): string {
  const [path = "", query] = url.split(/\?(.*)/s);
  if (query === undefined) return path;
  const rest = query.split("&").filter((part) => !/^_(?:format|pretty)=/.test(part));
  return rest.length === 0 ? path : `${path}?${rest.join("&")}`;
}
