/**
 * A note as it is being written, one for each person and patient: a QuestionnaireResponse in progress, so that it lies in the patient's record
 * under its grounds and log and nowhere else, is there after a crash, and is nobody's note. Each call brings what one window has changed.
 *
 * SPEC CLIN-NOTE-DRAFT · F34 · https://hl7.org/fhir/R4/questionnaireresponse.html
 */
import {
  FhirError,
  fhirError,
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
  requireNeed,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { actingPerson, roleReference } from "../acting.ts";
import { objectIn, textIn } from "../said.ts";
import { writing } from "./may.ts";
import { mergeSections, type DraftSection, type Pulled, type SectionChange } from "./merge.ts";
import { UNWRITABLE } from "./phrases.ts";
import { isContactKind, type ContactKind } from "./template.ts";

export const NOTE_URL = "urn:eira:anteckning";
const DRAFTS = `${NOTE_URL}:utkast`;
const KEPT = `${NOTE_URL}:rad`;
const CHOSEN = `${NOTE_URL}:kontakt`;
const MOST_SECTIONS = 80;
const LONGEST_TEXT = 50_000;

/** The contact that the note is of: one that is there, or one that is made when the note is signed. */
export type Contact =
  | { readonly kind: "there"; readonly encounter: string }
  | { readonly kind: "new"; readonly contact: ContactKind };
export type Draft = {
  readonly id: string;
  readonly version: number;
  readonly saved: string;
  /** The canonical of the template, with its version. */
  readonly template: string;
  readonly contact: Contact;
  readonly sections: readonly DraftSection[];
};
export type DraftWish = {
  readonly window: string;
  readonly turn: number;
  /** The draft that the window goes on from; null when it has seen none. */
  readonly draft: string | null;
  readonly template: string;
  readonly contact: Contact;
  readonly changes: readonly SectionChange[];
};

/** The reader's own draft for a patient; null when there is none. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function noteDraftOf(visit: Visit, patient: string): Promise<Disclosed<Draft | null>> {
  const { hsaId } = actingPerson(visit);
  const found = await searchResources(visit, "QuestionnaireResponse", [["patient", patient], ["identifier", `${DRAFTS}|${hsaId}`], ["status", "in-progress"], ["_count", "1"]]); // prettier-ignore
  return disclosedTogether([found], ([{ rows }]) => {
    const [row] = rows; // a person has one for each patient
    return row === undefined ? null : draftIn(objectIn(row.content));
  });
}

/** More windows than anybody has open. */
const ATTEMPTS = 24;

/**
 * Keeps what one window has changed, merged with what others have. Answers the draft as it stands then. Errors: NOTE_INVALID, NOTE_DRAFT_GONE
 * when the draft that the window goes on from was signed or thrown away, NO_CARE_RELATION, FORBIDDEN.
 */
export async function saveNoteDraft(visit: Visit, patient: string, wish: DraftWish): Promise<Disclosed<Draft>> {
  await writing(visit, "create");
  await requireNeed(visit, patient, `Patient/${patient} notes`);
  refuseBadWish(wish);
  for (let attempt = 1; ; attempt += 1) {
    const now = (await noteDraftOf(visit, patient)).value;
    if (wish.draft !== null && now?.id !== wish.draft) throw fhirError("NOTE_DRAFT_GONE");
    try {
      const kept = await keep(visit, patient, { wish, now });
      if (kept !== undefined) return kept;
    } catch (error) {
      const isOvertaken = error instanceof FhirError && error.code === "VERSION_CONFLICT";
      if (!isOvertaken || attempt === ATTEMPTS) throw error;
    }
    if (attempt === ATTEMPTS) throw fhirError("VERSION_CONFLICT");
  }
}

/** Nothing when another window was first. */
async function keep(
  visit: Visit,
  patient: string,
  { wish, now }: { readonly wish: DraftWish; readonly now: Draft | null },
): Promise<Disclosed<Draft> | undefined> {
  const sections = mergeSections(now?.sections ?? [], wish.changes, wish);
  if (sections.length > MOST_SECTIONS) throw fhirErrorAt("NOTE_INVALID", "changes", `1-${MOST_SECTIONS}`);
  const person = actingPerson(visit);
  const resource: JsonObject = {
    resourceType: "QuestionnaireResponse",
    ...(now === null ? {} : { id: now.id }),
    extension: [{ url: CHOSEN, valueString: JSON.stringify(wish.contact) }],
    identifier: { system: DRAFTS, value: person.hsaId },
    questionnaire: wish.template,
    status: "in-progress",
    subject: { reference: `Patient/${patient}` },
    authored: visit.clock().toISOString(),
    author: roleReference(person),
    item: sections.map(itemOf),
  };
  const common = { type: "QuestionnaireResponse", where: "QuestionnaireResponse", resource };
  const ifNoneExist = `patient=${patient}&identifier=${DRAFTS}|${person.hsaId}&status=in-progress`;
  const command: Command = now === null ? { kind: "create", ifNoneExist, ...common } : { kind: "update", id: now.id, ifMatch: String(now.version), ...common }; // prettier-ignore
  const written = await commit(visit, [command]);
  const [one] = written.value; // one command
  if (one?.content === undefined || one.content === null || one.outcome === "existed") return undefined;
  const { content } = one;
  return disclosedTogether([written], () => draftIn(parseJson(content) as JsonObject));
}

function itemOf(section: DraftSection): JsonObject {
  const { key, title, text, also, ...more } = section;
  const texts = [text, ...also.map((one) => one.text)].filter((one) => one.trim() !== "");
  return {
    extension: [{ url: KEPT, valueString: JSON.stringify({ text, also, ...more }) }],
    linkId: key,
    text: title,
    ...(texts.length === 0 ? {} : { answer: texts.map((valueString) => ({ valueString })) }),
  };
}

/** Throws a draft away in the version that was seen; its history stays. Errors: NOTE_DRAFT_GONE, VERSION_CONFLICT, FORBIDDEN. */
export async function discardNoteDraft(
  visit: Visit,
  patient: string,
  seen: { readonly id: string; readonly version: number },
): Promise<Disclosed<null>> {
  await writing(visit, "create");
  const now = (await noteDraftOf(visit, patient)).value;
  if (now?.id !== seen.id) throw fhirError("NOTE_DRAFT_GONE");
  return disclosedTogether([await commit(visit, [removalOf(seen)])], () => null);
}

/** What takes a draft away, in the version that was seen. */
export function removalOf({ id, version }: { readonly id: string; readonly version: number }): Command {
  return { kind: "delete", type: "QuestionnaireResponse", where: "QuestionnaireResponse", id, ifMatch: String(version) }; // prettier-ignore
}

function refuseBadWish({ window, turn, template, changes }: DraftWish): void {
  if (!/^[0-9A-Za-z-]{8,64}$/.test(window)) throw fhirErrorAt("NOTE_INVALID", "window", "8-64");
  if (!Number.isSafeInteger(turn) || turn < 0) throw fhirErrorAt("NOTE_INVALID", "turn", "0-");
  if (!/^\S{1,300}$/.test(template)) throw fhirErrorAt("NOTE_INVALID", "template", "url|version");
  changes.forEach((change) => refuseBadText(change));
}

/** Errors: NOTE_INVALID with the section's place. */
export function refuseBadText({ key, title, text }: Pick<SectionChange, "key" | "title" | "text">): void {
  const place = `sections.${key}`;
  if (!/^[\p{L}\p{N}-]{1,80}$/u.test(key) || title.trim() === "" || title.length > 80 || UNWRITABLE.test(title)) throw fhirErrorAt("NOTE_INVALID", place, { sv: "sökordet", en: "the search word" }); // prettier-ignore
  if (text.length > LONGEST_TEXT) throw fhirErrorAt("NOTE_INVALID", place, { sv: `${title}: högst ${LONGEST_TEXT} tecken`, en: `${title}: at most ${LONGEST_TEXT} characters` }); // prettier-ignore
  if (UNWRITABLE.test(text)) throw fhirErrorAt("NOTE_INVALID", place, { sv: `${title}: styrtecken`, en: `${title}: control characters` }); // prettier-ignore
}

function draftIn(resource: JsonObject): Draft {
  return {
    id: textIn(resource["id"]) ?? "",
    version: Number(objectOf(resource["meta"])["versionId"]),
    saved: textIn(resource["authored"]) ?? "",
    template: textIn(resource["questionnaire"]) ?? "",
    contact: contactIn(readable(kept(resource, CHOSEN))) ?? { kind: "new", contact: "besok" },
    sections: listOf(resource["item"]).map(objectOf).map(sectionIn),
  };
}

/** A section as it was kept; its answers, when what was kept cannot be read. */
function sectionIn(item: JsonObject): DraftSection {
  const state = objectOf(readable(kept(item, KEPT)));
  const answers = listOf(item["answer"]).flatMap((one) => textIn(objectOf(one)["valueString"]) ?? []);
  const also = listOf(state["also"]).map(objectOf).flatMap(({ window, turn, text }) => (typeof window === "string" && typeof turn === "number" && typeof text === "string" ? [{ window, turn, text }] : [])); // prettier-ignore
  return {
    key: textIn(item["linkId"]) ?? "",
    title: textIn(item["text"]) ?? "",
    text: typeof state["text"] === "string" ? state["text"] : answers.join("\n"),
    pulled: pulledIn(state["pulled"]) ?? [],
    window: textIn(state["window"]) ?? "",
    turn: typeof state["turn"] === "number" ? state["turn"] : 0,
    also,
  };
}

function kept(one: JsonObject, url: string): string {
  const extension = listOf(one["extension"]).map(objectOf).find((each) => each["url"] === url); // prettier-ignore
  return textIn(extension?.["valueString"]) ?? "";
}

function readable(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return null; // what stands beside it is read instead
  }
}

/** A choice of contact in JSON; nothing of what is none. */
export function contactIn(value: JsonValue | undefined): Contact | undefined {
  const { kind, encounter, contact } = isJsonObject(value) ? value : {};
  if (kind === "there" && typeof encounter === "string") return { kind, encounter };
  return kind === "new" && typeof contact === "string" && isContactKind(contact) ? { kind, contact } : undefined;
}

/** Lines that were pulled in, in JSON; nothing of what is no list of them. */
export function pulledIn(value: JsonValue | undefined): readonly Pulled[] | undefined {
  if (!isJsonArray(value) || value.length > 500) return undefined;
  const all = value.map((one) => {
    const { reference, line } = isJsonObject(one) ? one : {};
    const isOne = typeof reference === "string" && typeof line === "string" && /^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(reference) && line.length <= 60_000; // prettier-ignore
    return isOne ? { reference, line } : undefined;
  });
  return all.every((one) => one !== undefined) ? all : undefined;
}
