/**
 * Comma-separated values as Swedish spreadsheets open them: semicolons, CRLF, a byte order mark. A cell that a spreadsheet would
 * take for a formula is quoted as text.
 *
 * SPEC BASE-CSV · RFC 4180
 */

export type Cell = string | number | boolean | null;

const FORMULA = /^[=+\-@\t\r]/;

/** The whole file, heading first. */
export function csvOf(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${[heading, ...rows].map((row) => `${row.map(cellOf).join(";")}\r\n`).join("")}`;
}

function cellOf(cell: Cell): string {
  if (typeof cell === "boolean") return cell ? "ja" : "nej";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell ?? "") ? `'${cell}` : (cell ?? "");
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
