/** Turns tables into committed TypeScript: one line per key, so that a change can be read in a diff. */

/** The file's opening comment; says how it is made, so that nobody edits it by hand. */
export function header(what: string): string {
  return `/** ${what} Generated from the R4 definitions by scripts/generate; do not edit. */\n`;
}

/** `JSON.parse(…)` of an object with one line per member: the engine reads it faster than a literal. */
export function jsonTable(table: Readonly<Record<string, unknown>>): string {
  const lines = Object.keys(table)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(table[key])}`);
  return `JSON.parse(${template(`{\n${lines.join(",\n")}\n}`)})`;
}

/** A template literal that evaluates to exactly this text. */
export function template(text: string): string {
  return `\`${text.replace(/[\\`]|\$\{/g, "\\$&")}\``;
}
