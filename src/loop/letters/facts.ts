/**
 * What decides by which ways each recipient of a letter can be reached, read in the transaction that writes the letter: whoever posts a
 * Communication through the API is told by the same rules as the screens.
 *
 * SPEC LOOP-LETTER-2 · F7, F8
 */
import { isJsonArray, isJsonObject, listOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { hasNumber, numbersIn, reachedPatient, shownAtDoor, type JournalOptions } from "../../journal/index.ts";
import type { Intent, Opening } from "../intents.ts";
import { transportsFor, type LetterContent, type RecipientFacts } from "./transports.ts";

export type LetterScope = {
  readonly look: Parameters<typeof reachedPatient>[0];
  readonly options: JournalOptions;
  /** Whose letter it is: another patient's page is no way to this one. */
  readonly patient: string | null;
};

/** The ways that letters go, and which can go none. */
export async function withTransports(
  scope: LetterScope,
  resource: JsonObject,
  intents: readonly Intent[],
): Promise<readonly Intent[]> {
  const content = letterContent(resource, scope.options);
  const all: Intent[] = [];
  for (const intent of intents) {
    const isLetter = intent.do === "open" && intent.kind === "letter";
    all.push(
      isLetter ? withTransport(intent, await recipientFacts(scope, intent.recipient, resource), content) : intent,
    );
  }
  return all;
}

function withTransport(intent: Opening, facts: RecipientFacts | undefined, content: LetterContent): Opening {
  const ways = facts === undefined ? [] : transportsFor(facts, content);
  const [best] = ways; // the first is the best
  if (best === undefined) return { ...intent, unsendable: "no transport" };
  const { transport } = intent;
  if (transport !== undefined && transport !== null && !ways.includes(transport))
    return { ...intent, unsendable: `no transport: ${transport}` };
  return { ...intent, transport: transport ?? best };
}

/** What is known of a recipient that a letter names; nothing of one that is not there. */
export async function recipientFacts(
  { look, options, patient }: LetterScope,
  recipient: string,
  letter: JsonObject = {},
): Promise<RecipientFacts | undefined> {
  if (recipient.startsWith("#")) {
    const contained = listOf(letter["contained"]).find((one) => isJsonObject(one) && one["id"] === recipient.slice(1));
    return { kind: "address", isComplete: isJsonObject(contained) && addressLines(contained) !== undefined };
  }
  const reached = patient === null ? undefined : await reachedPatient(look, options, patient);
  if (reached === undefined) return undefined;
  const { content, isProtected, isDead, page } = reached;
  if (recipient === `Patient/${patient}`) {
    const hasAddress = addressLines(content) !== undefined;
    return { kind: "patient", isDead, isProtected, page, hasAddress, hasNumber: hasNumber(content) };
  }
  const row = recipient.startsWith("RelatedPerson/")
    ? await look.read("RelatedPerson", recipient.split("/")[1] ?? "")
    : undefined;
  const relative = row === undefined ? undefined : (parseJson(row.content) as JsonObject);
  const of = isJsonObject(relative?.["patient"]) ? relative["patient"]["reference"] : undefined;
  if (relative === undefined || of !== `Patient/${patient}`) return undefined;
  const mayRead = reached.mayRead(numbersIn(relative));
  return { kind: "relative", isProtected, mayRead, hasAddress: addressLines(relative) !== undefined };
}

/** What a letter says, as far as it decides by which ways it can go. */
export function letterContent(resource: JsonObject, options: JournalOptions): LetterContent {
  const payload = listOf(resource["payload"]).filter(isJsonObject);
  const texts = payload.flatMap(({ contentString }) => (typeof contentString === "string" ? [contentString] : []));
  const { patient, others } = shownAtDoor(resource, options);
  return {
    isEmpty: payload.length === 0 || (texts.length === payload.length && texts.join("").trim() === ""),
    isText: texts.length === payload.length,
    isForPatient: patient,
    isForOthers: others,
  };
}

/** The lines of an address as the post takes it; nothing when a part is missing. Not a temporary or an old one. */
export function addressLines(person: JsonObject): readonly string[] | undefined {
  const { address } = person;
  const usable = (isJsonArray(address) ? address : [address ?? null]).filter(isJsonObject);
  for (const { line, city, postalCode, use } of usable) {
    const lines = listOf(line).filter((one) => typeof one === "string" && one.trim() !== "") as string[];
    if (use === "old" || lines.length === 0 || typeof city !== "string" || typeof postalCode !== "string") continue;
    return [...lines, `${postalCode} ${city}`];
  }
  return undefined;
}
