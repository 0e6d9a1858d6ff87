/**
 * The words of a narrative without its markup, for summaries and free-text search.
 *
 * SPEC WEB-TEXT · https://hl7.org/fhir/R4/narrative.html
 */
import { readNarrative, type Shown } from "./narrative.ts";

const INLINE = new Set(["b", "strong", "i", "em", "span", "sub", "sup"]);

/** XHTML to plain words with single spaces; what may not be shown is not in them either. */
export function plainText(xhtml: string): string {
  return words(readNarrative(xhtml)).replace(/\s+/g, " ").trim();
}

function words(nodes: readonly Shown[]): string {
  return nodes
    .map((node) =>
      typeof node === "string" ? node : INLINE.has(node.name) ? words(node.children) : ` ${words(node.children)} `,
    )
    .join("");
}
