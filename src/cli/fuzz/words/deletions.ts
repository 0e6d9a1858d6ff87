/** Whether every word of a text is missed: by the seal, and by the comparison that shows what changed. SPEC CLI-FUZZ-9 */
import { createHash } from "node:crypto";
import { canonicalWords, compareWords, sealOfWords } from "../../../base/index.ts";

const WORD = /\S+/g;

export type Missed = { readonly words: number; readonly unnoticed: readonly string[] };

/** Takes each word out by itself. `unnoticed` are those that somebody could lose without being told. */
export function deletionsOf(text: string): Missed {
  const whole = canonicalWords(text);
  const seal = sealOfWords([text]);
  if (seal !== hashOf(whole)) return { words: 0, unnoticed: [text] };
  const unnoticed: string[] = [];
  let words = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const without = text.slice(0, index) + text.slice(index + word.length);
    const rest = canonicalWords(without);
    if (rest === whole) continue;
    words += 1;
    const isTold = compareWords(text, without).pieces.some(
      ({ kind, touches }) => kind === "out" && touches !== "blank",
    );
    if (!isTold || hashOf(rest) === seal) unnoticed.push(word);
  }
  return { words, unnoticed };
}

/** What a seal of one text is, by another implementation, which is also quicker. */
function hashOf(canonical: string): string {
  return createHash("sha256").update(canonical, "utf8").digest("hex");
}
