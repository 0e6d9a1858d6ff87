/**
 * [base]/$jobs/[id]: how long work goes, its result, and its end when nobody wants it any more; and the files that it gave.
 * A job is there for its asker only.
 *
 * SPEC HTTP-JOB · https://hl7.org/fhir/R4/async.html · https://hl7.org/fhir/R5/async-bundle.html
 */
import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import { informationOutcome, writeJson, type JsonObject } from "../../../fhir/index.ts";
import {
  cancelJob,
  openJobFile,
  readJob,
  type JobView,
  type OpenedFile,
  type OutputFile,
} from "../../../journal/index.ts";
import { httpDate, refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { languageOf, sendJson, sendText } from "../../reply.ts";
import { pathParameter, route, type Exchange, type Route } from "../../route.ts";

const NDJSON = "application/fhir+ndjson";
const SOON_SECONDS = "1";
const LATER_SECONDS = "5";
const LONG_MS = 20_000;

/** Tells where the work that was asked for can be followed. */
export function sendAccepted({ request, reply, visit }: Exchange<"actor">, id: string): unknown {
  reply.header("content-location", `${visit.base}/$jobs/${id}`);
  const outcome = informationOutcome("Arbetet är påbörjat.", "The work has begun.", languageOf(request));
  return sendText(reply, 202, writeJson(outcome));
}

const status = route({
  method: "GET",
  path: "/fhir/R4/$jobs/:id",
  rule: "actor",
  run: async (exchange) => {
    const { request, reply, visit } = exchange;
    const { value: job } = await readJob(visit, pathParameter(request, "id"));
    reply.header("cache-control", "no-store");
    if (job.state === "failed" && job.error !== null)
      return sendText(reply, job.error.status, writeJson(job.error.outcome));
    if (job.state !== "done" || job.result === null) return sendProgress(exchange, job);
    reply.header("expires", httpDate(job.expires));
    return job.kind === "request" ? sendAnswer(exchange, job) : sendJson(reply, 200, manifestOf(visit.base, job));
  },
});

function sendProgress({ reply, visit }: Exchange<"actor">, job: JobView): unknown {
  const isNew = visit.clock().getTime() - Date.parse(job.created) < LONG_MS;
  const told = (job.progress?.told ?? job.state).replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 100);
  return reply
    .code(202)
    .header("x-progress", told)
    .header("retry-after", isNew ? SOON_SECONDS : LATER_SECONDS)
    .send();
}

/** The answer to a request that was not waited for. */
async function sendAnswer({ request, reply, visit }: Exchange<"actor">, job: JobView): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const [name = ""] = (job.result?.files ?? []).map((file) => file.name);
  const { value } = await openJobFile(visit, job.id, name);
  const parts: Buffer[] = [];
  for await (const part of value.open()) parts.push(part as Buffer);
  return sendText(reply, 200, Buffer.concat(parts).toString("utf8").trimEnd());
}

function manifestOf(base: string, { id, request, result }: JobView): JsonObject {
  const listed = (list: OutputFile["list"]): JsonObject[] =>
    (result?.files ?? [])
      .filter((file) => file.list === list)
      .map(({ type, name, count }) => ({ type, url: `${base}/$jobs/${id}/${name}`, count }));
  return {
    transactionTime: result?.transactionTime,
    request: (request as { readonly url: string }).url,
    requiresAccessToken: true,
    output: listed("output"),
    deleted: listed("deleted"),
    error: listed("error"),
    ...result?.more,
  };
}

const remove = route({
  method: "DELETE",
  path: "/fhir/R4/$jobs/:id",
  rule: "actor",
  run: async ({ request, reply, visit }) => {
    await cancelJob(visit, pathParameter(request, "id"));
    const outcome = informationOutcome("Arbetet är avbrutet.", "The work is cancelled.", languageOf(request));
    return sendText(reply, 202, writeJson(outcome));
  },
});

const fetchFile = route({
  method: "GET",
  path: "/fhir/R4/$jobs/:id/:file",
  rule: "actor",
  run: async (exchange) => {
    const { request, visit } = exchange;
    const opened = await openJobFile(visit, pathParameter(request, "id"), pathParameter(request, "file"));
    return sendFile(exchange, opened.value);
  },
});

function sendFile({ request, reply }: Exchange<"actor">, { file, open }: OpenedFile): unknown {
  reply.code(200).header("content-type", NDJSON).header("cache-control", "no-store").header("vary", "accept-encoding");
  if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? ""))
    return reply.header("content-length", file.bytes).send(open());
  // Whichever end breaks, the other is let go of.
  return reply.header("content-encoding", "gzip").send(pipeline(open(), createGzip({ level: 1 }), () => undefined));
}

export const jobRoutes: readonly Route[] = [status, remove, fetchFile];
