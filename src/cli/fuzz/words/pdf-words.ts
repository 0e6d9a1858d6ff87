/**
 * The text of a PDF that Chromium printed, in the order in which it was painted: glyphs by their fonts' tables, marked stretches by the text
 * that they say they are, runs from right to left turned round. Only as much of the format as Chromium writes.
 *
 * SPEC CLI-FUZZ-11 · ISO 32000-1, 9.10 and 14.8.2.5 (reversed characters), 14.9.4 (replacement text)
 */
import { inflateSync } from "node:zlib";

type Glyphs = ReadonlyMap<string, string>;
type Part = { readonly head: string; readonly stream: string };

/** One text for each page. */
export function wordsOfPdf(pdf: Buffer): readonly string[] {
  const parts = partsOf(pdf);
  const fonts = new Map<string, Glyphs>();
  const fontOf = (id: string): Glyphs => {
    const known = fonts.get(id) ?? glyphsOf(parts, id);
    fonts.set(id, known);
    return known;
  };
  return [...parts.values()]
    .filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head))
    .map(({ head }) => {
      const own = new Map(
        [...head.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = "", id = ""]) => [name, fontOf(id)]),
      );
      return wordsIn(parts.get(/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? "")?.stream ?? "", own);
    });
}

function partsOf(pdf: Buffer): ReadonlyMap<string, Part> {
  const text = pdf.toString("latin1");
  const parts = new Map<string, Part>();
  const object = /(\d+) 0 obj\n/g;
  for (let match = object.exec(text); match !== null; match = object.exec(text)) {
    const from = match.index + match[0].length;
    const end = text.indexOf("endobj", from);
    const begin = text.indexOf("stream\n", from);
    const hasStream = begin >= 0 && begin < end;
    const head = text.slice(from, hasStream ? begin : end);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const at = begin + "stream\n".length;
    const isText = hasStream && !/\/Subtype \/(?:Image|CIDFontType0C)|\/Length1/.test(head);
    const bytes = isText ? pdf.subarray(at, at + length) : undefined;
    const stream =
      bytes === undefined ? "" : (head.includes("FlateDecode") ? inflateSync(bytes) : bytes).toString("latin1");
    parts.set(match[1] ?? "", { head, stream });
    object.lastIndex = hasStream ? at + length : end;
  }
  return parts;
}

/** A stretch that is marked: its pieces in the order they were painted, and how they are to be read. */
type Stretch = { readonly pieces: string[]; readonly said: string | undefined; readonly isReversed: boolean };

const OPERATOR =
  /\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]*)>\s*Tj|\/ReversedChars BMC|\/Span\s*<<\s*\/ActualText <([0-9A-Fa-f]*)>\s*>>\s*BDC|\b(EMC)\b|\b(BDC|BMC)\b/g;

function wordsIn(content: string, fonts: ReadonlyMap<string, Glyphs>): string {
  let font: Glyphs = new Map();
  const stack: Stretch[] = [{ pieces: [], said: undefined, isReversed: false }];
  const put = (piece: string): void => void stack.at(-1)?.pieces.push(piece);
  for (const [whole, name, hex, actual, end] of content.matchAll(OPERATOR)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map();
    else if (hex !== undefined) for (const glyph of hex.match(/.{4}/g) ?? []) put(font.get(glyph.toUpperCase()) ?? "");
    else if (end === undefined)
      stack.push({
        pieces: [],
        said: actual === undefined ? undefined : stringOf(actual),
        isReversed: whole.startsWith("/Rev"),
      });
    else if (stack.length > 1) put(readStretch(stack.pop()));
  }
  return stack.flatMap(({ pieces }) => pieces).join("");
}

function readStretch(stretch: Stretch | undefined): string {
  if (stretch === undefined) return "";
  const { pieces, said, isReversed } = stretch;
  return said ?? (isReversed ? pieces.toReversed() : pieces).join("");
}

/** UTF-16 with its mark, else bytes. */
function stringOf(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  if (!/^feff/i.test(hex)) return bytes.toString("latin1");
  return Buffer.from(bytes.subarray(2)).swap16().toString("utf16le");
}

const HEX = "<([0-9A-Fa-f]+)>";
const ONE = new RegExp(`${HEX} ${HEX}`, "g");
const RANGE = new RegExp(`${HEX} ${HEX} ${HEX}`, "g");

function glyphsOf(parts: ReadonlyMap<string, Part>, id: string): Glyphs {
  const table = parts.get(/\/ToUnicode (\d+) 0 R/.exec(parts.get(id)?.head ?? "")?.[1] ?? "")?.stream ?? "";
  const glyphs = new Map<string, string>();
  for (const [glyph, code] of groupsIn(table, /beginbfchar\n([^]*?)endbfchar/g, ONE))
    glyphs.set(nameOf(Number.parseInt(glyph, 16)), stringOf(`feff${code}`));
  for (const [low, high, code] of groupsIn(table, /beginbfrange\n([^]*?)endbfrange/g, RANGE)) {
    const [first, last, start] = [low, high, code].map((one) => Number.parseInt(one, 16)) as [number, number, number];
    for (let glyph = first; glyph <= last; glyph += 1)
      glyphs.set(nameOf(glyph), String.fromCodePoint(start + glyph - first));
  }
  return glyphs;
}

type Groups = [string, string, string];

/** What stands in the lines of a table's blocks. */
function groupsIn(table: string, block: RegExp, line: RegExp): readonly Groups[] {
  return [...table.matchAll(block)].flatMap(([, lines = ""]) =>
    [...lines.matchAll(line)].map(([, ...found]): Groups => [found[0] ?? "", found[1] ?? "", found[2] ?? ""]),
  );
}

function nameOf(glyph: number): string {
  return glyph.toString(16).padStart(4, "0").toUpperCase();
}
