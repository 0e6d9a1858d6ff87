/** Deadlines of open loops, nearest first: the index that the database has on them. Entries of loops that have moved are passed over. SPEC LOOP-SIM-4 */
export class Deadlines {
  private readonly at: number[] = [];
  private readonly ids: string[] = [];

  add(deadline: number, id: string): void {
    const { at, ids } = this;
    let here = at.length;
    at.push(deadline);
    ids.push(id);
    while (here > 0) {
      const up = (here - 1) >> 1;
      if (at[up]! <= deadline) break;
      at[here] = at[up]!;
      ids[here] = ids[up]!;
      here = up;
    }
    at[here] = deadline;
    ids[here] = id;
  }

  /** The nearest deadline of a loop that stands as `isStanding` says; nothing when none is open. */
  first(isStanding: (id: string, deadline: number) => boolean): number | undefined {
    while (this.at.length > 0 && !isStanding(this.ids[0]!, this.at[0]!)) this.drop();
    return this.at[0];
  }

  /** Those that have passed, nearest first, `limit` at the most. They stay until they have moved. */
  passed(now: number, limit: number, isStanding: (id: string, deadline: number) => boolean): string[] {
    const found = new Map<string, number>();
    while (found.size < limit) {
      const first = this.first(isStanding);
      if (first === undefined || first > now) break;
      // A loop that came back to a deadline that it had stands here twice, and is one of the answer.
      found.set(this.ids[0]!, first);
      this.drop();
    }
    for (const [id, deadline] of found) this.add(deadline, id);
    return [...found.keys()];
  }

  private drop(): void {
    const { at, ids } = this;
    const lastAt = at.pop()!;
    const lastId = ids.pop()!;
    if (at.length === 0) return;
    let here = 0;
    for (;;) {
      let down = 2 * here + 1;
      if (down >= at.length) break;
      if (down + 1 < at.length && at[down + 1]! < at[down]!) down += 1;
      if (at[down]! >= lastAt) break;
      at[here] = at[down]!;
      ids[here] = ids[down]!;
      here = down;
    }
    at[here] = lastAt;
    ids[here] = lastId;
  }
}
