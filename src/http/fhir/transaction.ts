/**
 * POST [base]: a transaction, done whole or not at all, or a batch, each entry by itself.
 *
 * SPEC HTTP-FHIR-TRANSACTION · https://hl7.org/fhir/R4/http.html#transaction
 */
import {
  FhirError,
  fhirError,
  fhirErrorAt,
  isJsonArray,
  isJsonObject,
  outcomeOf,
  writeJson,
  type JsonObject,
  type JsonValue,
  type Language,
} from "../../fhir/index.ts";
import { commit, type Command, type Visit, type Written } from "../../journal/index.ts";
import { refuseOtherFormats, etag, header, preferredReturn } from "../headers.ts";
import { resourceOf } from "../body.ts";
import { parameter, queryOf } from "../query.ts";
import { languageOf, sendText, statusOf } from "../reply.ts";
import { route } from "../route.ts";
import { commandOf, refuseUnlessRequest, type EntryRequest } from "../entry.ts";
import { answerGet } from "../entry-get.ts";

const LARGEST_BUNDLE = 10_000;
const REASON: Readonly<Record<number, string>> = { 200: "200 OK", 201: "201 Created", 204: "204 No Content" };

type Entry = {
  readonly request: EntryRequest;
  readonly resource: JsonValue | undefined;
  readonly fullUrl: string | undefined;
  readonly where: string;
};

/** How the answers are wanted. */
type Form = { readonly minimal: boolean; readonly language: Language };

export const transaction = route({
  method: "POST",
  path: "/fhir/R4",
  rule: "actor",
  interaction: "transaction",
  run: async ({ request, reply, visit }) => {
    refuseOtherFormats(request, parameter(queryOf(request), "_format"));
    const bundle = resourceOf(request, "Bundle");
    const entries = entriesOf(bundle);
    const minimal = preferredReturn(request) === "minimal";
    const language = languageOf(request);
    if (bundle["type"] === "transaction") {
      const answers = await runTransaction(visit, entries, { minimal, language }, header(request, "idempotency-key"));
      return sendText(reply, 200, bundleText("transaction-response", answers));
    }
    if (bundle["type"] !== "batch") throw fhirErrorAt("BUNDLE_TYPE", "Bundle.type");
    const answers: string[] = [];
    for (const entry of entries) answers.push(await runAlone(visit, entry, { minimal, language }));
    return sendText(reply, 200, bundleText("batch-response", answers));
  },
});

async function runTransaction(
  visit: Visit,
  entries: readonly Entry[],
  { minimal, language }: Form,
  idempotencyKey: string | undefined,
): Promise<string[]> {
  const changes = entries.filter(({ request }) => request.method !== "GET" && request.method !== "HEAD");
  const commands = changes.map((entry) => commandOf(entry.request, entry.resource, entry.fullUrl, entry.where));
  const answers = new Map<Entry, string>();
  if (commands.length > 0) {
    const { value } = await commit(visit, commands, { idempotencyKey });
    changes.forEach((entry, at) => answers.set(entry, answerOf(value[at] as Written, visit.base, minimal)));
  }
  for (const entry of entries) {
    if (!answers.has(entry)) answers.set(entry, await readingAnswer(visit, entry, language));
  }
  return entries.map((entry) => answers.get(entry) ?? "{}");
}

async function runAlone(visit: Visit, entry: Entry, { minimal, language }: Form): Promise<string> {
  try {
    if (entry.request.method === "GET" || entry.request.method === "HEAD")
      return await readingAnswer(visit, entry, language);
    const command: Command = commandOf(entry.request, entry.resource, entry.fullUrl, entry.where);
    const { value } = await commit(visit, [command]);
    return answerOf(value[0] as Written, visit.base, minimal);
  } catch (error) {
    if (!(error instanceof FhirError) || error.status >= 500) throw error;
    const outcome = writeJson(outcomeOf(error.issues, language, error.code));
    return `{"response":{"status":"${error.status}","outcome":${outcome}}}`;
  }
}

async function readingAnswer(visit: Visit, entry: Entry, language: Language): Promise<string> {
  const { value } = await answerGet(visit, entry.request, entry.where, language);
  return `{"resource":${value},"response":{"status":"200 OK"}}`;
}

function answerOf(written: Written, base: string, minimal: boolean): string {
  const status = statusOf(written);
  const { type, id, version, content, lastUpdated } = written;
  const response = {
    status: REASON[status],
    location: content === null ? undefined : `${base}/${type}/${id}/_history/${version}`,
    etag: etag(version),
    lastModified: lastUpdated,
  };
  const resource = content === null || minimal ? "" : `"resource":${content},`;
  const fullUrl = content === null ? "" : `"fullUrl":"${base}/${type}/${id}",`;
  return `{${fullUrl}${resource}"response":${JSON.stringify(response)}}`;
}

function entriesOf(bundle: JsonObject): Entry[] {
  const entries = bundle["entry"] ?? [];
  if (!isJsonArray(entries)) throw fhirErrorAt("INVALID", "Bundle.entry");
  if (entries.length > LARGEST_BUNDLE) throw fhirError("BUNDLE_TOO_LARGE", LARGEST_BUNDLE);
  return entries.map((entry, at) => {
    const where = `Bundle.entry[${at}]`;
    if (!isJsonObject(entry)) throw fhirErrorAt("INVALID", where);
    const { request, resource, fullUrl } = entry;
    return {
      request: refuseUnlessRequest(request, where),
      resource,
      fullUrl: typeof fullUrl === "string" ? fullUrl : undefined,
      where,
    };
  });
}

function bundleText(type: string, entries: readonly string[]): string {
  const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
  return `{"resourceType":"Bundle","type":"${type}"${entry}}`;
}
