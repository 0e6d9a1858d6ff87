/** Who writes notes: staff with an assignment in care, in Eira itself. A student writes, and the supervisor signs. SPEC CLIN-NOTE-8 */
import type { PersonActor } from "../../access/index.ts";
import { authorize, refuseVisit, type Visit } from "../../journal/index.ts";

/** Errors: FORBIDDEN. */
export async function writing(visit: Visit, interaction: "search" | "create"): Promise<PersonActor> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "notes", "Anteckningar skrivs av personal med medarbetaruppdrag, i Eira.");
  await authorize(visit, interaction, "Composition", "notes");
  return actor;
}

/** Errors: FORBIDDEN, also of students: what a unit has in common is not theirs to change. */
export async function keeping(visit: Visit): Promise<PersonActor> {
  const person = await writing(visit, "create");
  if (person.assignment.footing?.kind === "student")
    return refuseVisit(visit, "notes", "En studerande ändrar inte enhetens mallar och fraser.");
  return person;
}

/** Whether what this person writes can be signed by them. */
export function maySign({ assignment }: PersonActor): boolean {
  return assignment.footing?.kind !== "student";
}
