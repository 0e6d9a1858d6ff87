/**
 * A small pull parser for the XML that FHIR uses: elements, attributes, comments. No document types, no
 * entities but the five of XML and character numbers, nothing from outside, so there is nothing to expand
 * or fetch. It goes forward only, so reading takes time in proportion to the text.
 *
 * SPEC FHIR-XML · https://www.w3.org/TR/xml/ · https://hl7.org/fhir/R4/security.html#narrative
 */
import { fhirError, type FhirError, type Phrase } from "../outcomes.ts";
import { EXPECTED } from "./expected.ts";

/** A start tag: its name, attributes, and whether it ended at once. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly isEmpty: boolean;
  /** Where it begins, for errors. */
  readonly at: number;
}

const NAME = /[A-Za-z_][A-Za-z0-9_.:-]*/y;
const BLANKS = /[ \t\r\n]*/y;
const VALUE = /"[^"<]*"|'[^'<]*'/y;
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;
const DECLARATION = /<\?xml[ \t\r\n][^?]*\?>/y;
const MOST_ATTRIBUTES = 50;

export class XmlReader {
  private readonly text: string;
  private at = 0;
  /** How many more levels there may be; the caller keeps it. */
  room: number;

  /** @throws FhirError BODY_EMPTY or BODY_NOT_XML */
  constructor(source: string, depth: number) {
    this.text = source;
    this.room = depth;
    if (source.trim() === "") throw fhirError("BODY_EMPTY");
    const unreadable = NOT_XML.exec(source);
    if (unreadable) throw this.refuse(EXPECTED.characters, unreadable.index);
    if (source.startsWith("\ufeff")) this.at = 1;
    this.readDeclaration();
  }

  private readDeclaration(): void {
    const declaration = this.match(DECLARATION);
    if (declaration === undefined) return;
    const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1] ?? "UTF-8";
    if (!/^(?:utf-8|us-ascii)$/i.test(encoding)) throw this.refuse(EXPECTED.utf8, 0);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Skips blanks, comments and processing instructions, which mean nothing between elements. */
  private skipNothing(): void {
    for (;;) {
      this.match(BLANKS);
      if (this.text.startsWith("<!--", this.at)) this.skipPast("-->", 4);
      else if (this.text.startsWith("<?", this.at)) this.skipPast("?>", 2);
      else return;
    }
  }

  private skipPast(end: string, from: number): void {
    const found = this.text.indexOf(end, this.at + from);
    if (found < 0) throw this.refuse(EXPECTED.closed);
    this.at = found + end.length;
  }

  /** The next start tag; undefined when an end tag or the end of the text comes first. */
  maybeTag(): Tag | undefined {
    this.skipNothing();
    if (this.at >= this.text.length || this.text.startsWith("</", this.at)) return undefined;
    if (this.text.startsWith("<!", this.at)) throw this.refuse(EXPECTED.noDeclaration);
    if (this.text[this.at] !== "<") throw this.refuse(EXPECTED.element);
    return this.readTag();
  }

  private readTag(): Tag {
    const at = this.at++;
    const name = this.match(NAME);
    if (name === undefined) throw this.refuse(EXPECTED.name);
    const attributes = new Map<string, string>();
    for (;;) {
      const blanks = this.match(BLANKS);
      if (this.text.startsWith("/>", this.at)) {
        this.at += 2;
        return { name, attributes, isEmpty: true, at };
      }
      if (this.text[this.at] === ">") {
        this.at++;
        return { name, attributes, isEmpty: false, at };
      }
      if (blanks === "" || attributes.size >= MOST_ATTRIBUTES) throw this.refuse(EXPECTED.attribute);
      this.readAttribute(attributes);
    }
  }

  private readAttribute(into: Map<string, string>): void {
    const nameAt = this.at;
    const name = this.match(NAME);
    if (name === undefined) throw this.refuse(EXPECTED.attribute);
    if (into.has(name)) throw this.refuse(EXPECTED.once, nameAt);
    this.match(BLANKS);
    if (this.text[this.at] !== "=") throw this.refuse(EXPECTED.attribute);
    this.at++;
    this.match(BLANKS);
    const valueAt = this.at;
    const quoted = this.match(VALUE);
    if (quoted === undefined) throw this.refuse(EXPECTED.quoted);
    into.set(name, this.unescape(quoted.slice(1, -1), valueAt));
  }

  /** What an attribute's text means: line breaks in it are blanks, references are characters. */
  private unescape(text: string, at: number): string {
    const blank = text.replace(/\r\n|[\t\n\r]/g, " ");
    return blank.replace(REFERENCE, (_, name?: string, decimal?: string, hexadecimal?: string) => {
      if (name !== undefined) return NAMED[name] ?? "";
      if (decimal === undefined && hexadecimal === undefined) throw this.refuse(EXPECTED.reference, at);
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
      const character = code <= 0x10ffff ? String.fromCodePoint(code) : "\0";
      if (NOT_XML.test(character)) throw this.refuse(EXPECTED.characters, at);
      return character;
    });
  }

  /** The end tag of an element that did not end at once. */
  readEnd(tag: Tag): void {
    this.skipNothing();
    const end = `</${tag.name}`;
    if (!this.text.startsWith(end, this.at)) throw this.refuse(EXPECTED.end);
    this.at += end.length;
    this.match(BLANKS);
    if (this.text[this.at] !== ">") throw this.refuse(EXPECTED.end);
    this.at++;
  }

  /** Nothing may follow the document. */
  readDocumentEnd(): void {
    this.skipNothing();
    if (this.at < this.text.length) throw this.refuse(EXPECTED.documentEnd);
  }

  /** The text of an element just begun, tags and all, to the end of its end tag. */
  readVerbatim(tag: Tag): string {
    for (let open = tag.isEmpty ? 0 : 1; open > 0;) {
      const next = this.text.indexOf("<", this.at);
      if (next < 0) throw this.refuse(EXPECTED.closed, tag.at);
      this.at = next;
      if (this.text.startsWith("<!--", next)) this.skipPast("-->", 4);
      else if (this.text.startsWith("</", next)) {
        this.skipPast(">", 2);
        open--;
      } else if (this.text.startsWith("<!", next) || this.text.startsWith("<?", next))
        throw this.refuse(EXPECTED.noDeclaration);
      else if (!this.readTag().isEmpty) open++;
    }
    return this.text.slice(tag.at, this.at);
  }

  /** The error for the place read to, or another. */
  refuse(expected: Phrase, at = this.at): FhirError {
    const before = this.text.slice(0, at);
    const line = before.split("\n").length;
    return fhirError("BODY_NOT_XML", line, at - before.lastIndexOf("\n"), expected);
  }
}
