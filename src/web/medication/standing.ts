/** What a patient has of drugs now, as one list: ordained on a ward, prescribed, and what the patient tells. Pure. SPEC WEB-ORDAIN-5 */
import type { FhirResource } from "fhir/r4";
import type { Rows } from "../chart/use-section.ts";
import { isNoMedication, medicationGroup, medicationLine, type MedicationLine, type Prescribed } from "../say/medication.ts"; // prettier-ignore
import type { Desk, Finding, Seen } from "../wire/medication.ts";

export type Kind = "ward" | "prescription" | "own" | "unsaid";
export type Standing = {
  readonly prescribed: Prescribed;
  readonly line: MedicationLine;
  readonly kind: Kind;
  /** The version that is shown, of what can be renewed, changed and stopped here; null of the rest. */
  readonly seen: Seen | null;
  /** Nothing while the checks are not there. */
  readonly findings: readonly Finding[] | undefined;
};

/** Current ones by name. */
export function standingIn(rows: Rows<FhirResource>, desk: Desk | undefined): readonly Standing[] {
  const all = rows.items.filter((one): one is Prescribed => one.resourceType === "MedicationRequest" || one.resourceType === "MedicationStatement"); // prettier-ignore
  return all
    .filter((one) => medicationGroup(one) === "active" && !isNoMedication(one))
    .map((one) => standingOf(one, rows, desk))
    .toSorted((a, b) => (a.line.substance ?? "").localeCompare(b.line.substance ?? "", "sv"));
}

export function standingOf(prescribed: Prescribed, { beside }: Rows<FhirResource>, desk: Desk | undefined): Standing {
  const found = desk?.standing.find(({ id }) => id === prescribed.id);
  const version = Number(prescribed.meta?.versionId);
  const seen = found === undefined || !Number.isInteger(version) ? null : { id: found.id, version };
  return { prescribed, line: medicationLine(prescribed, beside), kind: kindOf(prescribed), seen, findings: found?.findings }; // prettier-ignore
}

function kindOf(prescribed: Prescribed): Kind {
  if (prescribed.resourceType === "MedicationStatement") return "own";
  if (prescribed.reportedBoolean === true || prescribed.reportedReference !== undefined) return "own";
  const codes = (prescribed.category ?? []).flatMap(({ coding = [] }) => coding.map(({ code }) => code));
  if (codes.includes("inpatient")) return "ward";
  return codes.some((code) => code === "community" || code === "outpatient" || code === "discharge") ? "prescription" : "unsaid"; // prettier-ignore
}
