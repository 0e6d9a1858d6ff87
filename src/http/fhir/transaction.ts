/**
 * POST [base]: a transaction, done whole or not at all, or a batch, each entry by itself.
 *
 * SPEC HTTP-FHIR-TRANSACTION · https://hl7.org/fhir/R4/http.html#transaction
 */
import {
  FhirError,
  fhirErrorAt,
  isJsonArray,
  writeJson,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  type Language,
} from "../../fhir/index.ts";
import { commit, type Visit, type Written } from "../../journal/index.ts";
import { etag, idempotencyKeyOf, preferredReturn, refuseOtherFormats } from "../headers.ts";
import { resourceOf } from "../body.ts";
import { parameter, queryOf } from "../query.ts";
import { languageOf, sendText, statusOf } from "../reply.ts";
import { route } from "../route.ts";
import { commandOf, entryOf, type Entry } from "../entry.ts";
import { answerGet, questionOf, refuseBadQuestion } from "../entry-get.ts";

const LARGEST_BUNDLE = 10_000;
const REASON: Readonly<Record<number, string>> = { 200: "200 OK", 201: "201 Created", 204: "204 No Content" };

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
    const form = { minimal: preferredReturn(request) === "minimal", language: languageOf(request) };
    const key = idempotencyKeyOf(request);
    if (bundle["type"] === "transaction") {
      const answers = await runTransaction(visit, entries.map(entryAt), form, key);
      return sendText(reply, 200, bundleText("transaction-response", answers));
    }
    if (bundle["type"] !== "batch") throw fhirErrorAt("BUNDLE_TYPE", "Bundle.type");
    const answers: string[] = [];
    for (const [at, value] of entries.entries()) {
      answers.push(await runAlone(visit, () => entryAt(value, at), form, key === undefined ? key : `${key} ${at}`));
    }
    return sendText(reply, 200, bundleText("batch-response", answers));
  },
});

/**
 * Commits all changes as one, then reads. What a reading entry asks for is checked before anything is changed, so that
 * it refuses the whole; whether it finds something is told in its own answer, since the changes stand by then.
 */
async function runTransaction(
  visit: Visit,
  entries: readonly Entry[],
  form: Form,
  idempotencyKey: string | undefined,
): Promise<string[]> {
  const changes = entries.filter((entry) => !isReading(entry));
  const commands = changes.map(commandOf);
  for (const entry of entries.filter(isReading)) await refuseBadQuestion(visit, questionOf(entry));
  const answers = new Map<Entry, string>();
  if (commands.length > 0) {
    const { value } = await commit(visit, commands, { idempotencyKey });
    changes.forEach((entry, at) => answers.set(entry, answerOf(value[at] as Written, visit.base, form.minimal)));
  }
  for (const entry of entries.filter(isReading)) answers.set(entry, await readingAnswer(visit, entry, form));
  return entries.map((entry) => answers.get(entry) ?? "{}");
}

/** One entry of a batch, by itself: whatever is wrong with it is told in its own answer. */
async function runAlone(
  visit: Visit,
  entryOrRefusal: () => Entry,
  form: Form,
  key: string | undefined,
): Promise<string> {
  try {
    const entry = entryOrRefusal();
    if (isReading(entry)) return await readingAnswer(visit, entry, form);
    const { value } = await commit(visit, [commandOf(entry)], { idempotencyKey: key });
    return answerOf(value[0] as Written, visit.base, form.minimal);
  } catch (error) {
    return refusalOf(error, form);
  }
}

async function readingAnswer(visit: Visit, entry: Entry, form: Form): Promise<string> {
  try {
    const { value } = await answerGet(visit, questionOf(entry), form.language);
    const resource = entry.request.method === "HEAD" ? "" : `"resource":${value},`;
    return `{${resource}"response":{"status":"200 OK"}}`;
  } catch (error) {
    return refusalOf(error, form);
  }
}

/** An expected no as the answer of one entry; anything else is a bug and fails the request. */
function refusalOf(error: unknown, { language }: Form): string {
  if (!(error instanceof FhirError)) throw error;
  return `{"response":{"status":"${error.status}","outcome":${writeJson(error.toOutcome(language))}}}`;
}

function isReading({ request: { method } }: Entry): boolean {
  return method === "GET" || method === "HEAD";
}

function entryAt(value: JsonValue | undefined, at: number): Entry {
  return entryOf(value, `Bundle.entry[${at}]`);
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

function entriesOf(bundle: JsonObject): JsonArray {
  const entries = bundle["entry"] ?? [];
  if (!isJsonArray(entries)) throw fhirErrorAt("INVALID", "Bundle.entry");
  if (entries.length > LARGEST_BUNDLE) throw fhirErrorAt("BUNDLE_TOO_LARGE", "Bundle.entry", LARGEST_BUNDLE);
  return entries;
}

function bundleText(type: string, entries: readonly string[]): string {
  const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
  return `{"resourceType":"Bundle","type":"${type}"${entry}}`;
}
