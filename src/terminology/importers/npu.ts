/**
 * NPU, codes of laboratory examinations, from the csv that its publisher gives out: a heading, then system, component,
 * kind of quantity and unit in columns of their own.
 *
 * SPEC TERM-IMPORT-NPU
 */
import { Draft } from "./draft.ts";
import { firstLineOf, namedRowsOf, separatorOf, valueOf, type ImportFile, type NamedRow } from "./rows.ts";

const CODE = /^[A-Z]{2,4}\d{5}$/;
const PROPERTIES: readonly (readonly [property: string, ...columns: string[]])[] = [
  ["system", "system", "system_name"],
  ["component", "component", "analyte"],
  ["kind-of-property", "kind_of_property", "kind-of-property", "property"],
  ["procedure", "proc", "procedure"],
  ["unit", "unit"],
  ["scale-type", "scale_type", "scaletype"],
  ["speciality", "speciality", "specialty"],
];

export async function readNpu(files: readonly ImportFile[]): Promise<Draft> {
  const draft = new Draft();
  for (const file of files) {
    const separator = separatorOf(await firstLineOf(file));
    for await (const row of namedRowsOf(file, separator)) add(draft, file, row);
  }
  return draft;
}

function add(draft: Draft, file: ImportFile, row: NamedRow): void {
  const code = valueOf(row, "npu_code", "npu code", "npu-code", "code");
  if (!CODE.test(code)) throw new Error(`${file.name}: this is not an NPU code: ${code}`);
  const full = valueOf(row, "full_definition", "full definition", "definition");
  const short = valueOf(row, "short_definition", "short definition", "short_name", "name");
  const concept = draft.concept(code, short || full || composed(row));
  if (full !== "" && full !== concept.display)
    concept.designations.push({ language: "en", use: "definition", value: full });
  const swedish = valueOf(row, "swedish", "swedish_name", "svenskt namn");
  if (swedish !== "") concept.designations.push({ language: "sv", value: swedish });
  concept.active = !/^(0|no|false|inactive|n)$/i.test(valueOf(row, "active", "current", "status"));
  for (const [property, ...columns] of PROPERTIES) {
    const value = valueOf(row, ...columns);
    if (value !== "") concept.properties.push({ code: property, type: "string", value });
  }
}

/** NPU's own form: system—component; kind of quantity = ? unit. */
function composed(row: NamedRow): string {
  const unit = valueOf(row, "unit");
  const kind = valueOf(row, "kind_of_property", "kind-of-property", "property");
  const named = `${valueOf(row, "system", "system_name")}—${valueOf(row, "component", "analyte")}`;
  return `${named}; ${kind} = ?${unit === "" ? "" : ` ${unit}`}`;
}
