/**
 * LOINC from its release: Loinc.csv, and if given the hierarchy (ComponentHierarchyBySystem.csv) and translations
 * (LinguisticVariant csv, whose name begins with language and country, such as svSE).
 *
 * SPEC TERM-IMPORT-LOINC · https://loinc.org/kb/users-guide/
 */
import { Draft } from "./draft.ts";
import { firstLineOf, namedRowsOf, valueOf, type ImportFile, type NamedRow } from "./rows.ts";

const PROPERTIES = [
  "COMPONENT",
  "PROPERTY",
  "TIME_ASPCT",
  "SYSTEM",
  "SCALE_TYP",
  "METHOD_TYP",
  "CLASS",
  "STATUS",
  "CLASSTYPE",
  "ORDER_OBS",
];

export async function readLoinc(files: readonly ImportFile[]): Promise<Draft> {
  const draft = new Draft();
  const kinds = await Promise.all(files.map(kindOf));
  const ofKind = (kind: string): ImportFile[] => files.filter((_, at) => kinds[at] === kind);
  if (ofKind("codes").length === 0) throw new Error("None of the files is Loinc.csv.");
  for (const file of ofKind("codes")) for await (const row of namedRowsOf(file, ",")) addCode(draft, file, row);
  for (const file of ofKind("hierarchy")) for await (const row of namedRowsOf(file, ",")) addPlace(draft, row);
  for (const file of ofKind("variant")) await addVariants(draft, file);
  return draft;
}

async function kindOf(file: ImportFile): Promise<"codes" | "hierarchy" | "variant"> {
  const heading = (await firstLineOf(file)).toUpperCase();
  if (heading.includes("PATH_TO_ROOT")) return "hierarchy";
  if (heading.includes("LONG_COMMON_NAME") && heading.includes("SCALE_TYP") && heading.includes("SHORTNAME")) {
    return heading.includes("CLASSTYPE") ? "codes" : "variant";
  }
  if (/linguisticvariant/i.test(file.name)) return "variant";
  throw new Error(`${file.name} is not a file of LOINC that is known here.`);
}

function addCode(draft: Draft, file: ImportFile, row: NamedRow): void {
  const code = valueOf(row, "loinc_num");
  if (!/^\d{1,7}-\d$/.test(code)) throw new Error(`${file.name}: this is not a LOINC code: ${code}`);
  const concept = draft.concept(code, valueOf(row, "long_common_name", "shortname", "component"));
  const short = valueOf(row, "shortname");
  if (short !== "" && short !== concept.display)
    concept.designations.push({ language: "en", use: "SHORTNAME", value: short });
  const consumer = valueOf(row, "consumer_name");
  if (consumer !== "") concept.designations.push({ language: "en", use: "ConsumerName", value: consumer });
  const definition = valueOf(row, "definitiondescription");
  if (definition !== "") concept.definition = definition;
  concept.active = !["DEPRECATED", "DISCOURAGED"].includes(valueOf(row, "status"));
  for (const property of PROPERTIES) {
    const value = valueOf(row, property.toLowerCase());
    if (value !== "") concept.properties.push({ code: property, type: "string", value });
  }
}

/** Parts (LP…) group the codes. */
function addPlace(draft: Draft, row: NamedRow): void {
  const code = valueOf(row, "code");
  const parent = valueOf(row, "immediate_parent");
  if (code === "") return;
  const isNew = !draft.concepts.has(code);
  const concept = draft.concept(code, valueOf(row, "code_text"));
  if (isNew) concept.abstract = true;
  if (parent !== "") concept.parents.add(parent);
}

async function addVariants(draft: Draft, file: ImportFile): Promise<void> {
  const [, language = "", country = ""] = /([a-z]{2})([A-Z]{2})\d*LinguisticVariant/.exec(file.name) ?? [];
  if (language === "") throw new Error(`${file.name}: its name does not tell its language.`);
  for await (const row of namedRowsOf(file, ",")) {
    const text = valueOf(row, "long_common_name", "linguisticvariantdisplayname", "shortname", "component");
    const concept = draft.concepts.get(valueOf(row, "loinc_num"));
    if (text !== "") concept?.designations.push({ language: `${language}-${country}`, value: text });
  }
}
