/** Who orders: staff with an assignment in care who are no students, in Eira itself. SPEC CLIN-ORDER-6 */
import type { PersonActor } from "../../access/index.ts";
import { authorize, refuseVisit, type Visit } from "../../journal/index.ts";

/** Errors: FORBIDDEN. */
export async function ordering(visit: Visit, interaction: "search" | "create"): Promise<PersonActor> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "orders", "Beställningar görs av personal med medarbetaruppdrag, i Eira.");
  if (interaction === "create" && actor.assignment.footing?.kind === "student")
    return refuseVisit(visit, "orders", "En student beställer inte och skickar ingen remiss.");
  await authorize(visit, interaction, "ServiceRequest", "orders");
  return actor;
}
