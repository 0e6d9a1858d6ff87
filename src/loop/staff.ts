/** Who may ask for lists and change them: staff with an assignment in care, and changing only in Eira itself. SPEC LOOP-LIST-3, LOOP-ROSTER-3 */
import { reachSetting, type PersonActor } from "../access/index.ts";
import { authorize, refuseVisit, type Visit } from "../journal/index.ts";

export type Staff = {
  readonly person: PersonActor;
  readonly reach: ReturnType<typeof reachSetting>;
  readonly at: number;
};

/** Errors: FORBIDDEN. */
export async function staffOf(visit: Visit, interaction: "search" | "update"): Promise<Staff> {
  const { actor } = visit;
  if (actor.kind !== "person" || (interaction === "update" && actor.app !== undefined))
    return refuseVisit(visit, "loops", "Listor och jour är för personal med medarbetaruppdrag, i Eira.");
  const grounds = await authorize(visit, interaction, "Task", "loops");
  return { person: actor, reach: reachSetting(grounds.reach), at: visit.clock().getTime() };
}
