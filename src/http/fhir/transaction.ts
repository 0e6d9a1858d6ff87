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
import { commit, type CommitOptions, type Visit, type Written } from "../../journal/index.ts";
import { etag, isLenient, preferredReturn, refuseOtherFormats, type Preference } from "../headers.ts";
import { commitOptionsOf } from "../headers-write.ts";
import { resourceOf } from "../body.ts";
import { parameter, queryOf } from "../query.ts";
import { languageOf, sendText, statusOf } from "../reply.ts";
import { namesOne, outcomeOfWrite } from "../reply-written.ts";
import { route } from "../route.ts";
import { shapeOf, type Shape } from "../shape.ts";
import { definitionInstead, refuseDefinition } from "../definitions.ts";
import { commandOf, entryOf, type Entry } from "../entry.ts";
import { refuseSiblings, urnsOf } from "../entry-siblings.ts";
import { answerCall, isCall, type Calling } from "../entry-call.ts";
import { answerGet, isReading, questionOf, refuseBadQuestion, type EntryAnswer } from "../entry-get.ts";

const LARGEST_BUNDLE = 10_000;
const REASON: Readonly<Record<number, string>> = { 200: "200 OK", 201: "201 Created", 204: "204 No Content" };

/** How the answers are wanted. */
type Form = {
  readonly base: string;
  readonly preference: Preference;
  readonly shape: Shape;
  readonly language: Language;
  /** Whether reading entries pass over parameters that are not known; criteria of changes never do. */
  readonly lenient: boolean;
};

export const transaction = route({
  method: "POST",
  path: "/fhir/R4",
  rule: "actor",
  interaction: "transaction batch",
  run: async (exchange) => {
    const { request, reply, visit } = exchange;
    const parameters = queryOf(request);
    refuseOtherFormats(request, parameter(parameters, "_format"));
    const bundle = resourceOf(request, "Bundle");
    const entries = entriesOf(bundle);
    const preference = preferredReturn(request);
    const asking = { language: languageOf(request), lenient: isLenient(request) };
    const form = { base: visit.base, preference, shape: shapeOf(parameters), ...asking };
    const options = commitOptionsOf(request);
    if (bundle["type"] === "transaction") {
      const whole = entries.map((value, at) => entryAt(value, at, visit.base));
      const answers = await runTransaction(visit, whole, form, options);
      return sendText(reply, 200, bundleText("transaction-response", answers));
    }
    if (bundle["type"] !== "batch") throw fhirErrorAt("BUNDLE_TYPE", "Bundle.type");
    const answers: string[] = [];
    const names = urnsOf(entries);
    for (const [at, value] of entries.entries()) {
      const one = (): Entry => refuseSiblings(entryAt(value, at, visit.base), names);
      answers.push(await runAlone(exchange, one, form, optionsAt(options, at)));
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
  options: CommitOptions,
): Promise<string[]> {
  const changes = entries.filter((entry) => !isReading(entry));
  const commands = changes.map((entry) => refuseDefinition(commandOf(entry)));
  for (const entry of entries.filter(isReading)) await refuseBadQuestion(visit, questionOf(entry), form.lenient);
  const answers = new Map<Entry, string>();
  if (commands.length > 0) {
    const { value } = await commit(visit, commands, options);
    changes.forEach((entry, at) => answers.set(entry, answerOf(value[at] as Written, form)));
  }
  for (const entry of entries.filter(isReading)) answers.set(entry, await readingAnswer(visit, entry, form));
  return entries.map((entry) => answers.get(entry) ?? "{}");
}

/** One entry of a batch, by itself: whatever is wrong with it is told in its own answer. */
async function runAlone(
  calling: Calling,
  entryOrRefusal: () => Entry,
  form: Form,
  options: CommitOptions,
): Promise<string> {
  try {
    const entry = entryOrRefusal();
    const { visit } = calling;
    if (isCall(entry)) return await answerCall(calling, entry, options.idempotencyKey);
    if (isReading(entry)) return await readingAnswer(visit, entry, form);
    const { value } = await commit(visit, [refuseDefinition(commandOf(entry))], options);
    return answerOf(value[0] as Written, form);
  } catch (error) {
    return refusalOf(error, form);
  }
}

async function readingAnswer(visit: Visit, entry: Entry, form: Form): Promise<string> {
  try {
    const { value } = await answerGet(visit, questionOf(entry), form);
    return readText(entry, value);
  } catch (error) {
    const own = definitionRead(error, entry);
    return own === undefined ? refusalOf(error, form) : readText(entry, own);
  }
}

/** R4's own resource, when it is what the entry read and nothing else was found. */
function definitionRead(error: unknown, entry: Entry): EntryAnswer | undefined {
  if (!(error instanceof FhirError) || error.code !== "NOT_FOUND") return undefined;
  const question = questionOf(entry);
  const isRead = question.kind === "read" || question.kind === "vread";
  const text = isRead ? definitionInstead(error, question) : undefined;
  if (text === undefined) return undefined;
  return { resource: shapeOf(question.parameters)(text), response: { status: "200 OK", etag: etag(1) } };
}

function readText({ request }: Entry, { resource, response }: EntryAnswer): string {
  const isShown = resource !== undefined && request.method !== "HEAD";
  return `{${isShown ? `"resource":${resource},` : ""}"response":${JSON.stringify(response)}}`;
}

/** An expected no as the answer of one entry; anything else is a bug and fails the request. */
function refusalOf(error: unknown, { language }: Form): string {
  if (!(error instanceof FhirError)) throw error;
  return `{"response":{"status":"${error.status}","outcome":${writeJson(error.toOutcome(language))}}}`;
}

function entryAt(value: JsonValue | undefined, at: number, base: string): Entry {
  return entryOf(value, `Bundle.entry[${at}]`, base);
}

/** Each entry of a batch is done under a key of its own. */
function optionsAt({ idempotencyKey, provenance }: CommitOptions, at: number): CommitOptions {
  return { idempotencyKey: idempotencyKey === undefined ? undefined : `${idempotencyKey} ${at}`, provenance };
}

function answerOf(written: Written, { base, preference, shape, language }: Form): string {
  const { type, id, version, content, lastUpdated } = written;
  const name = `${base}/${type}/${id}`;
  const response = {
    status: REASON[statusOf(written)],
    location: content === null ? undefined : `${name}/_history/${version}`,
    ...(namesOne(written) && { etag: etag(version), lastModified: lastUpdated }),
    outcome: preference === "OperationOutcome" ? outcomeOfWrite(written, language) : undefined,
  };
  const resource = content === null || preference !== "representation" ? "" : `"resource":${shape(content)},`;
  const fullUrl = content === null ? "" : `"fullUrl":"${name}",`;
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
