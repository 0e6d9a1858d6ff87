/**
 * Writing a letter: its words made from a template or by hand, each recipient with the way that it goes, in one commit with its
 * deliveries. What cannot reach a recipient is refused before anything is written; the ledger asks once more in the transaction.
 *
 * SPEC CLIN-LETTER-4 · F3, F7, F8
 */
import { PROTECTED_STAFF, type PersonActor } from "../../access/index.ts";
import { withSeal } from "../../base/index.ts";
import { fhirError, fhirErrorAt, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import { commit, readResource, requireNeed, searchResources, type Visit } from "../../journal/index.ts";
import { letterContent, recipientFacts, TRANSPORTS, transportsFor, type Transport } from "../../loop/index.ts";
import { onceUnder } from "../acting.ts";
import { objectIn } from "../said.ts";
import { fillWords, KIND_WORDS, LONGEST_TEXT, LONGEST_TITLE, refuseBadWords, type LetterKind } from "./compose.ts";
import { bookingOf, nameOf } from "./options.ts";
import { kindIn, staff } from "./templates.ts";

export const LETTER_SYSTEM = "urn:eira:letter";
const TRANSPORT_URL = "urn:eira:letter:transport";
const TEMPLATE_URL = "urn:eira:letter:template";

export type LetterWords = {
  readonly kind: string;
  /** The template's id; null is words of one's own under a title of one's own. */
  readonly template: string | null;
  readonly title: string;
  readonly text: string;
  /** The booking that a call is about. */
  readonly booking: string | null;
};
export type PostalAddress = Readonly<Record<"name" | "line" | "postalCode" | "city", string>>;
export type LetterRecipient = {
  /** `Patient/…`, `RelatedPerson/…` or the id of a unit's list; of an address nothing. */
  readonly to: string;
  readonly way: Transport;
  readonly address: PostalAddress | null;
};
export type LetterWish = LetterWords & { readonly recipients: readonly LetterRecipient[]; readonly key: string };
export type ComposedLetter = {
  readonly kind: LetterKind;
  readonly title: string;
  readonly text: string;
  readonly template: string | null;
};

const MOST_RECIPIENTS = 20;

/** The letter as its recipients will read it. Errors: LETTER_INVALID, NO_CARE_RELATION, NOT_FOUND. */
export async function composeLetter(visit: Visit, patient: string, wish: LetterWords): Promise<ComposedLetter> {
  const { person, reach } = await staff(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} letters`);
  const kind = kindIn(wish.kind);
  if (wish.template === null) {
    refuseBadWords(wish.title, "title", LONGEST_TITLE);
    refuseBadWords(wish.text, "text", LONGEST_TEXT);
    return { kind, title: wish.title.trim(), text: wish.text, template: null };
  }
  const all = await visit.store.read(reach, (look) => look.letters.templatesOf(person.assignment.unitHsaId));
  const template = all.find(({ id, state }) => id === wish.template && state === "current");
  if (template === undefined || template.kind !== kind) throw fhirErrorAt("LETTER_INVALID", "template", { sv: "mallen används inte", en: "the template is not in use" }); // prettier-ignore
  if (wish.text.trim() !== "") refuseBadWords(wish.text, "text", LONGEST_TEXT);
  const booking = wish.booking === null ? undefined : await bookingFor(visit, patient, wish.booking);
  const shown = objectIn((await readResource(visit, "Patient", patient)).value.content);
  const filled = {
    // What is withheld of somebody whose identity is protected is put into no words.
    namn: protectionLabels(shown).length === 0 ? nameOf(shown) : null,
    tid: booking?.time ?? null,
    plats: booking?.place ?? null,
    enhet: person.assignment.unit,
    fritext: wish.text.trim(),
  };
  const [title, text] = [fillWords(template.title, filled), fillWords(template.words, filled)];
  return { kind, title, text, template: `${template.id}|${template.version}` };
}

/** Sends a letter; the same key again is the same letter. Answers its id. Errors: as above, and LETTER_NO_WAY. */
export async function sendLetter(visit: Visit, patient: string, wish: LetterWish): Promise<string> {
  const { person } = await staff(visit, "update");
  const composed = await composeLetter(visit, patient, wish);
  const { recipients, key, booking } = wish;
  if (recipients.length === 0 || recipients.length > MOST_RECIPIENTS)
    throw fhirErrorAt("LETTER_INVALID", "recipients", `1-${MOST_RECIPIENTS}`);
  recipients.forEach(refuseBadAddress);
  const resource = await letterOf(visit, { patient, person, composed, recipients, booking });
  await refuseWithoutWays(visit, patient, resource, recipients);
  const written = await commit(
    visit,
    [{ kind: "create", type: "Communication", resource, where: "Communication" }],
    onceUnder(`letter ${person.hsaId} ${key}`, { patient, ...wish }),
  );
  const [one] = written.value; // one was asked for
  if (one === undefined) throw fhirError("NOT_FOUND");
  return one.id;
}

const LONGEST_PART: Readonly<Record<keyof PostalAddress, number>> = { name: 100, line: 200, postalCode: 6, city: 60 };
const MOST_LINES = 3;
const PART_NAMES: Readonly<Record<keyof PostalAddress, { readonly sv: string; readonly en: string }>> = {
  name: { sv: "namn på den som ska ha brevet", en: "the name of whoever gets the letter" },
  line: { sv: "gata, box eller c/o på högst tre rader", en: "street, box or c/o on at most three lines" },
  postalCode: { sv: "postnummer: fem siffror", en: "postal code: five digits" },
  city: { sv: "ort", en: "city" },
};

/** An address that somebody has typed is one that the post can deliver to. Errors: LETTER_INVALID with its place. */
function refuseBadAddress({ address }: LetterRecipient, at: number): void {
  if (address === null) return;
  for (const part of Object.keys(LONGEST_PART) as (keyof PostalAddress)[]) {
    const text = address[part];
    const isLine = part === "line";
    const isWritable = !(isLine ? /[^\P{Cc}\n]|\p{Cs}/u : /\p{Cc}|\p{Cs}/u).test(text);
    const isFull = text.trim() !== "" && text.length <= LONGEST_PART[part] && (part !== "postalCode" || POSTAL_CODE.test(text)); // prettier-ignore
    const lines = text.split("\n");
    const isShort = !isLine || (lines.length <= MOST_LINES && lines.every((one) => one.trim() !== ""));
    if (!isWritable || !isFull || !isShort) throw fhirErrorAt("LETTER_INVALID", `recipients[${at}].address.${part}`, PART_NAMES[part]); // prettier-ignore
  }
}

/** Of Sweden: 123 45. */
const POSTAL_CODE = /^[1-9]\d{2} ?\d{2}$/;

type Made = {
  readonly patient: string;
  readonly person: PersonActor;
  readonly composed: ComposedLetter;
  readonly recipients: readonly LetterRecipient[];
  readonly booking: string | null;
};

async function letterOf(visit: Visit, { patient, person, composed, recipients, booking }: Made): Promise<JsonObject> {
  const { kind, title, text, template } = composed;
  const units = await unitsOf(visit, recipients);
  const addressed = recipients.map(({ to, way, address }, at) => ({
    reference: address === null ? (units.get(to) ?? to) : `#a${at}`,
    ...(way === "inbox" ? {} : { extension: [{ url: TRANSPORT_URL, valueCode: way }] }),
  }));
  const contained = recipients.flatMap(
    ({ address }, at) =>
    address === null ? [] : [{ resourceType: "Organization", id: `a${at}`, name: address.name, address: [{ line: address.line.split("\n"), postalCode: spaced(address.postalCode), city: address.city.trim().toUpperCase() }] }], // prettier-ignore
  );
  return withSeal({
    resourceType: "Communication",
    ...(contained.length === 0 ? {} : { contained }),
    ...(template === null ? {} : { extension: [{ url: TEMPLATE_URL, valueString: template }] }),
    status: "completed",
    category: [{ coding: [{ system: LETTER_SYSTEM, code: kind }], text: KIND_WORDS[kind] }],
    subject: { reference: `Patient/${patient}` },
    topic: { text: title },
    ...(booking === null ? {} : { about: [{ reference: `Appointment/${booking}` }] }),
    sent: visit.clock().toISOString(),
    recipient: addressed,
    sender: {
      reference: `PractitionerRole/${person.assignment.id}`,
      display: `${person.protectedIdentity === true ? PROTECTED_STAFF : person.name}, ${person.title}, ${person.assignment.unit}`,
    },
    payload: [{ contentString: text }],
  }) as JsonObject;
}

/** 123 45, as the post writes it. */
function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3).trim()}`;
}

/** Units are chosen by their lists; a letter names them by the directory. Errors: LETTER_NO_WAY. */
async function unitsOf(visit: Visit, recipients: readonly LetterRecipient[]): Promise<ReadonlyMap<string, string>> {
  const ids = recipients.flatMap(({ to, address }) => (address === null && !to.includes("/") ? [to] : []));
  if (ids.length === 0) return new Map();
  const { reach } = await staff(visit, "search");
  const lists = await visit.store.read(reach, (look) => look.loops.worklistsAbove(ids));
  const known = lists.filter(({ id, status }) => ids.includes(id) && status === "open");
  const units = new Map(
    known.flatMap(({ id, organization }) => (organization === null ? [] : [[id, organization] as const])),
  );
  const missing = ids.find((id) => !units.has(id));
  if (missing !== undefined) throw fhirErrorAt("LETTER_NO_WAY", "recipients", missing);
  return units;
}

async function refuseWithoutWays(
  visit: Visit,
  patient: string,
  letter: JsonObject,
  recipients: readonly LetterRecipient[],
): Promise<void> {
  const { reach } = await staff(visit, "search");
  const content = letterContent(letter, visit);
  await refuseTypedOfProtected(visit, patient, recipients);
  await visit.store.read(reach, async (look) => {
    for (const [at, { to, way, address }] of recipients.entries()) {
      const isUnit = address === null && !to.includes("/");
      const facts = isUnit
        ? ({ kind: "unit", hasInbox: true } as const)
        : await recipientFacts({ look, options: visit, patient }, address === null ? to : `#a${at}`, letter);
      const ways = facts === undefined ? [] : transportsFor(facts, content);
      if (!TRANSPORTS.includes(way) || !ways.includes(way))
        throw fhirErrorAt("LETTER_NO_WAY", `recipients[${at}]`, way);
    }
  });
}

/** Whoever is protected is written to by the tax agency's relay, and about to units: nothing of them goes to an address that somebody types. */
async function refuseTypedOfProtected(
  visit: Visit,
  patient: string,
  recipients: readonly LetterRecipient[],
): Promise<void> {
  const at = recipients.findIndex(({ address }) => address !== null);
  if (at < 0) return;
  const person = objectIn((await readResource(visit, "Patient", patient)).value.content);
  if (protectionLabels(person).length > 0) throw fhirErrorAt("LETTER_NO_WAY", `recipients[${at}]`, "paper");
}

async function bookingFor(visit: Visit, patient: string, id: string): Promise<ReturnType<typeof bookingOf>> {
  const found = await searchResources(visit, "Appointment", [["_id", id], ["patient", patient]]); // prettier-ignore
  const [row] = found.value.rows; // by its id
  if (row === undefined) throw fhirErrorAt("LETTER_INVALID", "booking", { sv: "bokningen finns inte", en: "there is no such booking" }); // prettier-ignore
  return bookingOf(objectIn(row.content));
}
