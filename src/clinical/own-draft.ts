/**
 * What somebody is in the middle of, one for each person and patient: a RequestGroup that is a draft, so that it lies in the patient's record
 * under its grounds and log and nowhere else, is there after a crash, and is nobody's order (LOOP-LEDGER-1).
 *
 * SPEC CLIN-ORDER-1, CLIN-MED-17 · https://hl7.org/fhir/R4/requestgroup.html
 */
import { fhirErrorAt, objectOf, parseJson, type JsonObject, type JsonValue } from "../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../journal/index.ts";
import { actingPerson, roleReference } from "./acting.ts";
import { objectIn, textIn } from "./said.ts";

/** The draft that was seen; null when there was none. */
export type SeenDraft = { readonly id: string; readonly version: number } | null;
export type KeptDraft = {
  readonly id: string;
  readonly version: number;
  readonly saved: string;
  readonly resource: JsonObject;
};

/** The reader's own draft for a patient, of the kind that `system` names; null when there is none. Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function ownDraft(visit: Visit, patient: string, system: string): Promise<Disclosed<KeptDraft | null>> {
  const found = await searchResources(visit, "RequestGroup", [["patient", patient], ["identifier", `${system}|${actingPerson(visit).hsaId}`], ["status", "draft"], ["_count", "1"]]); // prettier-ignore
  return disclosedTogether([found], ([{ rows }]) => {
    const [row] = rows; // a person has one for each patient
    return row === undefined ? null : draftIn(row.content);
  });
}

type Keeping = {
  readonly system: string;
  readonly seen: SeenDraft;
  /** What is kept, as members of the resource; nothing takes the draft away. */
  readonly words: JsonObject | null;
};

/**
 * Keeps what stands, and answers what is kept. Errors: VERSION_CONFLICT when it was changed elsewhere since it was seen, NO_CARE_RELATION,
 * FORBIDDEN.
 */
export async function keepDraft(
  visit: Visit,
  patient: string,
  { system, seen, words }: Keeping,
): Promise<Disclosed<KeptDraft | null>> {
  if (words === null && seen === null) return ownDraft(visit, patient, system);
  const command =
    words === null && seen !== null ? draftRemoval(seen) : change(visit, patient, { system, seen, words });
  const written = await commit(visit, [command]);
  return disclosedTogether([written], ([[one]]) => {
    if (one === undefined || one.content === null) return null;
    // Somebody's other window was first: what it keeps is told, and nothing of it is lost.
    if (one.outcome === "existed") throw fhirErrorAt("VERSION_CONFLICT", "draft");
    return draftIn(one.content);
  });
}

/** What takes a draft away, with what was made of it. */
export function draftRemoval({ id }: { readonly id: string }): Command {
  return { kind: "delete", type: "RequestGroup", where: "RequestGroup", id };
}

/** What was kept as JSON in a text; null of what is none: somebody else has written into it. */
export function keptJson(text: string | undefined): JsonValue {
  try {
    return text === undefined ? null : parseJson(text);
  } catch {
    return null;
  }
}

function change(visit: Visit, patient: string, { system, seen, words }: Keeping): Command {
  const person = actingPerson(visit);
  const resource: JsonObject = {
    resourceType: "RequestGroup",
    ...(seen === null ? {} : { id: seen.id }),
    identifier: [{ system, value: person.hsaId }],
    status: "draft",
    intent: "proposal",
    subject: { reference: `Patient/${patient}` },
    authoredOn: visit.clock().toISOString(),
    author: roleReference(person),
    ...words,
  };
  const common = { type: "RequestGroup", where: "RequestGroup", resource };
  if (seen !== null) return { kind: "update", id: seen.id, ifMatch: String(seen.version), ...common };
  const ifNoneExist = `patient=${patient}&identifier=${system}|${person.hsaId}&status=draft`;
  return { kind: "create", ifNoneExist, ...common };
}

function draftIn(content: string): KeptDraft {
  const resource = objectIn(content);
  return {
    id: textIn(resource["id"]) ?? "",
    version: Number(objectOf(resource["meta"])["versionId"]),
    saved: textIn(resource["authoredOn"]) ?? "",
    resource,
  };
}
