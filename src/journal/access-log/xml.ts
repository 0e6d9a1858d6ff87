/** Writing elements of national messages. SPEC JRN-LOG-STORE-1 · https://www.w3.org/TR/xml/#charsets */

const LONGEST = 256;

/** An element with a text of at most `longest` characters. */
export function inner(name: string, value: string, longest: number = LONGEST): string {
  const text = value.length <= longest ? value : Array.from(value).slice(0, longest).join("");
  return `<${name}>${escaped(text)}</${name}>`;
}

/** An element with other elements in it. */
export function element(name: string, parts: readonly string[]): string {
  return `<${name}>${parts.join("")}</${name}>`;
}

const SIGNS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };

/** XML 1.0 has no place for control characters and halves of characters. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>\r]|(?![\t\n])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (sign) => SIGNS[sign] ?? "?");
}
