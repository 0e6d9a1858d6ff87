/**
 * KVÅ, the Swedish classification of care measures, from a text file of its table: code and text, with or without a
 * heading. Groups are the codes' beginnings.
 *
 * SPEC TERM-IMPORT-KVA
 */
import { Draft } from "./draft.ts";
import { linkByPrefix } from "./prefix-hierarchy.ts";
import { firstLineOf, namedRowsOf, rowsOf, separatorOf, valueOf, type ImportFile } from "./rows.ts";

const CODE = /^[A-Z][A-Z0-9]{0,4}$/;

export async function readKva(files: readonly ImportFile[]): Promise<Draft> {
  const draft = new Draft();
  for (const file of files) {
    const first = await firstLineOf(file);
    const separator = separatorOf(first);
    if (/(^|[\t;,"])(åtgärds)?kod/i.test(first)) {
      for await (const row of namedRowsOf(file, separator)) {
        const code = valueOf(row, "kod", "åtgärdskod");
        const concept = add(draft, file, code, valueOf(row, "titel", "kodtext", "åtgärdstext", "text", "benämning"));
        const note = valueOf(row, "beskrivning", "beskrivningstext");
        if (note !== "") concept.definition = note;
        if (/^(ja|1|true)$/i.test(valueOf(row, "utgången", "avslutad"))) concept.active = false;
      }
      continue;
    }
    for await (const [code = "", text = ""] of rowsOf(file, separator)) add(draft, file, code, text);
  }
  linkByPrefix(draft);
  for (const concept of draft.concepts.values()) concept.abstract = concept.code.length < 5;
  return draft;
}

function add(draft: Draft, file: ImportFile, written: string, text: string): ReturnType<Draft["concept"]> {
  const code = written.trim();
  if (!CODE.test(code) || text.trim() === "") throw new Error(`${file.name}: a row is not code and text: ${written}`);
  return draft.concept(code, text.trim());
}
