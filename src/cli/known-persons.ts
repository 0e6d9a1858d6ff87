/**
 * Well-known people, whose records tempt the curious: reviewers of the access log look at those accesses first.
 *
 * SPEC CLI-CONFIG-11 · JRN-LOG-SAMPLE
 */
import { readFileSync } from "node:fs";

/** Ids or identity numbers, one a line; what follows a `#` is a note. Errors: an Error when the file cannot be read. */
export function knownPersonsIn(file: string | undefined): ReadonlySet<string> {
  if (file === undefined) return new Set();
  const lines = readFileSync(file, "utf8").split("\n");
  const names = lines.map((line) => line.replace(/#.*$/, "").trim());
  return new Set(names.filter((name) => name !== "").map((name) => name.replace(/^(\d{8})[-+](\d{4})$/, "$1$2")));
}

/** The file's people as they stand whenever a sample is drawn. Errors: an Error that names the setting, at once. */
export function knownPersonsAt(file: string | undefined): () => ReadonlySet<string> {
  const read = (): ReadonlySet<string> => {
    try {
      return knownPersonsIn(file);
    } catch (error) {
      throw new Error(`EIRA_KNOWN_PERSONS: ${file} cannot be read.`, { cause: error });
    }
  };
  read();
  return read;
}
