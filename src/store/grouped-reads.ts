/**
 * Reads by id that are asked at the same time go to PostgreSQL together, as one statement for each type: while one group
 * is being answered, the next one gathers. A lone read waits for nobody.
 *
 * SPEC STORE-GROUP · measured: under load most of a read's cost was the way to PostgreSQL and back (decision 0017)
 */
import type { Connection, Reach, Sql } from "./connection.ts";
import type { Pool } from "./pool.ts";
import { readingMany, readingOne, type CurrentRow } from "./resources.ts";

type Wanted = {
  readonly type: string;
  readonly id: string;
  readonly resolve: (row: CurrentRow | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** Reads of one type in a group. */
type Asked = { readonly type: string; readonly ids: ReadonlySet<string> };

const LARGEST_GROUP = 200;

export class GroupedReads {
  private readonly pool: Pool;
  private readonly waiting = new Map<Reach, Wanted[]>();

  constructor(pool: Pool) {
    this.pool = pool;
  }

  /** The current version, or nothing when there is none within reach. Errors: those of the statement, for all of a group. */
  read(reach: Reach, type: string, id: string): Promise<CurrentRow | undefined> {
    return new Promise((resolve, reject) => {
      const wanted = { type, id, resolve, reject };
      const waiting = this.waiting.get(reach);
      if (waiting !== undefined) {
        waiting.push(wanted);
        return;
      }
      const group = [wanted];
      this.waiting.set(reach, group);
      this.serve(reach, group).catch(reject); // it never rejects: each is told by its own promise
    });
  }

  /** Serves who waits for this reach, group by group, until nobody does. */
  private async serve(reach: Reach, waiting: Wanted[]): Promise<void> {
    await Promise.resolve(); // requests of the same turn join the group
    while (waiting.length > 0) await this.answer(reach, waiting.splice(0, LARGEST_GROUP));
    this.waiting.delete(reach);
  }

  private async answer(reach: Reach, group: readonly Wanted[]): Promise<void> {
    try {
      const asked = askedBy(group);
      const found = await this.pool.with(reach, (connection) => ask(connection, asked));
      for (const { type, id, resolve } of group) resolve(found.get(`${type}/${id}`));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

function askedBy(group: readonly Wanted[]): Asked[] {
  const byType = new Map<string, Set<string>>();
  for (const { type, id } of group) {
    const ids = byType.get(type);
    if (ids === undefined) byType.set(type, new Set([id]));
    else ids.add(id);
  }
  return [...byType].map(([type, ids]) => ({ type, ids }));
}

async function ask(connection: Connection, asked: readonly Asked[]): Promise<ReadonlyMap<string, CurrentRow>> {
  const answers = await connection.train(asked.map(statementOf));
  const found = new Map<string, CurrentRow>();
  for (const [at, { type }] of asked.entries()) {
    for (const row of (answers[at]?.rows ?? []) as CurrentRow[]) found.set(`${type}/${row.id}`, row);
  }
  return found;
}

function statementOf({ type, ids }: Asked): Sql {
  const [first = ""] = ids;
  return ids.size === 1 ? readingOne(type, first) : readingMany(type, [...ids]);
}
