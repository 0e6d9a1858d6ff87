/**
 * A line as it is being typed, one for each person and patient: a RequestGroup that is a draft, so that it lies in the patient's record under
 * its grounds and log and nowhere else, is there after a crash, and is nobody's ordination.
 *
 * SPEC CLIN-MED-17 · https://hl7.org/fhir/R4/requestgroup.html
 */
import { fhirErrorAt, listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { actingPerson, roleReference } from "../acting.ts";
import { textIn } from "../said.ts";
import { ordaining } from "./look.ts";

const DRAFTS = "urn:eira:lakemedel:utkast";
const LINE = "urn:eira:lakemedel:rad";

/** What is typed, and which ordination it is to take the place of, with why. */
export type TypedLine = {
  readonly line: string;
  readonly replaces: string | null;
  readonly why: string;
  readonly isInpatient: boolean;
};
export type LineDraft = TypedLine & { readonly id: string; readonly version: number; readonly saved: string };
/** The draft that was seen; null when there was none. */
export type SeenLine = { readonly id: string; readonly version: number } | null;

/** The own draft for a patient; null when there is none. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function lineDraftOf(visit: Visit, patient: string): Promise<Disclosed<LineDraft | null>> {
  const found = await searchResources(visit, "RequestGroup", [["patient", patient], ["identifier", `${DRAFTS}|${actingPerson(visit).hsaId}`], ["status", "draft"], ["_count", "1"]]); // prettier-ignore
  return disclosedTogether([found], ([{ rows }]) => {
    const [row] = rows; // a person has one for each patient
    return row === undefined ? null : draftIn(parseJson(row.content) as JsonObject);
  });
}

/**
 * Keeps what is typed; nothing typed takes it away. Answers what is kept. Errors: VERSION_CONFLICT when it was changed elsewhere since it
 * was seen, NO_CARE_RELATION, FORBIDDEN.
 */
export async function saveLineDraft(
  visit: Visit,
  patient: string,
  { seen, typed }: { readonly seen: SeenLine; readonly typed: TypedLine },
): Promise<Disclosed<LineDraft | null>> {
  await ordaining(visit, "create");
  const isEmpty = typed.line.trim() === "" && typed.replaces === null;
  if (seen === null && isEmpty) return lineDraftOf(visit, patient);
  const command = isEmpty && seen !== null ? lineRemoval(seen) : change(visit, { patient, seen, typed });
  const written = await commit(visit, [command]);
  return disclosedTogether([written], ([[one]]) => {
    if (one === undefined || one.content === null) return null;
    if (one.outcome === "existed") throw fhirErrorAt("VERSION_CONFLICT", "draft"); // another window was first
    return draftIn(parseJson(one.content) as JsonObject);
  });
}

/** What takes a draft away, with what was made of it. */
export function lineRemoval({ id }: { readonly id: string }): Command {
  return { kind: "delete", type: "RequestGroup", where: "RequestGroup", id };
}

type Change = { readonly patient: string; readonly seen: SeenLine; readonly typed: TypedLine };

function change(visit: Visit, { patient, seen, typed }: Change): Command {
  const person = actingPerson(visit);
  const resource: JsonObject = {
    resourceType: "RequestGroup",
    ...(seen === null ? {} : { id: seen.id }),
    extension: [{ url: LINE, valueString: JSON.stringify(typed) }],
    identifier: [{ system: DRAFTS, value: person.hsaId }],
    status: "draft",
    intent: "proposal",
    subject: { reference: `Patient/${patient}` },
    authoredOn: visit.clock().toISOString(),
    author: roleReference(person),
  };
  const common = { type: "RequestGroup", where: "RequestGroup", resource };
  if (seen !== null) return { kind: "update", id: seen.id, ifMatch: String(seen.version), ...common };
  return { kind: "create", ifNoneExist: `patient=${patient}&identifier=${DRAFTS}|${person.hsaId}&status=draft`, ...common }; // prettier-ignore
}

/** What somebody else has written into it is an empty line. */
function readable(text: string): JsonObject {
  try {
    return objectOf(parseJson(text));
  } catch {
    return {};
  }
}

function draftIn(resource: JsonObject): LineDraft {
  const kept = listOf(resource["extension"]).map(objectOf).find(({ url }) => url === LINE); // prettier-ignore
  const typed = readable(textIn(kept?.["valueString"]) ?? "{}");
  return {
    id: textIn(resource["id"]) ?? "",
    version: Number(objectOf(resource["meta"])["versionId"]),
    saved: textIn(resource["authoredOn"]) ?? "",
    line: textIn(typed["line"]) ?? "",
    replaces: textIn(typed["replaces"]) ?? null,
    why: textIn(typed["why"]) ?? "",
    isInpatient: typed["isInpatient"] === true,
  };
}
