/**
 * Every destination leads to a staffed worklist, or it is said that it does not: a unit that was merged leads to what it became, one
 * that is closed or empty to whoever is above it, and what is not known at all goes back to the sender's own list as an exception.
 *
 * SPEC LOOP-ROUTE · F2 (11 000 orders in a queue that nobody saw), F10
 */
import { REGION, type Worklist } from "./model.ts";

export type Routed = {
  /** A list that somebody works through. */
  readonly owner: string;
  /** Why it is not the one that was meant; null when it is. */
  readonly detour: "merged" | "closed" | "empty" | "unknown" | null;
};

/** The worklists of the region as they stand. */
export class Registry {
  private readonly lists: ReadonlyMap<string, Worklist>;

  constructor(lists: Iterable<Worklist>) {
    this.lists = new Map([...lists].map((list) => [list.id, list]));
  }

  get(id: string): Worklist | undefined {
    return this.lists.get(id);
  }

  all(): Iterable<Worklist> {
    return this.lists.values();
  }

  /** The staffed list that what is meant for `id` comes to. Unknown ones lead to the region's own. Ends for every registry. */
  staffed(id: string): Routed {
    const seen = new Set<string>();
    let list = this.lists.get(id);
    let detour: Routed["detour"] = list === undefined ? "unknown" : null;
    while (list !== undefined && !seen.has(list.id)) {
      seen.add(list.id);
      if (list.status === "open" && list.staffed) return { owner: list.id, detour };
      detour ??= list.mergedInto !== null ? "merged" : list.status === "closed" ? "closed" : "empty";
      list = this.lists.get(list.mergedInto ?? list.parent ?? REGION);
    }
    return { owner: REGION, detour: detour ?? "unknown" };
  }

  /** The staffed list above one. The region's own has none above it but itself. */
  above(id: string): string {
    const parent = this.lists.get(id)?.parent ?? REGION;
    return parent === id ? REGION : this.staffed(parent).owner;
  }

  /**
   * Where a request for `receiver` from `sender` comes to: the receiver's list when it is known and takes requests; else it is the
   * sender's own, as an exception. A list that was closed without becoming another one is not somebody to send to.
   */
  destination(receiver: string | null, sender: string): Routed & { readonly isException: boolean } {
    const back = (detour: Routed["detour"]) => ({ owner: this.staffed(sender).owner, detour, isException: true });
    const list = receiver === null ? undefined : this.lists.get(receiver);
    if (list === undefined) return back("unknown");
    const end = this.current(list);
    if (end.status === "closed") return back("closed");
    return {
      ...this.staffed(end.id),
      ...(end.id === list.id ? {} : { detour: "merged" as const }),
      isException: false,
    };
  }

  /** What a list has become. */
  current(list: Worklist): Worklist {
    const seen = new Set<string>();
    let one = list;
    while (one.mergedInto !== null && !seen.has(one.id)) {
      seen.add(one.id);
      const next = this.lists.get(one.mergedInto);
      if (next === undefined) break;
      one = next;
    }
    return one;
  }
}
