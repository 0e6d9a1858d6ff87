/** Who may ask for lists and change them: staff with an assignment in care, and changing only in Eira itself. SPEC LOOP-LIST-3, LOOP-ROSTER-3 */
import { reachSetting, type Grounds, type PersonActor } from "../access/index.ts";
import { authorize, refuseVisit, type Visit } from "../journal/index.ts";

export type Staff = {
  readonly person: PersonActor;
  readonly grounds: Grounds;
  readonly reach: ReturnType<typeof reachSetting>;
  readonly at: number;
};

/** What is asked for, in the log's words, and what others than staff are told. */
type Asked = { readonly what: string; readonly sentence: string };
const LISTS: Asked = {
  what: "loops",
  sentence: "Listor och jour är för personal med medarbetaruppdrag, i Eira.",
};

/** Errors: FORBIDDEN. */
export async function staffOf(
  visit: Visit,
  interaction: "search" | "update",
  { what, sentence }: Asked = LISTS,
): Promise<Staff> {
  const { actor } = visit;
  if (actor.kind !== "person" || (interaction === "update" && actor.app !== undefined))
    return refuseVisit(visit, what, sentence);
  const grounds = await authorize(visit, interaction, "Task", what);
  return { person: actor, grounds, reach: reachSetting(grounds.reach), at: visit.clock().getTime() };
}
