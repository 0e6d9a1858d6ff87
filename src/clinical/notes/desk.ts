/**
 * What somebody who writes a note needs, in one answer: the own draft, the templates in use with the likeliest first, the contacts that the note
 * can be of, and the phrases.
 *
 * SPEC CLIN-NOTE-DESK-1
 */
import { startOfDate, zonedDate } from "../../base/index.ts";
import { listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { disclosedTogether, requireNeed, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { unitReference } from "../acting.ts";
import { textIn } from "../said.ts";
import { noteDraftOf, type Contact, type Draft } from "./draft.ts";
import { maySign, writing } from "./may.ts";
import { phrasesOf, type Phrase } from "./phrases.ts";
import { kindOfContact, preferred, type ContactKind, type Template } from "./template.ts";
import { inUse, templatesOf } from "./templates.ts";

export type OwnContact = {
  readonly encounter: string;
  readonly contact: ContactKind;
  readonly title: string | null;
  readonly start: string | null;
  readonly isOngoing: boolean;
  readonly reason: string | null;
};
export type NoteDesk = {
  readonly draft: Draft | null;
  /** In use, the likeliest first. */
  readonly templates: readonly Template[];
  /** The unit's own of the patient that go on or were today, newest first. */
  readonly contacts: readonly OwnContact[];
  readonly contact: Contact;
  readonly phrases: readonly Phrase[];
  /** False of a student, whose note the supervisor signs. */
  readonly maySign: boolean;
};

/** Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function noteDesk(visit: Visit, patient: string): Promise<Disclosed<NoteDesk>> {
  const person = await writing(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} notes`);
  const { unitHsaId } = person.assignment;
  const unit = (await unitReference(visit, unitHsaId))["reference"];
  const parts = await Promise.all([
    noteDraftOf(visit, patient),
    templatesOf(visit, unitHsaId),
    searchResources(visit, "Encounter", [["patient", patient], ["status", "in-progress,arrived,triaged,onleave"], ["_count", "50"]]), // prettier-ignore
    searchResources(visit, "Encounter", [["patient", patient], ["status", "finished"], ["date", `ge${startOfToday(visit)}`], ["_count", "50"]]), // prettier-ignore
    phrasesOf(visit),
  ]);
  return disclosedTogether(parts, ([draft, templates, ongoing, today, phrases]) => {
    const rows = [...ongoing.rows, ...today.rows].map(({ content }) => parseJson(content) as JsonObject);
    const contacts = rows
      .filter((one) => objectOf(one["serviceProvider"])["reference"] === unit)
      .map(contactOf)
      .toSorted((one, other) => Number(other.isOngoing) - Number(one.isOngoing) || ((one.start ?? "") < (other.start ?? "") ? 1 : -1)); // prettier-ignore
    const [likely] = contacts.filter(({ isOngoing }) => isOngoing);
    const contact: Contact = draft?.contact ?? (likely === undefined ? { kind: "new", contact: "besok" } : { kind: "there", encounter: likely.encounter }); // prettier-ignore
    const kind = likely?.contact ?? "besok";
    return {
      draft,
      templates: preferred(inUse(templates), { unit: unitHsaId, contact: kind, title: `${person.title} ${person.assignment.role}` }), // prettier-ignore
      contacts,
      contact,
      phrases,
      maySign: maySign(person),
    };
  });
}

function startOfToday(visit: Visit): string {
  return new Date(startOfDate(zonedDate(visit.clock().getTime()))).toISOString();
}

function contactOf(encounter: JsonObject): OwnContact {
  const [type, reason] = [listOf(encounter["type"])[0], listOf(encounter["reasonCode"])[0]].map(objectOf); // the first is what it is called
  return {
    encounter: textIn(encounter["id"]) ?? "",
    contact: kindOfContact(encounter),
    title: textIn(type?.["text"]) ?? null,
    start: textIn(objectOf(encounter["period"])["start"]) ?? null,
    isOngoing: encounter["status"] !== "finished",
    reason: textIn(reason?.["text"]) ?? null,
  };
}
