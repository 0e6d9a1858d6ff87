/**
 * A note of the record (Composition) as the document that MDM carries: its words line by line, as its sections have them. The words are
 * read twice, once with lines and once without; unless they are the same ones nothing leaves (F17, F20).
 * SPEC EXCH-FEED-NOTE
 */
import { narrativeWords, singleBlanks } from "../../../base/index.ts";
import type { JsonObject, JsonValue } from "../../../fhir/index.ts";
import { objectIn, objectsIn, said, textIn } from "../json.ts";

/**
 * The note as a DocumentReference with its words. It says nothing of whether it is authenticated (TXA-17): signatures stand beside the record,
 * and come later. Errors: RangeError for words that cannot be read as they stand, and for none.
 */
export function documentOfNote(note: JsonObject): JsonObject {
  const status = textIn(note["status"]) ?? "";
  const identifier = objectIn(note["identifier"]);
  const words = objectsIn(note["section"])
    .flatMap((section) => sectionLines(section, 0))
    .join("\n");
  if (words.trim() === "") throw new RangeError("the note has no words");
  const data = Buffer.from([textIn(note["title"]), words].filter(Boolean).join("\n\n"), "utf8").toString("base64");
  return said({
    resourceType: "DocumentReference",
    id: note["id"],
    masterIdentifier: identifier["value"] === undefined ? undefined : identifier,
    status: status === "entered-in-error" ? status : "current",
    type: note["type"],
    date: note["date"],
    author: note["author"],
    content: [{ attachment: { contentType: "text/plain; charset=utf-8", data } }],
  });
}

const DEEPEST = 10;

function sectionLines(section: JsonObject, depth: number): readonly string[] {
  if (depth > DEEPEST) throw new RangeError("the note has sections within sections without end");
  const title = textIn(section["title"]);
  const words = linesOf(objectIn(section["text"])["div"]);
  const inner = objectsIn(section["section"]).flatMap((one) => sectionLines(one, depth + 1));
  return [...(title === undefined ? [] : [title]), ...words, ...inner];
}

/** What ends a line in a narrative. */
const LINE_ENDS = /<br\s*\/?>|<\/(?:p|li|div|tr|h[1-6]|dt|dd|blockquote|pre|caption|ul|ol|table)\s*>/gi;

function linesOf(div: JsonValue | undefined): readonly string[] {
  const xhtml = textIn(div);
  if (xhtml === undefined) return [];
  const lines = xhtml
    .split(LINE_ENDS)
    .map(narrativeWords)
    .filter((line) => line !== "");
  if (singleBlanks(lines.join(" ")) !== narrativeWords(xhtml))
    throw new RangeError("the note's words cannot be read as lines");
  return lines;
}
