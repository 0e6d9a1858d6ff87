/** What whoever works through some lists may do with a loop now: the steps that there are, of those that are theirs. SPEC LOOP-LIST-2 */
import { OWNERS, SENDERS } from "./act.ts";
import { possible } from "./machine.ts";
import type { EventName, Loop } from "./model.ts";

/** The steps that can be taken from `mine`, in the order of the words. */
export function stepsOpen(loop: Loop, mine: ReadonlySet<string>): readonly EventName[] {
  const hasIt = mine.has(loop.owner ?? loop.receiver ?? loop.sender);
  const sentIt = mine.has(loop.sender);
  return possible(loop.kind, loop.state).filter(
    (event) => (hasIt && OWNERS.has(event)) || (sentIt && SENDERS.has(event)),
  );
}
