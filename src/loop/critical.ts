/**
 * A life-threatening answer that nobody has acted on: until when somebody must have, who has been asked so far, and who is asked next, as the
 * duty roster has it at that moment.
 *
 * SPEC LOOP-CRITICAL · F11
 */
import { fhirError } from "../fhir/index.ts";
import { groundText, disclosedAfter, logEntry, type Disclosed, type Visit } from "../journal/index.ts";
import { nextHolder } from "./escalation.ts";
import type { Loop } from "./model.ts";
import { Registry } from "./routing.ts";
import { staffOf } from "./staff.ts";
import { loopOf, rosterOf, worklistOf } from "./stored.ts";

export type Asked = { readonly owner: string | null; readonly responsible: string | null; readonly at: number };
export type CriticalStanding = {
  readonly loop: Loop;
  /** When somebody must have acted: half an hour after it came, or was corrected. */
  readonly mustBy: number;
  readonly asked: readonly Asked[];
  readonly next: Asked;
  readonly titles: ReadonlyMap<string, string>;
};

const HALF_AN_HOUR = 30 * 60_000;
const BEGINS: ReadonlySet<string> = new Set(["open", "correct", "reopen"]);
const ASKS: ReadonlySet<string> = new Set([...BEGINS, "escalate", "restaff", "assign", "move"]);

/** Errors: NOT_FOUND (also of what is on none of the reader's lists, is done, or is not life-threatening), FORBIDDEN. */
export async function criticalStanding(visit: Visit, id: string): Promise<Disclosed<CriticalStanding>> {
  const { reach, grounds, at } = await staffOf(visit, "search");
  const found = await visit.store.read(reach, async (look) => {
    const [row] = await look.loops.byIds([id]); // the one that is asked for
    const loop = row === undefined ? undefined : loopOf(row);
    if (loop === undefined || loop.kind !== "result" || loop.risk !== 0 || loop.owner === null) return undefined;
    const steps = await look.loops.events(id);
    const lists = await look.loops.worklistsAbove([loop.owner, loop.sender]);
    const asks = Math.max(loop.deadline ?? at, at);
    const people = loop.responsible === null ? [] : [loop.responsible];
    const roster = rosterOf(await look.loops.roster(people, lists.map((one) => one.id), asks)); // prettier-ignore
    const next = nextHolder(loop, { registry: new Registry(lists.map(worklistOf)), roster });
    const from = steps.findLastIndex(({ event }) => BEGINS.has(event));
    const asked = steps.slice(Math.max(from, 0)).filter(({ event }) => ASKS.has(event));
    const titles = new Map(lists.map((one) => [one.id, one.title]));
    return { loop, mustBy: loop.since + HALF_AN_HOUR, asked: asked.map(({ owner, responsible, at: when }) => ({ owner, responsible, at: when })), next: { ...next, at: asks }, titles }; // prettier-ignore
  });
  if (found === undefined) throw fhirError("NOT_FOUND");
  const { home, patient } = found.loop;
  const act = { action: "read", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([logEntry(visit, act, { home, patient, what: [`loop ${id}`] })]);
  return disclosedAfter(visit, [], found);
}
