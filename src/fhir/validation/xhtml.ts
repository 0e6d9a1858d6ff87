/**
 * The narrative's XHTML: well formed, only the elements and attributes that R4 permits, and nothing
 * that could run, load or send anything. It refuses more than a browser's sanitiser would need to, so
 * that the two can never read the same text differently.
 *
 * SPEC FHIR-XHTML · https://hl7.org/fhir/R4/narrative.html#security
 */

import type { Phrase } from "../outcomes.ts";

const ELEMENTS: ReadonlySet<string> = new Set(
  (
    "div p br h1 h2 h3 h4 h5 h6 span a img em strong b i u s strike del ins tt big small sub sup dfn code samp kbd var " +
    "cite abbr acronym address blockquote q pre hr ul ol li dl dt dd " +
    "table caption colgroup col thead tbody tfoot tr th td center font label"
  ).split(" "),
);

const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    "id class style title lang xml:lang dir href name src alt width height align valign char charoff abbr axis headers " +
    "scope rowspan colspan span frame rules border cellpadding cellspacing summary cite datetime start type value " +
    "rel accesskey tabindex shape coords bgcolor color size nowrap clear noshade compact longdesc hspace vspace"
  ).split(" "),
);

const NAMESPACE = "http://www.w3.org/1999/xhtml";
const DEEPEST = 100;

const TAG =
  /<(?:(\/)([A-Za-z][A-Za-z0-9]*)\s*|([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z_][A-Za-z0-9_:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?))>/y;
const COMMENT = /<!--(?!-?>)(?:(?!--)[^])*-->/y;
const ATTRIBUTE = /([A-Za-z_][A-Za-z0-9_:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITY = /&(?:amp|lt|gt|quot|apos|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));/g;
const LOOSE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/;

/** What is wrong with a narrative, in a few words; undefined when nothing is. */
export function narrativeFault(text: string): Phrase | undefined {
  try {
    readNarrative(text.trim());
    return undefined;
  } catch (error) {
    if (error instanceof NarrativeFault) return error.reason;
    throw error;
  }
}

const FAULT = {
  ampersand: { sv: "& skrivs &amp;", en: "& is written &amp;" },
  doubled: { sv: "ett attribut står två gånger", en: "an attribute stands twice" },
  unclosed: { sv: "ett element är inte avslutat", en: "an element is not closed" },
  order: { sv: "elementen avslutas inte i ordning", en: "elements are not closed in order" },
  link: { sv: "den har en länk som inte är tillåten", en: "it has a link that is not permitted" },
  picture: { sv: "den har en bild som inte är tillåten", en: "it has a picture that is not permitted" },
  attribute: { sv: "den har ett attribut som inte är tillåtet", en: "it has an attribute that is not permitted" },
  element: { sv: "den har ett element som inte är tillåtet", en: "it has an element that is not permitted" },
  depth: { sv: "den har för många nivåer", en: "it is nested too deeply" },
  form: { sv: "den är inte välformad", en: "it is not well formed" },
  style: { sv: "dess stil hänvisar till något utanför", en: "its style refers to something outside" },
  one: { sv: "ett enda div-element ska omsluta allt", en: "one div holds everything" },
  namespace: { sv: "div-elementet ska ange XHTML:s namnrymd", en: "the div names the XHTML namespace" },
} as const satisfies Record<string, Phrase>;

class NarrativeFault extends Error {
  readonly reason: Phrase;

  constructor(reason: Phrase) {
    super(reason.en);
    this.reason = reason;
  }
}

function readNarrative(text: string): void {
  const open: string[] = [];
  let at = 0;
  if (text === "") throw new NarrativeFault(FAULT.one);
  while (at < text.length) {
    const next = text.indexOf("<", at);
    const words = text.slice(at, next < 0 ? text.length : next);
    if (words.length > 0) readWords(words, open);
    if (next < 0) break;
    if (at > 0 && open.length === 0) throw new NarrativeFault(FAULT.one);
    const tag = readMarkup(text, next);
    follow(tag, open);
    at = tag.end;
  }
  if (open.length > 0) throw new NarrativeFault(FAULT.unclosed);
}

function readWords(words: string, open: readonly string[]): void {
  if (open.length === 0) throw new NarrativeFault(FAULT.one);
  if (LOOSE_AMPERSAND.test(words)) throw new NarrativeFault(FAULT.ampersand);
}

interface Markup {
  readonly name: string;
  readonly form: "open" | "close" | "empty" | "comment";
  readonly attributes: string;
  readonly end: number;
}

function readMarkup(text: string, at: number): Markup {
  COMMENT.lastIndex = at;
  if (COMMENT.test(text)) return { name: "", form: "comment", attributes: "", end: COMMENT.lastIndex };
  TAG.lastIndex = at;
  const match = TAG.exec(text);
  if (!match) throw new NarrativeFault(FAULT.form);
  const [, closing, closed, opened, attributes = "", empty] = match;
  const form = closing ? "close" : empty ? "empty" : "open";
  return { name: closed ?? opened ?? "", form, attributes, end: TAG.lastIndex };
}

function follow(tag: Markup, open: string[]): void {
  if (tag.form === "comment") return requireDiv(open);
  if (tag.form === "close") {
    if (open.pop() !== tag.name) throw new NarrativeFault(FAULT.order);
    return;
  }
  if (!ELEMENTS.has(tag.name)) throw new NarrativeFault(FAULT.element);
  if (open.length === 0) requireRoot(tag);
  else requireDiv(open);
  checkAttributes(tag, open.length === 0);
  if (tag.form === "open") open.push(tag.name);
  if (open.length > DEEPEST) throw new NarrativeFault(FAULT.depth);
}

function requireDiv(open: readonly string[]): void {
  if (open.length === 0) throw new NarrativeFault(FAULT.one);
}

function requireRoot(tag: Markup): void {
  if (tag.name !== "div") throw new NarrativeFault(FAULT.one);
  if (!tag.attributes.includes(`"${NAMESPACE}"`) && !tag.attributes.includes(`'${NAMESPACE}'`)) {
    throw new NarrativeFault(FAULT.namespace);
  }
}

function checkAttributes(tag: Markup, isRoot: boolean): void {
  const seen = new Set<string>();
  for (const [, name = "", double, single] of tag.attributes.matchAll(ATTRIBUTE)) {
    if (seen.has(name)) throw new NarrativeFault(FAULT.doubled);
    seen.add(name);
    const raw = double ?? single ?? "";
    if (LOOSE_AMPERSAND.test(raw)) throw new NarrativeFault(FAULT.ampersand);
    checkAttribute(name, decoded(raw), tag.name, isRoot);
  }
}

function checkAttribute(name: string, value: string, element: string, isRoot: boolean): void {
  if (name === "xmlns" && value === NAMESPACE) return;
  if (isRoot && name.startsWith("xmlns:")) return;
  if (!ATTRIBUTES.has(name)) throw new NarrativeFault(FAULT.attribute);
  if (name === "style" && isActiveStyle(value)) throw new NarrativeFault(FAULT.style);
  if (name === "src" && !isPicture(value)) throw new NarrativeFault(FAULT.picture);
  if (name === "href" && (element !== "a" || !isLink(value))) throw new NarrativeFault(FAULT.link);
  if (name === "cite" || name === "longdesc") if (!isLink(value)) throw new NarrativeFault(FAULT.link);
}

function decoded(value: string): string {
  return value.replace(ENTITY, (entity, decimal?: string, hexadecimal?: string) => {
    const point = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : undefined;
    if (point === undefined)
      return ({ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' } as Record<string, string>)[entity] ?? "'";
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\u0000";
  });
}

/** A link has a scheme that only shows or writes, or none. Browsers drop blanks and controls before they look. */
function isLink(value: string): boolean {
  const bare = value.replace(/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028\u2029\ufeff]/g, "");
  const scheme = /^([^/?#]*?):/.exec(bare)?.[1];
  return scheme === undefined || /^(?:https?|mailto|tel|urn|ftp)$/i.test(scheme);
}

/**
 * A picture is data of a picture type, or an address that is only looked at. R4's own examples show
 * pictures from elsewhere; whether to load them is for whoever shows the text (Eira's pages do not).
 */
function isPicture(value: string): boolean {
  const bare = value.trim();
  if (/^data:/i.test(bare)) return new RegExp(`^${PICTURE_DATA}$`, "i").test(bare);
  return !/^(?:mailto|tel):/i.test(bare) && isLink(value);
}

const PICTURE_DATA = "data:\\s*image/(?:png|jpe?g|gif|webp|bmp);base64,[0-9A-Za-z+/=\\s]*";
const PICTURE_IN_STYLE = new RegExp(`url\\(\\s*(?:(['"])${PICTURE_DATA}\\1|${PICTURE_DATA})\\s*\\)`, "gi");

function isActiveStyle(value: string): boolean {
  const bare = value
    .replace(PICTURE_IN_STYLE, "")
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, "");
  return /url\(|image\(|image-set\(|expression|javascript:|vbscript:|@|behaviou?r:|-moz-binding|\\|</i.test(bare);
}
