/**
 * Writing a note: what stands in the draft becomes a Composition by its template, with its contact and the references of what was pulled in,
 * signed in the same commit, and the draft is gone. What was shown is what is written: the identity, and each word.
 *
 * SPEC CLIN-NOTE-1 to CLIN-NOTE-8 · laws 3 and 5 of the house · F1, F17, F30 · PDL (2008:355) 3 kap. 6 och 10 §§
 */
import type { PersonActor } from "../../access/index.ts";
import { zonedDate } from "../../base/index.ts";
import { FhirError, fhirError, fhirErrorAt, listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import {
  commit,
  disclosedAfter,
  readResource,
  requireNeed,
  searchResources,
  sealWritten,
  type Command,
  type Disclosed,
  type Proof,
  type Visit,
} from "../../journal/index.ts";
import { onceUnder, roleReference, unitReference } from "../acting.ts";
import { textIn } from "../said.ts";
import { noteDraftOf, NOTE_URL, refuseBadText, removalOf, type Contact } from "./draft.ts";
import { writing } from "./may.ts";
import type { DraftSection, Pulled } from "./merge.ts";
import { refuseUnlikeRecord } from "./pull.ts";
import { CONTACTS, contactConcept, type ContactKind, type Template } from "./template.ts";
import { inUse, templatesOf } from "./templates.ts";

export type NoteWish = {
  /** One note however often it is sent. */
  readonly key: string;
  /** The identity that stood above the note: the number in the banner, null when the patient has none. */
  readonly shown: string | null;
  /** The draft as the window has it. */
  readonly draft: { readonly id: string; readonly version: number };
  readonly template: string;
  readonly contact: Contact;
  /** What stood in the window. */
  readonly sections: readonly { readonly key: string; readonly text: string }[];
  /** How whoever signs has proved who they are; null leaves the note unsigned, for the supervisor or for later. */
  readonly proof: Proof | null;
};
export type WrittenNote = { readonly note: string; readonly isSigned: boolean };

/**
 * Writes a note, and signs it when there is a proof. Errors: NOTE_INVALID, NOTE_OTHER_PATIENT, NOTE_DRAFT_CHANGED, NOTE_PULLED,
 * NO_CARE_RELATION, NOT_FOUND, FORBIDDEN, and those of `commit`.
 */
export async function writeNote(visit: Visit, patient: string, wish: NoteWish): Promise<Disclosed<WrittenNote>> {
  const person = await writing(visit, "create");
  await requireNeed(visit, patient, `Patient/${patient} notes`);
  await refuseOtherIdentity(visit, patient, wish.shown);
  const { key, draft, contact, template: canonical, proof } = wish;
  const once = onceUnder(`note ${person.hsaId} ${key}`, { patient, draft, contact, canonical, sections: wish.sections, isSigned: proof !== null }); // prettier-ignore
  const made = await commandsFor(visit, patient, { wish, person });
  const visiting = proof === null ? visit : sealing(visit, proof);
  const { value } = await commit(visiting, made.commands, once).catch((error: unknown) => {
    const isOther = error instanceof FhirError && error.code === "VERSION_CONFLICT";
    throw isOther ? fhirError(made.isGone ? "NOTE_DRAFT_GONE" : "NOTE_DRAFT_CHANGED") : error;
  });
  const note = value.find(({ type }) => type === "Composition");
  if (note === undefined) throw fhirError("NOTE_DRAFT_GONE");
  return disclosedAfter(visit, [], { note: note.id, isSigned: proof !== null });
}

/** What the new contact is called within the commit. */
const NEW_CONTACT = "urn:uuid:6f0c2f1e-8d27-4a57-9f2e-0d6f2b6a7c11";

type Making = { readonly wish: NoteWish; readonly person: PersonActor };

/** Without the draft there is nothing to write: the key that was used for it answers as before, and another one finds it gone. */
async function commandsFor(visit: Visit, patient: string, { wish, person }: Making): Promise<Made> {
  const now = (await noteDraftOf(visit, patient)).value;
  if (now?.id !== wish.draft.id) return { commands: neverDone(visit, patient, person), isGone: true };
  if (now.version !== wish.draft.version) throw fhirError("NOTE_DRAFT_CHANGED");
  const { sections } = now;
  refuseUnshown(sections, wish);
  const template = await templateOf(visit, person, wish.template);
  const said = sectionsFor(template, sections);
  refuseUnfinished(template, said);
  await refuseUnlikeRecord(visit, patient, said);
  const encounter = wish.contact.kind === "new" ? NEW_CONTACT : `Encounter/${wish.contact.encounter}`;
  if (wish.contact.kind === "there") await refuseOtherContact(visit, patient, wish.contact.encounter, person);
  const unit = await unitReference(visit, person.assignment.unitHsaId);
  const facts = { patient, person, unit, encounter, at: visit.clock().toISOString() };
  const note: Command = { kind: "create", type: "Composition", where: "Composition", resource: compositionOf(template, said, { ...facts, isSigned: wish.proof !== null }) }; // prettier-ignore
  const contact: Command[] = wish.contact.kind === "there" ? [] : [{ kind: "create", type: "Encounter", where: "Encounter", fullUrl: NEW_CONTACT, resource: encounterOf(wish.contact.contact, facts, zonedDate(visit.clock().getTime())) }]; // prettier-ignore
  return { commands: [...contact, note, removalOf(wish.draft)], isGone: false };
}

type Made = { readonly commands: readonly Command[]; readonly isGone: boolean };

/** What is refused whatever stands there, so that only the answer that was kept under the key can come of it. */
function neverDone(visit: Visit, patient: string, person: PersonActor): readonly Command[] {
  const resource = { resourceType: "Composition", status: "preliminary", type: { text: "-" }, subject: { reference: `Patient/${patient}` }, date: visit.clock().toISOString(), author: [roleReference(person)], title: "-" }; // prettier-ignore
  return [
    { kind: "create", type: "Composition", where: "Composition", resource },
    removalOf({ id: "none", version: 0 }),
  ];
}

/** What another window has written is read before it is signed. */
function refuseUnshown(sections: readonly DraftSection[], { sections: shown }: NoteWish): void {
  const texts = new Map(shown.map(({ key, text }) => [key, text]));
  for (const { key, title, text, also } of sections) {
    if (also.length > 0) throw fhirErrorAt("NOTE_INVALID", `sections.${key}`, { sv: `${title}: två fönster har skrivit; välj vad som ska stå`, en: `${title}: two windows have written; choose what is to stand` }); // prettier-ignore
    if ((texts.get(key) ?? "").trim() !== text.trim()) throw fhirError("NOTE_DRAFT_CHANGED");
  }
  const known = new Set(sections.map(({ key }) => key));
  if (shown.some(({ key, text }) => !known.has(key) && text.trim() !== "")) throw fhirError("NOTE_DRAFT_CHANGED");
}

/** The template that the note was written by: one that is in use, or was when the note was begun. */
async function templateOf(visit: Visit, { assignment }: PersonActor, canonical: string): Promise<Template> {
  const all = (await templatesOf(visit, assignment.unitHsaId)).value;
  const found = [...inUse(all), ...all.filter(({ state }) => state !== "draft")].find((one) => `${one.url}|${one.version}` === canonical); // prettier-ignore
  if (found === undefined) throw fhirErrorAt("NOTE_INVALID", "template", { sv: "mallen finns inte", en: "there is no such template" }); // prettier-ignore
  return found;
}

type Said = { readonly key: string; readonly title: string; readonly code: JsonObject | null; readonly text: string; readonly pulled: readonly Pulled[] }; // prettier-ignore

/** What was said, in the template's order; what stands under words that the template does not have comes last. */
function sectionsFor({ words }: Template, sections: readonly DraftSection[]): readonly Said[] {
  const byKey = new Map(sections.map((one) => [one.key, one]));
  const own = words.flatMap(({ key, title, code }) => {
    const one = byKey.get(key);
    return one === undefined ? [] : [{ key, title, code, text: one.text, pulled: one.pulled }];
  });
  const known = new Set(words.map(({ key }) => key));
  const others = sections.filter(({ key }) => !known.has(key)).map(({ key, title, text, pulled }) => ({ key, title, code: null, text, pulled })); // prettier-ignore
  return [...own, ...others].filter(({ text }) => text.trim() !== "");
}

function refuseUnfinished({ words }: Template, said: readonly Said[]): void {
  if (said.length === 0) throw fhirErrorAt("NOTE_INVALID", "sections", { sv: "anteckningen är tom", en: "the note is empty" }); // prettier-ignore
  said.forEach(refuseBadText);
  const keys = new Set(said.map(({ key }) => key));
  const missing = words.find(({ key, isNeeded }) => isNeeded && !keys.has(key));
  if (missing !== undefined) throw fhirErrorAt("NOTE_INVALID", `sections.${missing.key}`, { sv: `${missing.title} ska fyllas i`, en: `${missing.title} must be filled in` }); // prettier-ignore
}

/** The number that was shown is one of this patient's, who has not become another. */
async function refuseOtherIdentity(visit: Visit, patient: string, shown: string | null): Promise<void> {
  const { value } = await readResource(visit, "Patient", patient);
  const person = parseJson(value.content) as JsonObject;
  const bare = (text: string): string => text.replaceAll(/[^0-9A-Za-z]/g, "").toUpperCase();
  const numbers = listOf(person["identifier"]).flatMap((one) => textIn(objectOf(one)["value"]) ?? []).map(bare); // prettier-ignore
  const isHers = shown === null ? numbers.length === 0 : numbers.includes(bare(shown));
  const isReplaced = listOf(person["link"]).some((one) => objectOf(one)["type"] === "replaced-by");
  if (!isHers || isReplaced) throw fhirErrorAt("NOTE_OTHER_PATIENT", isReplaced ? "patient" : "shown");
}

/** Errors: NOTE_INVALID for a contact that is not the patient's, or is another unit's. */
async function refuseOtherContact(
  visit: Visit,
  patient: string,
  id: string,
  { assignment }: PersonActor,
): Promise<void> {
  const { value } = await searchResources(visit, "Encounter", [["patient", patient], ["_id", id], ["status", "planned,arrived,triaged,in-progress,onleave,finished"]]); // prettier-ignore
  const unit = (await unitReference(visit, assignment.unitHsaId))["reference"];
  const isOurs = value.rows.some(({ content }) => objectOf(objectOf(parseJson(content))["serviceProvider"])["reference"] === unit); // prettier-ignore
  if (!isOurs) throw fhirErrorAt("NOTE_INVALID", "contact", { sv: "vårdkontakten finns inte hos enheten", en: "the unit has no such contact" }); // prettier-ignore
}

type Facts = {
  readonly patient: string;
  readonly person: PersonActor;
  readonly unit: JsonObject;
  readonly encounter: string;
  readonly at: string;
};

function compositionOf(
  { url, version, title, kind }: Template,
  said: readonly Said[],
  { patient, person, unit, encounter, at, isSigned }: Facts & { readonly isSigned: boolean },
): JsonObject {
  return {
    resourceType: "Composition",
    extension: [
      {
        url: `${NOTE_URL}:mall`,
        extension: [
          { url: "mall", valueCanonical: `${url}|${version}` },
          { url: "namn", valueString: title },
        ],
      },
    ],
    status: isSigned ? "final" : "preliminary",
    type: { ...(kind === null ? {} : { coding: [kind] }), text: textIn(kind?.["display"]) ?? title },
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: encounter },
    date: at,
    author: [roleReference(person)],
    title,
    custodian: unit,
    section: said.map(sectionOf),
  };
}

function sectionOf({ title, code, text, pulled }: Said): JsonObject {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== ""); // prettier-ignore
  const entries = lines.flatMap((line) => pulled.find((one) => one.line === line) ?? []);
  const once = [...new Map(entries.map((one) => [`${one.reference} ${one.line}`, one])).values()];
  return {
    title,
    code: { ...(code === null ? {} : { coding: [code] }), text: title },
    text: { status: "additional", div: xhtml(lines) },
    ...(once.length === 0 ? {} : { entry: once.map(({ reference, line }) => ({ reference, display: line })) }),
  };
}

function xhtml(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
  return `<div xmlns="http://www.w3.org/1999/xhtml">${escaped.map((line) => `<p>${line}</p>`).join("")}</div>`;
}

/** A contact that took place on the day; when on the day nobody has said. */
function encounterOf(kind: ContactKind, { patient, person, unit }: Facts, day: string): JsonObject {
  return {
    resourceType: "Encounter",
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: CONTACTS[kind].class },
    type: [contactConcept(kind)],
    subject: { reference: `Patient/${patient}` },
    participant: [{ individual: roleReference(person) }],
    period: { start: day, end: day },
    serviceProvider: unit,
  };
}

/** The visit whose commit signs the note that it writes. */
function sealing(visit: Visit, proof: Proof): Visit {
  const { along } = visit;
  return {
    ...visit,
    along: {
      ...along,
      types: new Set([...(along?.types ?? []), "Composition"]),
      write: async (tx, writer, told) => {
        await along?.write(tx, writer, { ...told, written: told.written.filter(({ type }) => along.types.has(type)) });
        for (const version of told.written)
          if (version.type === "Composition") await sealWritten(visit, tx, version, proof);
      },
    },
  };
}
