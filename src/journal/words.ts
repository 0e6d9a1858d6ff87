/**
 * The seal of words as versions are written: whatever carries words that people act on is stored with the seal of them in its meta, so
 * that it goes along in every answer; words that came with a seal are those of the seal; an answer without an answer is not taken in.
 *
 * SPEC JRN-WORDS · failure modes F17, F19
 */
import { answerFault, carriesWords, judgeWords, statedSeal, withSeal, type AnswerFault } from "../base/index.ts";
import { fhirErrorAt, parseJson, type JsonObject } from "../fhir/index.ts";
import type { CurrentRow } from "../store/index.ts";
import { isUnchanged } from "./compose.ts";

type Draft = {
  readonly command: { readonly type: string; readonly where: string };
  readonly id: string;
  readonly current: CurrentRow | undefined;
};

/**
 * A resource as it is to be stored: with the seal of its words. What stands there already word for word, sealed or not, stays as it is.
 * Errors: WORDS_DIFFER, ANSWER_EMPTY.
 */
export function withWordsSealed(resource: JsonObject, { command, id, current }: Draft): JsonObject {
  const { type, where } = command;
  if (!carriesWords(type) || (current !== undefined && isUnchanged(resource, id, current))) return resource;
  const fault = answerFault(resource);
  if (fault !== undefined) throw fhirErrorAt("ANSWER_EMPTY", placeIn(where, fault.place), WHY[fault.kind]);
  if (judgeWords(resource).kind === "differs" && !cameAlong(resource, current))
    throw fhirErrorAt("WORDS_DIFFER", where);
  return withSeal(resource);
}

const WHY: Readonly<Record<AnswerFault["kind"], { readonly sv: string; readonly en: string }>> = {
  empty: { sv: "det är ett slutsvar men säger ingenting", en: "it is final but says nothing" },
  blank: { sv: "texten är bara blanktecken", en: "the text is nothing but blanks" },
  cut: { sv: "dokumentet är inte så långt som det anges vara", en: "the document is not as long as it is said to be" },
};

/** Whoever changes what they have read sends the seal of what they have read; it says nothing of what they write. */
function cameAlong(resource: JsonObject, current: CurrentRow | undefined): boolean {
  return current !== undefined && statedSeal(parseJson(current.content) as JsonObject) === statedSeal(resource);
}

function placeIn(where: string, place: string): string {
  return place === "" ? where : `${where}.${place}`;
}
