/**
 * Reads by id that are asked at the same time go to PostgreSQL together, as one statement for each type: while one group
 * is being answered, the next one gathers. A lone read waits for nobody.
 *
 * SPEC STORE-GROUP · measured: under load most of a read's cost was the way to PostgreSQL and back (decision 0017)
 */
import type { Connection, Reach, Sql } from "./connection.ts";
import { elsewhere, sortedByPlace, type Sorted } from "./places.ts";
import type { Pool } from "./pool.ts";
import { readingMany, readingOne, type CurrentRow } from "./resources.ts";
import { joinWaiting } from "./waiting.ts";

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
      const group = joinWaiting(this.waiting, reach, { type, id, resolve, reject });
      if (group !== undefined) this.serve(reach, group).catch(reject); // it never rejects: each is told by its own promise
    });
  }

  /** Serves who waits for this reach, group by group, until nobody does. */
  private async serve(reach: Reach, waiting: Wanted[]): Promise<void> {
    await new Promise(setImmediate); // requests of the same turn join the group
    while (waiting.length > 0) await this.answer(reach, waiting.splice(0, LARGEST_GROUP));
    this.waiting.delete(reach);
  }

  private async answer(reach: Reach, group: readonly Wanted[]): Promise<void> {
    try {
      const asked = askedBy(group);
      const found = await this.pool.with(reach, (connection) => ask(connection, asked), "once");
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

/** Everything at its home first, in one train; then what is not there and may be elsewhere. */
async function ask(connection: Connection, asked: readonly Asked[]): Promise<ReadonlyMap<string, CurrentRow>> {
  const found = new Map<string, CurrentRow>();
  await take(connection, asked.flatMap(atHome), found);
  const rest = asked.flatMap(({ type, ids }) => {
    const there = [...ids].filter((id) => found.has(`${type}/${id}`));
    const missing = elsewhere(type, [...ids], new Set(there));
    return missing.length === 0 ? [] : [{ type, sql: statementOf(type, missing) }];
  });
  await take(connection, rest, found);
  return found;
}

type Question = { readonly type: string; readonly sql: Sql };

async function take(
  connection: Connection,
  questions: readonly Question[],
  found: Map<string, CurrentRow>,
): Promise<void> {
  if (questions.length === 0) return;
  const answers = await connection.train(questions.map(({ sql }) => sql));
  for (const [at, { type }] of questions.entries()) {
    for (const row of (answers[at]?.rows ?? []) as CurrentRow[]) found.set(`${type}/${row.id}`, row);
  }
}

function atHome({ type, ids }: Asked): Question[] {
  const { at } = sortedByPlace(type, [...ids]);
  return at.size === 0 ? [] : [{ type, sql: statementOf(type, [...at.values()].flat(), at) }];
}

function statementOf(type: string, ids: readonly string[], at?: Sorted["at"]): Sql {
  const [first = ""] = ids;
  return ids.length === 1 ? readingOne(type, first, at?.keys().next().value) : readingMany(type, ids, at);
}
