/**
 * Searches that are planned once and asked in the same turn of the loop go to PostgreSQL as one train: one write to the
 * socket, one answer. A lone search waits for nobody. When a train fails, each of its searches is asked again by itself
 * and gets its own answer, so that nobody is told of another's failure.
 *
 * SPEC STORE-GROUP · decision 0017
 */
import type { Reach, Row, Sql } from "./connection.ts";
import type { Pool } from "./pool.ts";
import { prepared } from "./resources.ts";
import { inTime } from "./search-time.ts";
import { joinWaiting } from "./waiting.ts";

type Wanted = {
  readonly sql: Sql;
  readonly resolve: (rows: Row[]) => void;
  readonly reject: (error: unknown) => void;
};

/** More than these go on several connections, so that PostgreSQL works on them at the same time. */
const LONGEST_TRAIN = 4;

export class GroupedSearches {
  private readonly pool: Pool;
  private readonly limit: number;
  private readonly waiting = new Map<Reach, Wanted[]>();

  /** `limit` is the longest time of a train, in milliseconds. */
  constructor(pool: Pool, limit: number) {
    this.pool = pool;
    this.limit = limit;
  }

  /** The rows of a statement that `search/` compiled. Errors: SEARCH_TOO_COSTLY, those of the statement. */
  search(reach: Reach, sql: Sql): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const group = joinWaiting(this.waiting, reach, { sql, resolve, reject });
      if (group !== undefined) setImmediate(() => this.depart(reach, group)); // requests of the same turn join the group
    });
  }

  private depart(reach: Reach, group: readonly Wanted[]): void {
    this.waiting.delete(reach);
    for (let at = 0; at < group.length; at += LONGEST_TRAIN) this.send(reach, group.slice(at, at + LONGEST_TRAIN));
  }

  private send(reach: Reach, group: readonly Wanted[]): void {
    this.ask(reach, group).catch((error: unknown) => {
      if (group.length > 1) for (const one of group) this.send(reach, [one]);
      else for (const { reject } of group) reject(error);
    });
  }

  private async ask(reach: Reach, group: readonly Wanted[]): Promise<void> {
    const answers = await this.pool.with(
      reach,
      (connection) =>
        inTime(connection, this.limit, () => connection.train(group.map(({ sql }) => prepared(connection, sql)))),
      "once",
    );
    for (const [at, { resolve }] of group.entries()) resolve(answers[at]?.rows ?? []);
  }
}
