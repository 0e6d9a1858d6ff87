/**
 * Reads a FHIR narrative (XHTML) into a small tree of known elements without any attribute. It is our own reader and not
 * the browser's, so that no markup of a sender ever meets an HTML parser (Trusted Types), and it never fails: what it does
 * not know becomes its text, and what could act (script, style) is left out with its content.
 *
 * SPEC WEB-TEXT · https://hl7.org/fhir/R4/narrative.html#security
 */
import { endsWord } from "../../base/index.ts";
import { entityText } from "./entities.ts";

export type Shown = string | { readonly name: string; readonly children: readonly Shown[] };

const KEPT = new Set([
  "p",
  "br",
  "b",
  "strong",
  "i",
  "em",
  "ul",
  "ol",
  "li",
  "dl",
  "dt",
  "dd",
  "table",
  "thead",
  "tbody",
  "tr",
  "td",
  "th",
  "caption",
  "sub",
  "sup",
  "del",
  "ins",
  "s",
  "pre",
  "blockquote",
  "hr",
  "div",
  "span",
  "image",
  "heading",
]);
const LEFT_OUT = new Set([
  "script",
  "style",
  "head",
  "template",
  "iframe",
  "object",
  "embed",
  "svg",
  "math",
  "noscript",
  "title",
]);
const VOID = new Set(["br", "hr", "img", "col", "image"]);
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)|<(\/?)([a-zA-Z][\w:-]*)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|<[!?][^>]*>|[^<]+|</g;

type Open = { readonly name: string; readonly children: Shown[] };

/** The narrative as a tree. Unclosed elements end with their parent. */
export function readNarrative(xhtml: string): readonly Shown[] {
  const root: Open = { name: "div", children: [] };
  const stack: Open[] = [root];
  let skipping: string | undefined;
  for (const [token, cdata, closing, rawName, attributes, empty] of xhtml.matchAll(TOKEN)) {
    const name = rawName && shownName(rawName.toLowerCase());
    if (skipping !== undefined) {
      if (closing && rawName?.toLowerCase() === skipping) skipping = undefined;
      continue;
    }
    if (name === undefined) addText(stack, cdata ?? token);
    else if (closing) close(stack, name);
    else if (LEFT_OUT.has(name)) skipping = empty ? undefined : name;
    else open(stack, name, attributes ?? "", Boolean(empty));
  }
  return root.children;
}

function open(stack: Open[], name: string, attributes: string, isEmpty: boolean): void {
  const element: Open = { name, children: [] };
  if (name === "image") addText([element], imageText(attributes));
  top(stack).children.push(element);
  if (!isEmpty && !VOID.has(name)) stack.push(element);
}

function close(stack: Open[], name: string): void {
  const at = stack.findLastIndex((one) => one.name === name);
  if (at > 0) stack.length = at;
}

function addText(stack: readonly Open[], token: string): void {
  if (token.startsWith("<!") || token.startsWith("<?")) return;
  const text = entityText(token);
  if (text !== "") top(stack).children.push(text);
}

function shownName(name: string): string {
  if (/^h[1-6]$/.test(name)) return "heading"; // a narrative must not upset the page's own order of headings
  if (name === "img") return "image";
  if (name === "strike") return "s"; // what is struck out must not read as if it stood
  if (KEPT.has(name) || LEFT_OUT.has(name)) return name;
  return endsWord(name) && !name.startsWith("col") ? "div" : "span"; // words on both sides of a block stay two words
}

function imageText(attributes: string): string {
  return /\salt\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes)?.slice(1).find(Boolean) ?? "";
}

function top(stack: readonly Open[]): Open {
  const last = stack[stack.length - 1];
  if (!last) throw new RangeError("the root is never closed");
  return last;
}
