/**
 * The patients of a Group, for what is asked about all of them: its active members, and those of groups that are its
 * members.
 *
 * SPEC JRN-GROUP · https://hl7.org/fhir/R4/group.html
 */
import type { Group } from "fhir/r4";
import { fhirErrorAt, isFhirId } from "../fhir/index.ts";
import { today, type Visit } from "./context.ts";
import { readResource } from "./read.ts";

const MOST_GROUPS = 100;

/** Ids of patients, each once. Errors: NOT_FOUND, GONE, FORBIDDEN, NOT_SUPPORTED for groups nested without end. */
export async function patientsOfGroup(visit: Visit, id: string): Promise<readonly string[]> {
  const patients = new Set<string>();
  const groups = new Set([id]);
  for (const group of groups) {
    if (groups.size > MOST_GROUPS)
      throw fhirErrorAt("NOT_SUPPORTED", "Group.member", {
        sv: "så många grupper i grupper",
        en: "so many groups in groups",
      });
    const { value } = await readResource(visit, "Group", group);
    for (const { type, id: member } of membersOf(visit, JSON.parse(value.content) as Group)) {
      (type === "Patient" ? patients : groups).add(member); // a Set is walked to its end also while it grows
    }
  }
  return [...patients];
}

function membersOf(visit: Visit, { member }: Group): { type: "Patient" | "Group"; id: string }[] {
  const active = (member ?? []).filter(
    ({ inactive, period }) =>
      inactive !== true && (period?.end ?? "9999") >= today(visit).slice(0, period?.end?.length),
  );
  return active.flatMap(({ entity }) => {
    const [type, id, ...rest] = (entity.reference ?? "").replace(`${visit.base}/`, "").split("/");
    const isMember =
      (type === "Patient" || type === "Group") &&
      isFhirId(id) &&
      rest.every((one) => one === "_history" || /^\d+$/.test(one));
    return isMember ? [{ type, id }] : [];
  });
}
