/** What whoever works through some lists may do with a loop now: the steps that there are, of those that are theirs. SPEC LOOP-LIST-2 */
import { possible } from "./machine.ts";
import { PATIENT, type EventName, type Loop } from "./model.ts";

/** What those do who have it, and what those do who sent it. */
export const OWNERS: ReadonlySet<EventName> = new Set([
  "take-over", "read", "act", "return", "forward", "ask-completion", "assign", "move", "book", "note", "close", "resend", "complete", "reopen",
]); // prettier-ignore
const SENDERS: ReadonlySet<EventName> = new Set(["note", "resend", "close", "complete", "reopen"]);

/** Whether one of some lists has a loop, or had it before it was done. */
export function hasLoop({ owner, receiver, sender }: Loop, lists: ReadonlySet<string>): boolean {
  return lists.has(owner ?? receiver ?? sender);
}

/** Whether it is the patient who asked, and whom the answer goes to. */
export function isOwnReferral({ sentBy }: Pick<Loop, "sentBy">): boolean {
  return sentBy?.startsWith(PATIENT) === true;
}

/** An own referral is not given back to a unit that has not asked: the patient is answered, or asked for more in a letter. */
const BACK: ReadonlySet<EventName> = new Set(["return", "ask-completion"]);

/** Whether whoever works through some lists may take a step with a loop. */
export function mayTake(loop: Loop, event: EventName, lists: ReadonlySet<string>): boolean {
  if (loop.kind === "signature" && event !== "note") return false; // it is signed, and nothing else
  if (isOwnReferral(loop) && (event === "close" || (loop.receiver === loop.sender && BACK.has(event)))) return false;
  return (hasLoop(loop, lists) && OWNERS.has(event)) || (lists.has(loop.sender) && SENDERS.has(event));
}

/** The steps that can be taken from `mine`, in the order of the words. */
export function stepsOpen(loop: Loop, mine: ReadonlySet<string>): readonly EventName[] {
  return possible(loop.kind, loop.state).filter((event) => mayTake(loop, event, mine));
}
