/**
 * A connection to a database whose rows lie on several servers (Citus). What a session sets stays on the server it is
 * connected to; only what a transaction sets for itself (`SET LOCAL`) reaches the others. Therefore nothing is asked outside
 * a transaction, and each says first whom it serves: BEGIN, SET LOCAL, statements, COMMIT go as one train. Without it the
 * others would find nothing: closed, not open.
 *
 * SPEC STORE-SPREAD · decision 0026
 */
import pg from "pg";
import { fhirError } from "../../fhir/index.ts";
import { Connection, type ConnectionConfig, type Reach, type Row, type Sql, type Talk } from "../connection.ts";
import type { Answer, TrainError } from "../train.ts";

/** Several servers (`citus`), or the same ways of asking on a single one, to try them (`here`). */
export type Spread = "citus" | "here";

const SPREAD = "spread";

/** How the rows that are asked for are spread; nothing when they all lie on one server. */
export function spreadOf({ state }: Pick<Talk, "state">): Spread | undefined {
  return state.get(SPREAD) as Spread | undefined;
}

const BEGIN: Sql = { name: "begin", text: "BEGIN" };
const COMMIT: Sql = { name: "commit", text: "COMMIT" };

export class SpreadConnection extends Connection {
  protected static override readonly settings: string = `${Connection.settings}; SET citus.propagate_set_commands = 'local'`;
  private wanted: Reach = "";
  /** In a transaction that somebody has begun. */
  private within = false;

  protected constructor(client: pg.Client, config: ConnectionConfig) {
    super(client, config);
    this.state.set(SPREAD, "citus");
  }

  override serve(reach: Reach): Promise<void> {
    this.wanted = reach;
    return Promise.resolve();
  }

  /** What goes to several servers is planned for its values: Citus makes no plan without them. */
  override plan(): Promise<void> {
    return Promise.resolve();
  }

  override async many<T = Row>(sql: Sql): Promise<T[]> {
    if (this.within) return super.many(sql);
    return ((await this.train([sql]))[0]?.rows ?? []) as T[];
  }

  override async train(statements: readonly Sql[]): Promise<readonly Answer[]> {
    const isEnd = statements.at(-1)?.text === "COMMIT";
    if (this.within) {
      this.within = !isEnd;
      return super.train(statements);
    }
    if (statements[0]?.text !== "BEGIN") return this.wholeTransaction(statements);
    this.within = !isEnd;
    return this.sent([BEGIN, this.reaching()], statements.slice(1), [BEGIN]);
  }

  override async begin(how = "BEGIN"): Promise<void> {
    await super.begin(how);
    this.within = true;
    await this.client.query(this.reaching().text);
  }

  override async commit(): Promise<void> {
    this.within = false;
    await super.commit();
  }

  override async rollback(): Promise<void> {
    this.within = false;
    await super.rollback();
  }

  /** Statements that are a transaction by themselves. */
  private async wholeTransaction(statements: readonly Sql[]): Promise<readonly Answer[]> {
    try {
      const answers = await this.sent([BEGIN, this.reaching()], [...statements, COMMIT], []);
      if (answers.at(-1)?.command !== "COMMIT")
        throw fhirError("OUTCOME_UNKNOWN", "the commit was turned into a rollback");
      return answers.slice(0, -1);
    } catch (error) {
      if (!this.broken) await super.rollback();
      throw error;
    }
  }

  /**
   * Sends statements behind others of our own. The caller is answered, and told of errors, as if only `shown` of those had
   * gone before.
   */
  private async sent(
    before: readonly Sql[],
    statements: readonly Sql[],
    shown: readonly Sql[],
  ): Promise<readonly Answer[]> {
    const hidden = before.length - shown.length;
    try {
      return (await super.train([...before, ...statements])).slice(hidden);
    } catch (error) {
      const { at } = error as TrainError;
      if (at !== undefined) (error as TrainError).at = Math.max(0, at - hidden);
      throw error;
    }
  }

  private reaching(): Sql {
    return { text: `SET LOCAL eira.reach = ${pg.escapeLiteral(this.wanted)}` };
  }
}

/** The same ways on a single server. */
export class TriedConnection extends SpreadConnection {
  protected constructor(client: pg.Client, config: ConnectionConfig) {
    super(client, config);
    this.state.set(SPREAD, "here");
  }
}

/** The kind of connection for rows that are spread so. */
export function connectionKind(spread: Spread | undefined): typeof Connection {
  if (spread === undefined) return Connection;
  return spread === "citus" ? SpreadConnection : TriedConnection;
}
