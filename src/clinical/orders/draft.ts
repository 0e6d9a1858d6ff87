/** The basket as it is being filled, one for each person and patient; it is nobody's order. SPEC CLIN-ORDER-1 */
import {
  fhirErrorAt,
  isJsonArray,
  isJsonObject,
  listOf,
  objectOf,
  type JsonObject,
  type JsonValue,
} from "../../fhir/index.ts";
import { disclosedTogether, type Disclosed, type Visit } from "../../journal/index.ts";
import { keepDraft, keptJson, ownDraft, type KeptDraft, type SeenDraft } from "../own-draft.ts";
import { textIn } from "../said.ts";
import { ORDER_URL } from "./catalogue.ts";
import { MOST_LINES, refuseBadLine, type OrderLine } from "./wish.ts";

const DRAFTS = `${ORDER_URL}:utkast`;
const LINE_URL = `${ORDER_URL}:rad`;

export type Draft = Pick<KeptDraft, "id" | "version" | "saved"> & {
  readonly lines: readonly OrderLine[];
  /** Lines of it that cannot be read any more. */
  readonly unread: number;
};

/** The reader's own draft for a patient; null when there is none. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function draftOf(visit: Visit, patient: string): Promise<Disclosed<Draft | null>> {
  return disclosedTogether([await ownDraft(visit, patient, DRAFTS)], ([kept]) => draftIn(kept));
}

/** Keeps the basket as it stands; an empty one is taken away. Answers what is kept. Errors: ORDER_INVALID, and those of `keepDraft`. */
export async function saveDraft(
  visit: Visit,
  patient: string,
  { seen, lines }: { readonly seen: SeenDraft; readonly lines: readonly OrderLine[] },
): Promise<Disclosed<Draft | null>> {
  refuseTooMany(lines);
  lines.forEach(refuseBadLine);
  const words = lines.length === 0 ? null : { action: lines.map(actionOf) };
  return disclosedTogether([await keepDraft(visit, patient, { system: DRAFTS, seen, words })], ([kept]) =>
    draftIn(kept),
  );
}

export function refuseTooMany(lines: readonly OrderLine[]): void {
  if (lines.length > MOST_LINES) throw fhirErrorAt("ORDER_INVALID", "lines", { sv: `högst ${MOST_LINES} rader`, en: `at most ${MOST_LINES} lines` }); // prettier-ignore
}

function actionOf(line: OrderLine): JsonObject {
  return {
    extension: [{ url: LINE_URL, valueString: JSON.stringify(line) }],
    resource: { reference: `ActivityDefinition/${line.item}` },
  };
}

function draftIn(kept: KeptDraft | null): Draft | null {
  if (kept === null) return null;
  const { resource, ...draft } = kept;
  const actions = listOf(resource["action"]);
  const lines = actions.flatMap(lineIn);
  return { ...draft, lines, unread: actions.length - lines.length };
}

/** Nothing of what cannot be read: it is counted. */
function lineIn(action: JsonValue): readonly OrderLine[] {
  const kept = listOf(objectOf(action)["extension"]).map(objectOf).find(({ url }) => url === LINE_URL); // prettier-ignore
  const line = orderLineIn(keptJson(textIn(kept?.["valueString"])));
  return line === undefined ? [] : [line];
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
