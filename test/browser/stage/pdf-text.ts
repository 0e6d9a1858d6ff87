/**
 * The words on each page of a PDF that Chromium printed: streams inflated, glyphs translated by the fonts' own tables.
 * Only as much of the format as Chromium writes; for tests that must see what stands on paper.
 */
import { inflateSync } from "node:zlib";

type Glyphs = ReadonlyMap<string, string>;
type Objects = ReadonlyMap<string, { readonly head: string; readonly stream: string }>;

/** One text per page. */
export function textOfPdf(pdf: Buffer): readonly string[] {
  const objects = objectsIn(pdf);
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head));
  return pages.map(({ head }) => {
    const fonts = new Map(
      [...head.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, id]) => [name ?? "", glyphsOf(objects, id ?? "")]),
    );
    const content = objects.get(/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? "")?.stream ?? "";
    return wordsIn(content, fonts);
  });
}

function objectsIn(pdf: Buffer): Objects {
  const text = pdf.toString("latin1");
  const found = new Map<string, { readonly head: string; readonly stream: string }>();
  for (const match of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const body = match[2] ?? "";
    const start = /stream\r?\n/.exec(body);
    const head = start ? body.slice(0, start.index) : body;
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const from = start ? match.index + match[0].indexOf(body) + start.index + start[0].length : 0;
    const bytes = pdf.subarray(from, from + length);
    const isText = start !== null && !/\/Subtype \/(?:Image|CIDFontType0C)|\/Length1/.test(head);
    found.set(match[1] ?? "", { head, stream: isText ? inflated(bytes, head).toString("latin1") : "" });
  }
  return found;
}

function inflated(bytes: Buffer, head: string): Buffer {
  return head.includes("FlateDecode") ? inflateSync(bytes) : bytes;
}

function wordsIn(content: string, fonts: ReadonlyMap<string, Glyphs>): string {
  let font: Glyphs = new Map();
  const words: string[] = [];
  for (const [, name, hex = ""] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map();
    else for (const glyph of hex.match(/.{4}/g) ?? []) words.push(font.get(glyph.toUpperCase()) ?? "");
  }
  return words.join("");
}

function glyphsOf(objects: Objects, id: string): Glyphs {
  const table = objects.get(/\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.head ?? "")?.[1] ?? "")?.stream ?? "";
  const glyphs = new Map<string, string>();
  for (const [, block] of table.matchAll(/beginbfchar\n([\s\S]*?)endbfchar/g)) {
    for (const [, glyph, code] of block?.matchAll(/<([0-9A-F]+)> <([0-9A-F]+)>/gi) ?? []) {
      const units = code?.match(/.{4}/g) ?? [];
      glyphs.set(glyph?.toUpperCase() ?? "", String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    }
  }
  for (const [, block] of table.matchAll(/beginbfrange\n([\s\S]*?)endbfrange/g)) {
    for (const [, low, high, code] of block?.matchAll(/<([0-9A-F]+)> <([0-9A-F]+)> <([0-9A-F]+)>/gi) ?? []) {
      const [first, last, start] = [low, high, code].map((hex) => Number.parseInt(hex ?? "0", 16)) as [
        number,
        number,
        number,
      ];
      for (let glyph = first; glyph <= last; glyph++) {
        glyphs.set(glyph.toString(16).toUpperCase().padStart(4, "0"), String.fromCharCode(start + glyph - first));
      }
    }
  }
  return glyphs;
}
