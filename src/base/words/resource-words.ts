/**
 * The words in a FHIR resource that people act on, in reading order, and the seal of them that travels in its meta: made when a version is
 * written, read in JSON and XML alike, checked by whoever shows or takes in the resource.
 *
 * SPEC BASE-WORDS-10 to BASE-WORDS-13 · failure mode F17
 */
import { narrativeWords } from "./narrative-words.ts";
import { isWordSeal, sealOfWords } from "./seal.ts";

/** The extension of `meta` whose `valueString` is the seal. */
export const WORDS_SEAL = "urn:eira:words:sha256";

export type Words = {
  /** Where in the resource, for instance `section[0].text`. */
  readonly place: string;
  /** What is sealed; of a document that is no plain text its base64 without blanks. */
  readonly text: string;
  readonly form: "plain" | "narrative" | "document";
};

type Fields = Readonly<Record<string, unknown>>;
type Find = (fields: Fields, place: string) => readonly Words[];

/** The texts of each type, in the order in which they are sealed. */
const FINDERS: Readonly<Record<string, readonly Find[]>> = {
  DiagnosticReport: [plain("conclusion"), each("conclusionCode", plain("text")), each("presentedForm", attachment)],
  Observation: [
    plain("valueString"),
    within("valueCodeableConcept", plain("text")),
    each("component", plain("valueString"), within("valueCodeableConcept", plain("text"))),
    each("note", plain("text")),
  ],
  Composition: [plain("title"), each("section", section)],
  Communication: [
    each("payload", plain("contentString"), within("contentAttachment", attachment)),
    each("note", plain("text")),
  ],
  ServiceRequest: [
    each("orderDetail", plain("text")),
    each("reasonCode", plain("text")),
    each("note", plain("text")),
    plain("patientInstruction"),
  ],
  DocumentReference: [plain("description"), each("content", within("attachment", attachment))],
  ClinicalImpression: [
    plain("description"),
    each("finding", within("itemCodeableConcept", plain("text")), plain("basis")),
    plain("summary"),
    each("note", plain("text")),
  ],
};

/** Whether resources of the type carry words that are sealed. */
export function carriesWords(type: string): boolean {
  return Object.hasOwn(FINDERS, type);
}

/** The words of a resource, its narrative last; none for types that are not sealed. */
export function wordsOf(resource: object): readonly Words[] {
  const fields = resource as Fields;
  const type = fields["resourceType"];
  if (typeof type !== "string" || !carriesWords(type)) return [];
  return [...(FINDERS[type] ?? []), within("text", narrative)].flatMap((find) => find(fields, ""));
}

/** The seal of a resource's words; nothing when it has none. */
export function sealOf(resource: object): string | undefined {
  const words = wordsOf(resource);
  return words.length === 0 ? undefined : sealOfWords(words.map(({ text }) => text));
}

/** The seal that a resource says it has; `malformed` when that is no seal or more than one. */
export function statedSeal(resource: object): string | undefined {
  const stated = extensionsOf(resource).filter(({ url }) => url === WORDS_SEAL);
  if (stated.length === 0) return undefined;
  const [{ valueString } = { valueString: undefined }, second] = stated;
  return second === undefined && isWordSeal(valueString) ? valueString : "malformed";
}

/** The resource with the seal of its words in its meta, first of meta's members, and no other seal. */
export function withSeal<T extends object>(resource: T): T {
  const seal = sealOf(resource);
  const { extension: _extension, ...meta } = fieldsOf((resource as Fields)["meta"]);
  const others = extensionsOf(resource).filter(({ url }) => url !== WORDS_SEAL);
  const extension = seal === undefined ? others : [...others, { url: WORDS_SEAL, valueString: seal }];
  if (seal === undefined && others.length === extensionsOf(resource).length) return resource;
  const whole = extension.length === 0 ? meta : { extension, ...meta };
  const { meta: _meta, ...rest } = resource as Fields;
  return (Object.keys(whole).length === 0 ? rest : { ...resource, meta: whole }) as T;
}

export type WordsJudgement =
  /** No seal came along, or only a part of the resource did. */
  | { readonly kind: "unsealed" }
  | { readonly kind: "sealed"; readonly seal: string }
  | { readonly kind: "differs"; readonly stated: string; readonly found: string | undefined };

/** Whether the words of a resource are those that were sealed. */
export function judgeWords(resource: object): WordsJudgement {
  const stated = statedSeal(resource);
  if (stated === undefined || isPart(resource)) return { kind: "unsealed" };
  const found = sealOf(resource);
  return stated === found ? { kind: "sealed", seal: stated } : { kind: "differs", stated, found };
}

function isPart(resource: object): boolean {
  return list(fieldsOf((resource as Fields)["meta"])["tag"]).some((tag) => fieldsOf(tag)["code"] === "SUBSETTED");
}

function extensionsOf(resource: object): readonly Fields[] {
  return list(fieldsOf((resource as Fields)["meta"])["extension"]).map(fieldsOf);
}

function plain(name: string): Find {
  return (fields, place) => {
    const text = fields[name];
    return typeof text === "string" ? [{ place: `${place}${name}`, text, form: "plain" }] : [];
  };
}

function within(name: string, ...finds: readonly Find[]): Find {
  return (fields, place) => finds.flatMap((find) => find(fieldsOf(fields[name]), `${place}${name}.`));
}

function each(name: string, ...finds: readonly Find[]): Find {
  return (fields, place) =>
    list(fields[name]).flatMap((one, at) => finds.flatMap((find) => find(fieldsOf(one), `${place}${name}[${at}].`)));
}

function section(fields: Fields, place: string): readonly Words[] {
  const finds = [plain("title"), within("text", narrative), each("section", section)];
  return finds.flatMap((find) => find(fields, place));
}

function narrative({ div }: Fields, place: string): readonly Words[] {
  if (typeof div !== "string") return [];
  return [{ place: place.replace(/\.$/, ""), text: narrativeWords(div), form: "narrative" }];
}

function attachment({ title, contentType, data }: Fields, place: string): readonly Words[] {
  const words: Words[] = typeof title === "string" ? [{ place: `${place}title`, text: title, form: "plain" }] : [];
  if (typeof data !== "string") return words;
  const isPlain = typeof contentType === "string" && /^text\/plain\b/i.test(contentType);
  const text = isPlain ? attachedText(data) : undefined;
  const bare = data.replaceAll(/\s+/g, "");
  words.push({ place: `${place}data`, text: text ?? bare, form: text === undefined ? "document" : "plain" });
  return words;
}

/** The text in base64, as UTF-8; nothing when it is not that. */
export function attachedText(data: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
