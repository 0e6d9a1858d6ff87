/**
 * The words of a narrative without its markup, for summaries and free-text search.
 *
 * SPEC WEB-TEXT · https://hl7.org/fhir/R4/narrative.html
 */
import { readNarrative, type Shown } from "./narrative.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  aring: "å",
  auml: "ä",
  ouml: "ö",
  Aring: "Å",
  Auml: "Ä",
  Ouml: "Ö",
  eacute: "é",
  micro: "µ",
  deg: "°",
  ge: "≥",
  le: "≤",
  ndash: "–",
  mdash: "—",
  hellip: "…",
};
const INLINE = new Set(["b", "strong", "i", "em", "span", "sub", "sup"]);

/** XHTML to plain words with single spaces; what may not be shown is not in them either. */
export function plainText(xhtml: string): string {
  return words(readNarrative(xhtml)).replace(/\s+/g, " ").trim();
}

/** Character references as the characters they stand for; an unknown one stays as it is written. */
export function entityText(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => entity(name) ?? whole);
}

function words(nodes: readonly Shown[]): string {
  return nodes
    .map((node) =>
      typeof node === "string" ? node : INLINE.has(node.name) ? words(node.children) : ` ${words(node.children)} `,
    )
    .join("");
}

function entity(name: string): string | undefined {
  if (!name.startsWith("#")) return ENTITIES[name];
  const code = name[1]?.toLowerCase() === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
