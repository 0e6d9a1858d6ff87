/**
 * What the functions eira_restaff and eira_relieve of migration 0023 do, in memory: lists say truly whether somebody works there, and what
 * an emptied list or an absent person had goes to other hands in the same commit. SPEC LOOP-SIM-4
 */
import { REGION, type Loop } from "../model.ts";
import type { Database } from "./database.ts";
import type { List } from "./directory.ts";

/** Makes `staffed` true to the moment. Answers how many loops went to other hands. */
export function restaff(database: Database, at: number): number {
  const { directory } = database;
  if (directory.isSettled(at)) return 0;
  const emptied: List[] = [];
  for (const list of directory.lists.values()) {
    const isStaffed = directory.wouldBeStaffed(list, at);
    if (isStaffed === list.staffed) continue;
    if (isStaffed) list.staffed = true;
    else emptied.push(list);
    directory.changed();
  }
  let moved = 0;
  for (const list of emptied) {
    const target = above(list, { database, emptied });
    moved += rehand({ database, at }, database.openOf(list.id), () => ({ owner: target, responsible: null }));
    list.staffed = false;
    database.checkList(list);
  }
  directory.settle(at);
  return moved;
}

/** What people who are not at work answered for goes to who stands in for them, else to their whole list. */
export function relieve(database: Database, at: number): number {
  const { directory, byResponsible } = database;
  let moved = 0;
  for (const [person, loops] of byResponsible) {
    if (loops.size === 0) byResponsible.delete(person);
    else if (!directory.isPresent(person, at))
      moved += rehand({ database, at }, loops, ({ owner }) => ({ owner, responsible: directory.deputyOf(person, at) }));
  }
  return moved;
}

/** Closes a list, which becomes another one or none: first it is emptied, then it says so. */
export function closeList(
  database: Database,
  id: string,
  { mergedInto, at }: { readonly mergedInto: string | null; readonly at: number },
): void {
  const { directory } = database;
  const list = directory.lists.get(id)!;
  list.mergedInto = mergedInto;
  for (const person of Array.from(directory.members.get(id)!)) {
    directory.leave(person, id);
    if (mergedInto !== null) directory.join(person, mergedInto);
  }
  directory.changed();
  restaff(database, at);
  list.status = "closed";
  database.checkList(list);
}

function above(
  list: List,
  { database, emptied }: { readonly database: Database; readonly emptied: readonly List[] },
): string {
  const { lists } = database.directory;
  const seen = new Set<string>();
  let target = list;
  for (;;) {
    seen.add(target.id);
    const next = lists.get(target.mergedInto ?? target.parent ?? REGION);
    if (next === undefined || seen.has(next.id) || next.id === REGION) return REGION;
    if (next.staffed && !emptied.includes(next)) return next.id;
    target = next;
  }
}

function rehand(
  { database, at }: { readonly database: Database; readonly at: number },
  ids: Iterable<string>,
  to: (loop: Loop) => Pick<Loop, "owner" | "responsible">,
): number {
  const moved = [...ids].map((id) => database.loops.get(id)!.loop);
  for (const loop of moved) {
    // What is life-threatening goes to whoever is on duty next, at once.
    const next = loop.risk > 0 ? {} : { responsible: null, deadline: Math.min(loop.deadline ?? at, at) };
    database.put({ ...loop, ...to(loop), ...next, version: loop.version + 1 }, []);
  }
  return moved.length;
}
