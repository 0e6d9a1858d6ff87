/**
 * Rows of the text files that code systems are published in: columns between tabs, semicolons or commas, with or
 * without quotes and a heading.
 *
 * SPEC TERM-IMPORT-ROWS
 */
/** A file as the importer sees it; `lines` may be asked for again. */
export type ImportFile = { readonly name: string; readonly lines: () => AsyncIterable<string> };

/** A row by the names of its columns, in lower case. */
export type NamedRow = ReadonlyMap<string, string>;

const LONGEST_LINE = 1_000_000;

/** The rows of a file. A quoted field may hold the separator and line breaks. Errors: a quote that is never closed. */
export async function* rowsOf(file: ImportFile, separator: string, quoted = true): AsyncGenerator<string[]> {
  let pending = "";
  for await (const line of file.lines()) {
    const whole = pending === "" ? withoutMark(line) : `${pending}\n${line}`;
    if (whole.length > LONGEST_LINE)
      throw new Error(`${file.name} has a row that is too long, or a quote that is never closed.`);
    if (quoted && hasOpenQuote(whole)) {
      pending = whole;
      continue;
    }
    pending = "";
    if (whole.trim() !== "") yield quoted ? split(whole, separator) : whole.split(separator);
  }
  if (pending !== "") throw new Error(`${file.name} has a quote that is never closed.`);
}

/** The rows under a heading. */
export async function* namedRowsOf(file: ImportFile, separator: string, quoted = true): AsyncGenerator<NamedRow> {
  let names: string[] | undefined;
  for await (const row of rowsOf(file, separator, quoted)) {
    if (names === undefined) names = row.map((name) => name.trim().toLowerCase());
    else yield new Map(names.map((name, at) => [name, (row[at] ?? "").trim()]));
  }
}

/** The first line, where the heading or the form of the file shows. */
export async function firstLineOf(file: ImportFile): Promise<string> {
  for await (const line of file.lines()) return withoutMark(line);
  throw new Error(`${file.name} is empty.`);
}

/** The separator that a line has most of. */
export function separatorOf(line: string): string {
  const count = (separator: string): number => line.split(separator).length;
  return ["\t", ";", ","].toSorted((a, b) => count(b) - count(a))[0] ?? "\t";
}

/** The value of the first of the names that the row has. */
export function valueOf(row: NamedRow, ...names: readonly string[]): string {
  for (const name of names) {
    const value = row.get(name);
    if (value !== undefined && value !== "") return value;
  }
  return "";
}

/** The byte order mark, which Windows puts before a text. */
function withoutMark(line: string): string {
  return line.replace(/^\ufeff/, "");
}

function hasOpenQuote(text: string): boolean {
  return (text.split('"').length - 1) % 2 === 1;
}

function split(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? "";
    if (char === '"' && isQuoted && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (char === '"') isQuoted = !isQuoted;
    else if (char === separator && !isQuoted) {
      fields.push(field);
      field = "";
    } else field += char;
  }
  return [...fields, field];
}
