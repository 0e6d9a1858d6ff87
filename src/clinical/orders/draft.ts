/**
 * The basket as it is being filled, one for each person and patient: a RequestGroup that is a draft, so that it lies in the patient's record
 * under its grounds and log and nowhere else, is there after a crash, and is nobody's order (LOOP-LEDGER-1).
 *
 * SPEC CLIN-ORDER-1 · https://hl7.org/fhir/R4/requestgroup.html
 */
import {
  fhirErrorAt,
  isJsonArray,
  isJsonObject,
  listOf,
  objectOf,
  parseJson,
  type JsonObject,
  type JsonValue,
} from "../../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { actingPerson, roleReference } from "../acting.ts";
import { textIn } from "../said.ts";
import { ORDER_URL } from "./catalogue.ts";
import { MOST_LINES, refuseBadLine, type OrderLine } from "./wish.ts";

const DRAFTS = `${ORDER_URL}:utkast`;
const LINE_URL = `${ORDER_URL}:rad`;

export type Draft = {
  readonly id: string;
  readonly version: number;
  readonly saved: string;
  readonly lines: readonly OrderLine[];
  /** Lines of it that cannot be read any more. */
  readonly unread: number;
};
/** The draft that was seen; null when there was none. */
export type SeenDraft = { readonly id: string; readonly version: number } | null;

/** The reader's own draft for a patient; null when there is none. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function draftOf(visit: Visit, patient: string): Promise<Disclosed<Draft | null>> {
  const found = await searchResources(visit, "RequestGroup", [["patient", patient], ["identifier", `${DRAFTS}|${actingPerson(visit).hsaId}`], ["status", "draft"], ["_count", "1"]]); // prettier-ignore
  return disclosedTogether([found], ([{ rows }]) => {
    const [row] = rows; // a person has one for each patient
    return row === undefined ? null : draftIn(parseJson(row.content) as JsonObject);
  });
}

/**
 * Keeps the basket as it stands; an empty one is taken away. Answers what is kept. Errors: ORDER_INVALID, VERSION_CONFLICT when it was
 * changed elsewhere since it was seen, NO_CARE_RELATION, FORBIDDEN.
 */
export async function saveDraft(
  visit: Visit,
  patient: string,
  { seen, lines }: { readonly seen: SeenDraft; readonly lines: readonly OrderLine[] },
): Promise<Disclosed<Draft | null>> {
  refuseTooMany(lines);
  lines.forEach(refuseBadLine);
  if (seen === null && lines.length === 0) return draftOf(visit, patient);
  const command = lines.length === 0 && seen !== null ? removal(seen) : change(visit, { patient, seen, lines });
  const written = await commit(visit, [command]);
  return disclosedTogether([written], ([[one]]) => {
    if (one === undefined || one.content === null) return null;
    // Somebody's other window was first: what it keeps is told, and nothing of it is lost.
    if (one.outcome === "existed") throw fhirErrorAt("VERSION_CONFLICT", "draft");
    return draftIn(parseJson(one.content) as JsonObject);
  });
}

/** What takes a draft away, with what was made of it. */
export function removal({ id }: { readonly id: string }): Command {
  return { kind: "delete", type: "RequestGroup", where: "RequestGroup", id };
}

export function refuseTooMany(lines: readonly OrderLine[]): void {
  if (lines.length > MOST_LINES) throw fhirErrorAt("ORDER_INVALID", "lines", { sv: `högst ${MOST_LINES} rader`, en: `at most ${MOST_LINES} lines` }); // prettier-ignore
}

type Change = { readonly patient: string; readonly seen: SeenDraft; readonly lines: readonly OrderLine[] };

function change(visit: Visit, { patient, seen, lines }: Change): Command {
  const person = actingPerson(visit);
  const resource: JsonObject = {
    resourceType: "RequestGroup",
    ...(seen === null ? {} : { id: seen.id }),
    identifier: [{ system: DRAFTS, value: person.hsaId }],
    status: "draft",
    intent: "proposal",
    subject: { reference: `Patient/${patient}` },
    authoredOn: visit.clock().toISOString(),
    author: roleReference(person),
    action: lines.map((line) => ({
      extension: [{ url: LINE_URL, valueString: JSON.stringify(line) }],
      resource: { reference: `ActivityDefinition/${line.item}` },
    })),
  };
  const common = { type: "RequestGroup", where: "RequestGroup", resource };
  if (seen !== null) return { kind: "update", id: seen.id, ifMatch: String(seen.version), ...common };
  const ifNoneExist = `patient=${patient}&identifier=${DRAFTS}|${person.hsaId}&status=draft`;
  return { kind: "create", ifNoneExist, ...common };
}

function draftIn(resource: JsonObject): Draft {
  const meta = objectOf(resource["meta"]);
  const actions = listOf(resource["action"]);
  const lines = actions.flatMap(lineIn);
  return {
    id: textIn(resource["id"]) ?? "",
    version: Number(meta["versionId"]),
    saved: textIn(resource["authoredOn"]) ?? "",
    lines,
    unread: actions.length - lines.length,
  };
}

function lineIn(action: JsonValue): readonly OrderLine[] {
  const kept = listOf(objectOf(action)["extension"]).map(objectOf).find(({ url }) => url === LINE_URL); // prettier-ignore
  const text = textIn(kept?.["valueString"]);
  const line = text === undefined ? undefined : orderLineIn(readable(text));
  return line === undefined ? [] : [line];
}

function readable(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return null; // counted among what cannot be read
  }
}

/** A line in JSON; nothing when a part of it is missing or of another kind. */
export function orderLineIn(value: JsonValue): OrderLine | undefined {
  if (!isJsonObject(value)) return undefined;
  const { item, version, receiver, goesTo, priority, when, question, history, contact, attached } = value;
  const texts = { item, version, receiver, priority, question, history, contact };
  if (!Object.values(texts).every((one) => typeof one === "string")) return undefined;
  if (!isTextOrNull(goesTo) || !isTextOrNull(when)) return undefined;
  if (!isJsonArray(attached) || !attached.every((one) => typeof one === "string")) return undefined;
  return { ...(texts as Record<keyof typeof texts, string>), goesTo, when, attached: attached.map(String) };
}

function isTextOrNull(value: JsonValue | undefined): value is string | null {
  return value === null || typeof value === "string";
}
