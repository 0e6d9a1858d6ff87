/**
 * ICD-10-SE from Socialstyrelsen's text files: code, mark (dagger or asterisk), text between tabs, a file for each
 * length of code or one for all; also with a heading. Files of chapters and blocks have a range of codes and a text.
 *
 * SPEC TERM-IMPORT-ICD
 */
import { Draft } from "./draft.ts";
import { linkByPrefix, linkByRange } from "./prefix-hierarchy.ts";
import { firstLineOf, namedRowsOf, rowsOf, separatorOf, valueOf, type ImportFile } from "./rows.ts";

const CODE = /^[A-Z]\d{2}(?:\.?[0-9A-Z-]{0,4})?$/;
const RANGE = /^([A-Z]\d{2})\s*[-–]\s*([A-Z]\d{2})$/;
const MARK: Readonly<Record<string, string>> = { "†": "dagger", "+": "dagger", "*": "asterisk" };

export async function readIcd10Se(files: readonly ImportFile[]): Promise<Draft> {
  const draft = new Draft();
  for (const file of files) {
    const first = await firstLineOf(file);
    if (/^"?kod/i.test(first)) await readNamed(draft, file, separatorOf(first));
    else await readPlain(draft, file, separatorOf(first));
  }
  linkByPrefix(draft);
  linkByRange(draft);
  return draft;
}

async function readNamed(draft: Draft, file: ImportFile, separator: string): Promise<void> {
  for await (const row of namedRowsOf(file, separator)) {
    const text = valueOf(row, "titel", "kodtext", "text", "benämning", "klartext");
    const marked = valueOf(row, "markering", "dagger/asterisk");
    add(draft, file, { written: valueOf(row, "kod", "kod med punkt"), marked, text });
    const latin = valueOf(row, "latin", "latinskt namn");
    const concept = draft.concepts.get(codeOf(valueOf(row, "kod", "kod med punkt")).code);
    if (latin !== "") concept?.designations.push({ language: "la", value: latin });
  }
}

async function readPlain(draft: Draft, file: ImportFile, separator: string): Promise<void> {
  for await (const row of rowsOf(file, separator)) {
    const [code = "", ...rest] = row;
    const [marked, text] = rest.length === 1 ? ["", rest[0] ?? ""] : [rest[0] ?? "", rest[1] ?? ""];
    add(draft, file, { written: code, marked, text });
  }
}

type Line = { readonly written: string; readonly marked: string; readonly text: string };

function add(draft: Draft, file: ImportFile, { written, marked, text }: Line): void {
  const { code, mark } = codeOf(written);
  if (code === "" || text.trim() === "") throw new Error(`${file.name}: a row is not code and text: ${written}`);
  const concept = draft.concept(code, text.trim());
  const kind = MARK[marked.trim()] ?? mark;
  if (kind !== undefined && concept.properties.every((one) => one.code !== "mark"))
    concept.properties.push({ code: "mark", type: "code", value: kind });
}

/** A code, with the mark that some files write after it; spaces around a range's dash fall away. */
function codeOf(written: string): { code: string; mark: string | undefined } {
  const text = written.trim();
  const mark = MARK[text.at(-1) ?? ""];
  const bare = mark === undefined ? text : text.slice(0, -1);
  const range = RANGE.exec(bare);
  if (range !== null) return { code: `${range[1]}-${range[2]}`, mark: undefined };
  return { code: CODE.test(bare) ? bare : "", mark };
}
