/**
 * SNOMED CT from the snapshot files of a release (RF2): concepts, descriptions in each language, the inferred is-a
 * relationships, and if given the language reference set that says which term is preferred.
 *
 * SPEC TERM-IMPORT-SNOMED · https://confluence.ihtsdotools.org/display/DOCRELFMT
 */
import { Draft, type DraftConcept } from "./draft.ts";
import { firstLineOf, namedRowsOf, type ImportFile, type NamedRow } from "./rows.ts";

const IS_A = "116680003";
const FULLY_SPECIFIED = "900000000000003001";
const PREFERRED = "900000000000548007";
const PRIMITIVE = "900000000000074008";

type Kind = "concept" | "description" | "relationship" | "language";

export async function readSnomed(files: readonly ImportFile[]): Promise<Draft> {
  const draft = new Draft();
  const kinds = await Promise.all(files.map(kindOf));
  const rowsOfKind = async function* (kind: Kind): AsyncGenerator<NamedRow> {
    for (const [at, file] of files.entries()) if (kinds[at] === kind) yield* namedRowsOf(file, "\t", false);
  };
  for (const kind of ["concept", "description", "relationship"] as const)
    if (!kinds.includes(kind)) throw new Error(`The ${kind} snapshot is missing among the files.`);
  for await (const row of rowsOfKind("concept")) addConcept(draft, row);
  const preferred = new Set<string>();
  for await (const row of rowsOfKind("language"))
    if (isActive(row) && cell(row, "acceptabilityid") === PREFERRED) preferred.add(cell(row, "referencedcomponentid"));
  for await (const row of rowsOfKind("description")) addDescription(draft, row, preferred);
  for await (const row of rowsOfKind("relationship")) addRelationship(draft, row);
  for (const concept of draft.concepts.values()) chooseDisplay(concept);
  return draft;
}

/** By the heading; names differ between editions. Errors: a file of another kind. */
async function kindOf(file: ImportFile): Promise<Kind> {
  const heading = (await firstLineOf(file)).toLowerCase();
  if (heading.includes("acceptabilityid")) return "language";
  if (heading.includes("destinationid")) return "relationship";
  if (heading.includes("languagecode") && heading.includes("conceptid")) return "description";
  if (heading.includes("definitionstatusid")) return "concept";
  throw new Error(`${file.name} is not a snapshot of concepts, descriptions, relationships or language.`);
}

function addConcept(draft: Draft, row: NamedRow): void {
  const id = cell(row, "id");
  if (!/^\d{6,18}$/.test(id)) throw new Error(`This is not the number of a SNOMED CT concept: ${id}`);
  const concept = draft.concept(id, "");
  concept.active = isActive(row);
  concept.properties.push(
    { code: "sufficientlyDefined", type: "boolean", value: String(cell(row, "definitionstatusid") !== PRIMITIVE) },
    { code: "moduleId", type: "code", value: cell(row, "moduleid") },
  );
}

/** The use tells what kind of term it is, and which one to show. */
function addDescription(draft: Draft, row: NamedRow, preferred: ReadonlySet<string>): void {
  const concept = draft.concepts.get(cell(row, "conceptid"));
  if (concept === undefined || !isActive(row)) return;
  const isFull = cell(row, "typeid") === FULLY_SPECIFIED;
  const use = isFull ? "fully-specified" : preferred.has(cell(row, "id")) ? "preferred" : "synonym";
  concept.designations.push({ language: cell(row, "languagecode"), use, value: cell(row, "term") });
}

function addRelationship(draft: Draft, row: NamedRow): void {
  if (!isActive(row) || cell(row, "typeid") !== IS_A) return;
  const concept = draft.concepts.get(cell(row, "sourceid"));
  if (concept?.active === true) concept.parents.add(cell(row, "destinationid"));
}

const LANGUAGES = ["sv", "en"];
const USES = ["preferred", "synonym", "fully-specified"];

/** Swedish before English, the preferred term before others; it then stands first among those of its language too. */
function chooseDisplay(concept: DraftConcept): void {
  const rank = ({ language = "", use = "" }: { language?: string; use?: string }): number => {
    const place = LANGUAGES.indexOf(language);
    return (place < 0 ? LANGUAGES.length : place) * USES.length + USES.indexOf(use);
  };
  concept.designations.sort((a, b) => rank(a) - rank(b));
  concept.display = concept.designations[0]?.value ?? concept.code;
}

function isActive(row: NamedRow): boolean {
  return cell(row, "active") === "1";
}

function cell(row: NamedRow, name: string): string {
  return row.get(name) ?? "";
}
