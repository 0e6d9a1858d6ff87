/**
 * Several lists that are each in order, newest first, become one: the newest of their first items is taken, again and
 * again. The order inside each list is kept as it is, so that where a list was left is a place to go on from.
 *
 * SPEC CLIN-MERGE
 */

/** One item with its moment; null comes last. */
export type Moment = { readonly at: string | null };

/** The newest `count` of all lists, and how many of each were taken. Of one moment, the earlier list goes first. */
export function mergeNewest<T extends Moment>(
  lists: readonly (readonly T[])[],
  count: number,
): { readonly items: readonly T[]; readonly taken: readonly number[] } {
  const items: T[] = [];
  const taken = lists.map(() => 0);
  while (items.length < count) {
    const from = newestOf(lists.map((list, at) => list[taken[at] ?? 0]));
    const item = from < 0 ? undefined : lists[from]?.[taken[from] ?? 0];
    if (item === undefined) break;
    items.push(item);
    taken[from] = (taken[from] ?? 0) + 1;
  }
  return { items, taken };
}

/** Which of the first items is newest; -1 when there is none. */
function newestOf(heads: readonly (Moment | undefined)[]): number {
  let newest = -1;
  for (const [at, head] of heads.entries()) {
    if (head === undefined) continue;
    if (newest < 0 || (head.at ?? "") > (heads[newest]?.at ?? "")) newest = at;
  }
  return newest;
}
