/**
 * Phrases: a short word after a full stop that becomes a longer text, one's own or the unit's. They are Libraries with the text as their
 * content; what is out of use is kept.
 *
 * SPEC CLIN-NOTE-PHRASE · https://hl7.org/fhir/R4/library.html
 */
import { attachedText } from "../../base/index.ts";
import { fhirError, fhirErrorAt, listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  readResource,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { onceUnder } from "../acting.ts";
import { objectIn, textIn } from "../said.ts";
import { keeping, writing } from "./may.ts";

const URL = "urn:eira:fras";
const UNIT = `${URL}:enhet`;
const OWN = `${URL}:person`;
const MOST = "500";
const LONGEST_TEXT = 4_000;

export type Phrase = {
  readonly id: string;
  /** What is typed after the full stop. */
  readonly short: string;
  readonly text: string;
  readonly whose: "own" | "unit";
};
export type PhraseWish = {
  readonly short: string;
  readonly text: string;
  readonly whose: "own" | "unit";
  readonly key: string;
};

/** One's own phrases and the unit's, one's own first where both have the same word. Errors: FORBIDDEN. */
export async function phrasesOf(visit: Visit): Promise<Disclosed<readonly Phrase[]>> {
  const { hsaId, assignment } = await writing(visit, "search");
  const mine = `${OWN}|${hsaId},${UNIT}|${assignment.unitHsaId}`;
  const found = await searchResources(visit, "Library", [["status", "active"], ["identifier", mine], ["_count", MOST]]); // prettier-ignore
  return disclosedTogether([found], ([{ rows }]) =>
    rows
      .flatMap(({ content }) => phraseIn(objectIn(content)))
      .toSorted((one, other) => one.short.localeCompare(other.short, "sv") || (one.whose === "own" ? -1 : 1)),
  );
}

/** Keeps a phrase. Errors: NOTE_INVALID, FORBIDDEN. */
export async function savePhrase(visit: Visit, wish: PhraseWish): Promise<Disclosed<readonly Phrase[]>> {
  const person = wish.whose === "unit" ? await keeping(visit) : await writing(visit, "create");
  const { short, text } = wish;
  if (!/^[\p{L}\p{N}]{1,20}$/u.test(short)) throw fhirErrorAt("NOTE_INVALID", "short", { sv: "bokstäver och siffror, högst 20", en: "letters and digits, at most 20" }); // prettier-ignore
  if (text.trim() === "" || text.length > LONGEST_TEXT || UNWRITABLE.test(text)) throw fhirErrorAt("NOTE_INVALID", "text", { sv: `en text på högst ${LONGEST_TEXT} tecken`, en: `a text of at most ${LONGEST_TEXT} characters` }); // prettier-ignore
  const owner = wish.whose === "own" ? { system: OWN, value: person.hsaId } : { system: UNIT, value: person.assignment.unitHsaId }; // prettier-ignore
  const same = (await phrasesOf(visit)).value.some((one) => one.whose === wish.whose && one.short === short);
  if (same) throw fhirErrorAt("NOTE_INVALID", "short", { sv: "ordet används redan", en: "the word is taken" });
  const resource: JsonObject = {
    resourceType: "Library",
    identifier: [owner],
    name: short,
    title: `.${short}`,
    status: "active",
    type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/library-type", code: "asset-collection" }] },
    date: visit.clock().toISOString(),
    content: [{ contentType: "text/plain; charset=utf-8", data: Buffer.from(text, "utf8").toString("base64") }],
  };
  const create: Command = { kind: "create", type: "Library", where: "Library", resource };
  await commit(visit, [create], onceUnder(`phrase ${person.hsaId} ${wish.key}`, wish));
  return phrasesOf(visit);
}

/** Takes a phrase out of use. Errors: NOT_FOUND (also of another's), FORBIDDEN. */
export async function retirePhrase(visit: Visit, id: string): Promise<Disclosed<readonly Phrase[]>> {
  const person = await writing(visit, "create");
  const { value } = await readResource(visit, "Library", id);
  const owners = listOf((parseJson(value.content) as JsonObject)["identifier"]).map(objectOf);
  const isOwn = owners.some((one) => one["system"] === OWN && one["value"] === person.hsaId);
  const isUnits = owners.some((one) => one["system"] === UNIT && one["value"] === person.assignment.unitHsaId);
  if (isUnits) await keeping(visit);
  else if (!isOwn) throw fhirError("NOT_FOUND");
  const operations = [{ op: "replace", path: "/status", value: "retired" }];
  const command: Command = { kind: "patch", type: "Library", where: "Library", id, operations, ifMatch: String(value.version) }; // prettier-ignore
  await commit(visit, [command]);
  return phrasesOf(visit);
}

/** Control characters but the ends of lines and tabulators, and halves of characters. */
export const UNWRITABLE = /[^\P{Cc}\n\t]|\p{Cs}/u;

function phraseIn(resource: JsonObject): readonly Phrase[] {
  const [id, short] = [textIn(resource["id"]), textIn(resource["name"])];
  const [content] = listOf(resource["content"]).map(objectOf); // a phrase is one text
  const data = textIn(content?.["data"]);
  const text = data === undefined ? undefined : attachedText(data);
  if (id === undefined || short === undefined || text === undefined) return [];
  const isOwn = listOf(resource["identifier"]).some((one) => objectOf(one)["system"] === OWN);
  return [{ id, short, text, whose: isOwn ? "own" : "unit" }];
}
