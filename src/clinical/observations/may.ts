/** Who measures, and who ordains by which scale: staff with an assignment in care, in Eira itself. SPEC CLIN-OBS-7 */
import type { PersonActor } from "../../access/index.ts";
import { authorize, refuseVisit, type Visit } from "../../journal/index.ts";

/** Errors: FORBIDDEN. */
export async function measuring(visit: Visit, interaction: "search" | "create" | "update"): Promise<PersonActor> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "observations", "Mätvärden skrivs här av personal med medarbetaruppdrag, i Eira.");
  await authorize(visit, interaction, "Observation", "observations");
  return actor;
}

/** Errors: FORBIDDEN, also of students. */
export async function ordainingScale(visit: Visit): Promise<PersonActor> {
  const person = await measuring(visit, "create");
  if (person.assignment.footing?.kind === "student")
    return refuseVisit(visit, "observations", "En studerande ordinerar inte skala.");
  return person;
}
