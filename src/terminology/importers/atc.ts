/**
 * ATC, the index of substances, as text: code and name, then perhaps dose, unit, route and note. A substance has a row
 * for each of its daily doses.
 *
 * SPEC TERM-IMPORT-ATC · https://atcddd.fhi.no/atc/structure_and_principles/
 */
import { Draft } from "./draft.ts";
import { firstLineOf, rowsOf, separatorOf, type ImportFile } from "./rows.ts";

const CODE = /^[A-Z](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)?$/;
/** Lengths of the codes of the five levels. */
const LEVELS = [1, 3, 4, 5, 7];

export async function readAtc(files: readonly ImportFile[]): Promise<Draft> {
  const draft = new Draft();
  for (const file of files) {
    const separator = separatorOf(await firstLineOf(file));
    let isFirst = true;
    for await (const row of rowsOf(file, separator)) {
      const isHeading = isFirst && !CODE.test((row[0] ?? "").trim());
      isFirst = false;
      if (!isHeading) add(draft, file, row);
    }
  }
  for (const [code, concept] of draft.concepts) {
    const parent = LEVELS.filter((length) => length < code.length)
      .map((length) => code.slice(0, length))
      .findLast((one) => draft.concepts.has(one));
    if (parent !== undefined) concept.parents.add(parent);
  }
  return draft;
}

function add(draft: Draft, file: ImportFile, row: readonly string[]): void {
  const [code = "", name = "", dose = "", unit = "", route = ""] = row.map(known);
  if (!CODE.test(code) || name === "") throw new Error(`${file.name}: a row is not code and name: ${code}`);
  const concept = draft.concept(code, name);
  concept.abstract = code.length < 7;
  if (dose === "") return;
  const value = [dose, unit, route].filter((one) => one !== "").join(" ");
  if (concept.properties.every((one) => one.value !== value))
    concept.properties.push({ code: "ddd", type: "string", value });
}

function known(field: string): string {
  const text = field.trim();
  return text === "NA" ? "" : text;
}
