/**
 * The history of a note for people: its versions with who and why, what changed in each, and who brought each line that stands.
 *
 * SPEC CLIN-NOTE-HISTORY · PDL (2008:355) 3 kap. 6 och 14 §§
 */
import { fhirError, listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import {
  disclosedTogether,
  readHistory,
  requireNeed,
  signingOfRecord,
  type Disclosed,
  type SigningState,
  type Visit,
} from "../../journal/index.ts";
import { objectIn, referenceIn, textIn } from "../said.ts";
import { blameOf, changesBetween, type Line, type Step } from "./blame.ts";
import { NOTE_URL } from "./draft.ts";
import { textLines } from "./lines.ts";

export type NoteVersion = {
  readonly version: number;
  readonly at: string;
  /** Who made it; null when the record does not say. */
  readonly by: string | null;
  /** Why it was corrected; null of what was no correction. */
  readonly reason: string | null;
  readonly signedBy: string | null;
  /** What changed since the version before it; nothing of the first. */
  readonly changes: readonly Step[];
};
export type NoteHistory = {
  /** First to last. */
  readonly versions: readonly NoteVersion[];
  /** Each line that stands, with the version that brought it. */
  readonly lines: readonly (Line & { readonly version: number })[];
  /** The template and the version of it that the note was written by. */
  readonly template: string | null;
  /** There are older versions than are told. */
  readonly more: boolean;
};

const MOST_VERSIONS = 200;

/** Errors: NOT_FOUND (also of another patient's), NO_CARE_RELATION, FORBIDDEN. */
export async function noteHistory(visit: Visit, patient: string, id: string): Promise<Disclosed<NoteHistory>> {
  await requireNeed(visit, patient, `Composition/${id}`);
  const history = await readHistory(visit, { type: "Composition", id, count: MOST_VERSIONS });
  const signing = await signingOfRecord(visit, { type: "Composition", id });
  return disclosedTogether([history, signing], ([page, state]) => {
    const rows = page.rows.flatMap(({ version, content, recorded }) => (content === null ? [] : [{ version, recorded, resource: objectIn(content) }])).toReversed(); // prettier-ignore
    const last = rows.at(-1)?.resource;
    if (last === undefined || referenceIn(last["subject"]) !== `Patient/${patient}`) throw fhirError("NOT_FOUND");
    const texts = rows.map(({ resource }) => noteLines(resource));
    return {
      versions: rows.map(({ version, recorded, resource }, at) => ({
        ...saidOf(state, version, resource),
        at: recorded,
        changes: at === 0 ? [] : changesBetween(texts[at - 1] ?? [], texts[at] ?? []),
      })),
      lines: blameOf(texts).map(({ from, ...line }) => ({ ...line, version: rows[from]?.version ?? 0 })),
      template: templateName(last),
      more: page.next !== null,
    };
  });
}

/** The lines of a note under their search words, the title first. */
export function noteLines(note: JsonObject): readonly Line[] {
  const title = textIn(note["title"]);
  const within = (sections: readonly JsonObject[]): readonly Line[] =>
    sections.flatMap((one) => {
      const section = textIn(one["title"]) ?? "";
      return [...textLines(one).map((text) => ({ section, text })), ...within(listOf(one["section"]).map(objectOf))];
    });
  return [...(title === undefined ? [] : [{ section: "", text: title }]), ...within(listOf(note["section"]).map(objectOf))]; // prettier-ignore
}

function saidOf(
  { corrections, seals }: SigningState,
  version: number,
  resource: JsonObject,
): Omit<NoteVersion, "at" | "changes"> {
  const correction = corrections.find((one) => one.version === version);
  const seal = seals.find((one) => one.version === version);
  const { author } = correction ?? {};
  const corrector = author === undefined ? undefined : author.kind === "client" ? author.name : `${author.name}, ${author.title}`; // prettier-ignore
  const writer = version === 1 ? listOf(resource["author"]).map((one) => textIn(objectOf(one)["display"])).find((one) => one !== undefined) : undefined; // prettier-ignore
  return {
    version,
    by: corrector ?? writer ?? null,
    reason: correction?.words ?? null,
    signedBy: seal === undefined ? null : `${seal.signer.name}, ${seal.signer.title}`,
  };
}

function templateName(note: JsonObject): string | null {
  const said = listOf(note["extension"]).map(objectOf).find(({ url }) => url === `${NOTE_URL}:mall`); // prettier-ignore
  const parts = listOf(said?.["extension"]).map(objectOf);
  const canonical = textIn(parts.find(({ url }) => url === "mall")?.["valueCanonical"]);
  const name = textIn(parts.find(({ url }) => url === "namn")?.["valueString"]);
  const version = canonical?.split("|")[1];
  return name === undefined ? null : version === undefined ? name : `${name}, version ${version}`;
}
