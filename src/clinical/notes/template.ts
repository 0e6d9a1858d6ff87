/**
 * A template of a note: its search words (sökord) in order, for which contacts and professions it is meant, and its version. It is a FHIR
 * Questionnaire: the region's own are stored as such; a unit's version stands in a PlanDefinition, which says who wrote and who reviewed it.
 * What is read here is read without trusting that it is whole.
 *
 * SPEC CLIN-NOTE-TEMPLATE · https://hl7.org/fhir/R4/questionnaire.html
 */
import { fhirErrorAt, listOf, objectOf, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { textIn } from "../said.ts";

export const TEMPLATE_URL = "urn:eira:anteckningsmall";
/** The system of the identifier that the region's own templates have. */
export const REGION_TEMPLATES = `${TEMPLATE_URL}:region`;
export const UNIT_TEMPLATES = `${TEMPLATE_URL}:enhet`;
const CONTACT_SYSTEM = "urn:eira:kontakttyp";

/** Kinds of contacts, with the class that FHIR has for each. */
export const CONTACTS = {
  besok: { title: "Besök", class: "AMB" },
  telefon: { title: "Telefonkontakt", class: "VR" },
  digitalt: { title: "Digitalt besök", class: "VR" },
  hembesok: { title: "Hembesök", class: "HH" },
  akut: { title: "Akutbesök", class: "EMER" },
  vardtillfalle: { title: "Vårdtillfälle", class: "IMP" },
} as const;
export type ContactKind = keyof typeof CONTACTS;

export type SearchWord = {
  readonly key: string;
  readonly title: string;
  readonly code: JsonObject | null;
  /** It has to say something before the note is signed. */
  readonly isNeeded: boolean;
};
export type TemplateState = "draft" | "active" | "retired";
export type Template = {
  /** The resource that this version is. */
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly title: string;
  readonly state: TemplateState;
  readonly contacts: readonly ContactKind[];
  /** Words that the profession begins with; none for everybody. */
  readonly professions: readonly string[];
  readonly words: readonly SearchWord[];
  /** The kind of note, as a coding. */
  readonly kind: JsonObject | null;
  /** The HSA-id of the unit whose it is; null of the region's. */
  readonly unit: string | null;
  readonly proposedBy: string | null;
  readonly reviewedBy: string | null;
  readonly date: string | null;
};

export function isContactKind(text: string): text is ContactKind {
  return Object.hasOwn(CONTACTS, text);
}

/** The concept of a kind of contact. */
export function contactConcept(kind: ContactKind): JsonObject {
  const { title } = CONTACTS[kind];
  return { coding: [{ system: CONTACT_SYSTEM, code: kind, display: title }], text: title };
}

/** The kind of a contact as it is stored, also of one that another system wrote. */
export function kindOfContact(encounter: JsonObject): ContactKind {
  const codings = listOf(encounter["type"]).flatMap((one) => listOf(objectOf(one)["coding"]).map(objectOf));
  const own = codings.find(({ system }) => system === CONTACT_SYSTEM)?.["code"];
  if (typeof own === "string" && isContactKind(own)) return own;
  const [code, title] = [objectOf(encounter["class"])["code"], textIn(objectOf(listOf(encounter["type"])[0])["text"])]; // the first type is what it is called
  const kinds = Object.keys(CONTACTS) as ContactKind[];
  const named = kinds.find((kind) => CONTACTS[kind].title === title);
  return named ?? kinds.find((kind) => CONTACTS[kind].class === code) ?? "besok";
}

/** What a stored template means; nothing when it is none. */
export function templateIn(resource: JsonObject): readonly Template[] {
  if (resource["resourceType"] === "PlanDefinition") return unitTemplateIn(resource);
  return questionnaireIn(resource).map((one) => ({ ...one, id: textIn(resource["id"]) ?? "" }));
}

function unitTemplateIn(plan: JsonObject): readonly Template[] {
  const owner = listOf(plan["identifier"]).map(objectOf).find(({ system }) => system === UNIT_TEMPLATES); // prettier-ignore
  const unit = textIn(owner?.["value"]);
  const inside = listOf(plan["contained"]).map(objectOf).find((one) => one["resourceType"] === "Questionnaire"); // prettier-ignore
  if (unit === undefined || inside === undefined) return [];
  const nameOf = (name: string): string | null => textIn(objectOf(listOf(plan[name])[0])["name"]) ?? null; // one proposes, one reviews
  return questionnaireIn({ ...inside, status: plan["status"] }).map((one) => ({
    ...one,
    id: textIn(plan["id"]) ?? "",
    unit,
    proposedBy: nameOf("author"),
    reviewedBy: nameOf("reviewer"),
    date: textIn(plan["date"]) ?? null,
  }));
}

const STATES: readonly TemplateState[] = ["draft", "active", "retired"];

function questionnaireIn(resource: JsonObject): readonly Template[] {
  const [url, version, title] = ["url", "version", "title"].map((name) => textIn(resource[name]));
  const state = STATES.find((one) => one === resource["status"]);
  const words = listOf(resource["item"]).map(objectOf).flatMap(wordIn);
  if (url === undefined || title === undefined || state === undefined || words.length === 0) return [];
  const uses = (code: string): readonly string[] =>
    listOf(resource["useContext"])
      .map(objectOf)
      .filter((one) => objectOf(one["code"])["code"] === code)
      .flatMap(({ valueCodeableConcept }) => {
        const [coding] = listOf(objectOf(valueCodeableConcept)["coding"]).map(objectOf); // one coding for each use
        return textIn(coding?.["code"]) ?? textIn(objectOf(valueCodeableConcept)["text"]) ?? [];
      });
  const [kind] = listOf(resource["code"]).map(objectOf); // a note is of one kind
  return [
    {
      id: "",
      url,
      title,
      state,
      words,
      version: version ?? "",
      contacts: uses("kontakt").filter(isContactKind),
      professions: uses("yrke"),
      kind: kind ?? null,
      unit: null,
      proposedBy: null,
      reviewedBy: null,
      date: textIn(resource["date"]) ?? null,
    },
  ];
}

function wordIn(item: JsonObject): readonly SearchWord[] {
  const [key, title] = [textIn(item["linkId"]), textIn(item["text"])];
  const [code] = listOf(item["code"]).map(objectOf); // a search word has one meaning
  if (key === undefined || title === undefined) return [];
  return [{ key, title, code: code ?? null, isNeeded: item["required"] === true }];
}

export type TemplateWords = {
  readonly title: string;
  readonly contacts: readonly string[];
  readonly professions: readonly string[];
  readonly words: readonly { readonly title: string; readonly isNeeded: boolean }[];
};

export const MOST_WORDS = 40;
const LONGEST = 80;

/** Errors: NOTE_INVALID with the place. */
export function refuseBadTemplate({ title, contacts, professions, words }: TemplateWords): void {
  const wrong = (place: string, sv: string, en: string): Error => fhirErrorAt("NOTE_INVALID", place, { sv, en });
  const isName = (text: string): boolean => text.trim() !== "" && text.length <= LONGEST && !/\p{Cc}/u.test(text);
  if (!isName(title)) throw wrong("title", `ett namn på högst ${LONGEST} tecken`, `a name of at most ${LONGEST} characters`); // prettier-ignore
  if (words.length === 0 || words.length > MOST_WORDS) throw wrong("words", `1–${MOST_WORDS} sökord`, `1–${MOST_WORDS} search words`); // prettier-ignore
  words.forEach((one, at) => {
    if (!isName(one.title)) throw wrong(`words[${at}]`, `ett sökord på högst ${LONGEST} tecken`, `a search word of at most ${LONGEST} characters`); // prettier-ignore
  });
  const keys = words.map((one) => keyOf(one.title));
  const twice = keys.findIndex((key, at) => keys.indexOf(key) < at);
  if (twice >= 0) throw wrong(`words[${twice}]`, "samma sökord står två gånger", "the same search word stands twice");
  if (!contacts.every(isContactKind)) throw wrong("contacts", Object.keys(CONTACTS).join(", "), Object.keys(CONTACTS).join(", ")); // prettier-ignore
  if (professions.length > 20 || !professions.every(isName)) throw wrong("professions", "yrken", "professions");
}

/** What a search word is known by across versions: its words. */
export function keyOf(title: string): string {
  const bare = title.trim().toLocaleLowerCase("sv").replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, ""); // prettier-ignore
  return bare === "" ? "ord" : bare;
}

/** A template as the Questionnaire that is stored. Codes of the search words that the former version had are kept. */
export function questionnaireOf(
  { url, version, before }: { readonly url: string; readonly version: string; readonly before: Template | undefined },
  { title, contacts, professions, words }: TemplateWords,
): JsonObject {
  const codes = new Map((before?.words ?? []).map((one) => [one.key, one.code]));
  const use = (code: string, value: JsonValue): JsonObject => ({ code: { system: TEMPLATE_URL, code }, valueCodeableConcept: value }); // prettier-ignore
  return {
    resourceType: "Questionnaire",
    id: "mall",
    url,
    version,
    title: title.trim(),
    status: "draft",
    subjectType: ["Patient"],
    ...(before?.kind ? { code: [before.kind] } : {}),
    useContext: [
      ...contacts.filter(isContactKind).map((one) => use("kontakt", contactConcept(one))),
      ...professions.map((text) => use("yrke", { text: text.trim() })),
    ],
    item: words.map((one) => {
      const code = codes.get(keyOf(one.title)) ?? null;
      return { linkId: keyOf(one.title), ...(code === null ? {} : { code: [code] }), text: one.title.trim(), type: "text", ...(one.isNeeded ? { required: true } : {}) }; // prettier-ignore
    }),
  };
}

/** The one that whoever writes most likely wants: the own unit's before the region's, then by contact and profession. */
export function preferred<T extends Template>(
  templates: readonly T[],
  { unit, contact, title }: { readonly unit: string; readonly contact: ContactKind; readonly title: string },
): readonly T[] {
  const own = title.toLocaleLowerCase("sv");
  const rank = ({ contacts, professions, unit: whose }: T): number =>
    (contacts.includes(contact) ? 0 : contacts.length === 0 ? 4 : 8) +
    (professions.some((one) => own.includes(one.toLocaleLowerCase("sv"))) ? 0 : professions.length === 0 ? 2 : 16) +
    (whose === unit ? 0 : 1);
  return templates.toSorted((one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title, "sv"));
}
