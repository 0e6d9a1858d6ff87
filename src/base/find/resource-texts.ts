/**
 * The texts of a resource that somebody would look for a word in: what was written, what codes are called, and what is attached as plain
 * text. Ids, references' addresses, codes and meta are none.
 *
 * SPEC BASE-FIND-5
 */
import { narrativeWords } from "../words/narrative-words.ts";
import { attachedText } from "../words/resource-words.ts";

const SAID: ReadonlySet<string> = new Set([
  "text",
  "display",
  "title",
  "description",
  "conclusion",
  "summary",
  "comment",
  "valueString",
  "contentString",
  "patientInstruction",
]);
const UNSAID: ReadonlySet<string> = new Set(["meta", "identifier", "telecom", "address", "language", "implicitRules"]);

/** The texts of a resource in the order in which they stand. Never fails: what is no text is passed over. */
export function textsOf(resource: object): readonly string[] {
  const texts: string[] = [];
  gather(resource as Readonly<Record<string, unknown>>, texts);
  return texts;
}

function gather(fields: Readonly<Record<string, unknown>>, texts: string[]): void {
  for (const [name, value] of Object.entries(fields)) {
    if (UNSAID.has(name)) continue;
    if (typeof value === "string") {
      if (name === "div") texts.push(narrativeWords(value));
      else if (name === "data") texts.push(...attached(fields["contentType"], value));
      else if (SAID.has(name)) texts.push(value);
    } else if (Array.isArray(value)) {
      for (const one of value as readonly unknown[])
        if (typeof one === "object" && one !== null) gather(one as Readonly<Record<string, unknown>>, texts);
    } else if (typeof value === "object" && value !== null) gather(value as Readonly<Record<string, unknown>>, texts);
  }
}

function attached(contentType: unknown, data: string): readonly string[] {
  if (typeof contentType !== "string" || !/^text\/plain\b/i.test(contentType)) return [];
  const text = attachedText(data);
  return text === undefined ? [] : [text];
}
