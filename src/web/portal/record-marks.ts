/** What is said beside a record of the own: that it is over, not signed, preliminary, a mistake, or outside its reference. SPEC WEB-PORTAL-7 */
import type { Composition, DocumentReference, FhirResource, Observation } from "fhir/r4";
import { isActive, isMistaken } from "../say/allergies.ts";
import { medicationGroup } from "../say/medication.ts";
import { signingOf } from "../say/notes.ts";
import { isOver } from "../say/problems.ts";
import { standingOf, valueOf } from "../say/values.ts";
import type { PortalTexts } from "./texts.ts";

export type Mark = keyof PortalTexts["records"]["marks"];

/** The gravest thing to say; nothing when there is nothing but the record. */
export function markOf(resource: FhirResource): Mark | undefined {
  if ("status" in resource && resource.status === "entered-in-error") return "mistaken";
  switch (resource.resourceType) {
    case "Composition":
    case "DocumentReference":
      return ofNote(resource);
    case "Condition":
      return isOver(resource) ? "over" : undefined;
    case "AllergyIntolerance":
      return isMistaken(resource) ? "mistaken" : isActive(resource) ? undefined : "over";
    case "MedicationRequest":
      return medicationGroup(resource) === "stopped" ? "stopped" : undefined;
    case "Observation":
      return ofResult(resource);
    default:
      return undefined;
  }
}

/** The interval that a result is held against, as it was given. */
export function referenceOf(resource: FhirResource): string | undefined {
  return resource.resourceType === "Observation" ? valueOf(resource).reference : undefined;
}

function ofNote(note: Composition | DocumentReference): Mark | undefined {
  const signing = signingOf(note);
  if (signing === "mistaken") return "mistaken";
  return signing === "signed" ? undefined : "unsigned";
}

function ofResult(result: Observation): Mark | undefined {
  if (standingOf(result.status) === "preliminary") return "preliminary";
  const { deviation } = valueOf(result);
  return deviation === undefined || deviation === "normal" ? undefined : "deviating";
}
