/** The words of an element as they stand in the page, read back from its text nodes. SPEC WEB-WORDS-2 */
import { endsWord } from "../../base/index.ts";

/**
 * All text below the node in its order, with a blank where an element ends a word. What the screen says of the text itself, marked
 * `data-aside`, is none of its words.
 */
export function wordsInPage(node: Node): string {
  let words = "";
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) words += child.nodeValue ?? "";
    else if (child instanceof HTMLElement) {
      const own = child.dataset["aside"] === undefined ? wordsInPage(child) : "";
      words += endsWord(child.tagName) ? ` ${own} ` : own;
    }
  }
  return words;
}
