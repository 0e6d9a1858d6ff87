/**
 * The escapes of search values: a backslash takes the meaning from `, | $ \`. Splitting comes first, unescaping last.
 *
 * SPEC SEARCH-ESC · https://hl7.org/fhir/R4/search.html#escaping
 */

/** Splits at the separator where it is not escaped; the pieces are still escaped. */
export function splitEscaped(text: string, separator: "," | "|" | "$"): string[] {
  if (!text.includes("\\")) return text.split(separator);
  const pieces = [""];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === "\\" && at + 1 < text.length) pieces[pieces.length - 1] += sign + text[++at]!;
    else if (sign === separator) pieces.push("");
    else pieces[pieces.length - 1] += sign;
  }
  return pieces;
}

/** The value meant by an escaped text. A backslash before any other character stands for itself. */
export function unescaped(text: string): string {
  return text.replace(/\\([,|$\\])/g, "$1");
}
