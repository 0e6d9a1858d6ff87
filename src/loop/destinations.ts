/**
 * Where a request would come if it were sent now, asked by the same rules as when it is: shown before it is signed, and asked again then.
 *
 * SPEC LOOP-DESTINATION-1 · F2
 */
import { disclosedAfter, type Disclosed, type Visit } from "../journal/index.ts";
import { Registry, type Routed } from "./routing.ts";
import { staffOf } from "./staff.ts";
import { worklistOf } from "./stored.ts";

export type Destination = {
  /** The staffed list that gets it; of what goes by an integration, the list whose integration carries it. */
  readonly list: string;
  readonly title: string;
  /** It leaves this journal by an integration, and is the sender's own until the other system has taken it. */
  readonly isCarried: boolean;
  /** Why it is not the one that was meant. */
  readonly detour: Routed["detour"];
  /** It would come back to the sender's own list. */
  readonly isException: boolean;
};

/** Where requests of the reader's unit to each reference would come. Errors: FORBIDDEN for others than staff. */
export async function destinationsOf(
  visit: Visit,
  references: readonly string[],
): Promise<Disclosed<ReadonlyMap<string, Destination>>> {
  const { person, reach } = await staffOf(visit, "search");
  const sender = person.assignment.unitHsaId;
  const found = await visit.store.read(reach, async (look) => {
    const wanted = [...new Set(references)];
    const places = new Map((await look.loops.places(wanted)).map((one) => [one.reference, one.worklist]));
    const lists = [...places.values()].flatMap((one) => one ?? []);
    const registry = new Registry((await look.loops.worklistsAbove([...lists, sender])).map(worklistOf));
    return wanted.map((one) => [one, destinationIn(registry, places.get(one) ?? null, sender)] as const);
  });
  return disclosedAfter(visit, [], new Map(found));
}

function destinationIn(registry: Registry, meant: string | null, sender: string): Destination {
  const { owner, detour, isException } = registry.destination(meant, sender);
  const asked = meant === null ? undefined : registry.get(meant);
  const current = asked === undefined ? undefined : registry.current(asked);
  const isCarried = !isException && current !== undefined && current.channel !== null;
  const list = isCarried ? current.id : owner;
  return { list, title: registry.get(list)?.title ?? list, isCarried, detour: isCarried ? null : detour, isException };
}
