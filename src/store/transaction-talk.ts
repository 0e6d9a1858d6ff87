/**
 * What a transaction says to PostgreSQL. Statements whose answer nobody waits for are kept until one is asked that somebody
 * does, or until the commit; then all of them go together. A write that asks nothing is one train and one answer.
 *
 * SPEC STORE-TX · reliability rules 1 to 3
 */
import { fhirError } from "../fhir/index.ts";
import { isAnswer, type Connection, type Row, type Sql, type Talk } from "./connection.ts";
import { NotAsDemanded } from "./not-as-demanded.ts";
import { runSearch } from "./resources.ts";
import { inTime } from "./search-time.ts";
import type { Answer, TrainError } from "./train.ts";

/** Codes after which PostgreSQL says that nothing was done and that it may be tried again. */
export const MAY_BE_TRIED_AGAIN: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

/** The transaction bears a time that has been settled; tried again, it takes another. */
class TooLate extends Error {
  readonly code = "40001";
}

const BEGIN: Sql = { name: "begin", text: "BEGIN" };
const COMMIT: Sql = { name: "commit", text: "COMMIT" };

/** What the text of a demand that does not hold cannot be read as: a number. */
const NO_NUMBER = "22P02";

/** What PostgreSQL says of a statement after one that failed. */
const ALREADY_FAILED = "25P02";

export class TransactionTalk implements Talk {
  readonly state: Map<string, unknown>;
  /** The same talk, for statements whose answer says nothing but whether they failed. They answer no rows. */
  readonly later: Talk;
  /** The first thing that went wrong. */
  fault: unknown;
  readonly connection: Connection;
  private readonly waiting: Sql[] = [];
  private begun = false;

  constructor(connection: Connection) {
    this.connection = connection;
    this.state = connection.state;
    const keep = (sql: Sql): Promise<[]> => {
      this.waiting.push(sql);
      return Promise.resolve([]);
    };
    this.later = { state: connection.state, many: keep };
  }

  async many<T = Row>(sql: Sql): Promise<T[]> {
    const [rows] = await this.all([sql]);
    return (rows ?? []) as T[];
  }

  /** Asks several things at once; answers the rows of each. */
  async all(asked: readonly Sql[]): Promise<readonly (readonly Row[])[]> {
    // Should BEGIN fail, PostgreSQL skips what comes with it: none of it commits by itself.
    const statements = [...(this.begun ? [] : [BEGIN]), ...this.waiting.splice(0), ...asked];
    this.begun = true;
    const answers = await this.send(statements);
    return answers.slice(statements.length - asked.length).map(({ rows }) => rows);
  }

  /** Runs a statement that `search/` compiled. Errors: SEARCH_TOO_COSTLY past `limit` milliseconds. */
  search(sql: Sql, limit: number): Promise<Row[]> {
    return inTime(this.connection, limit, () => runSearch(this, sql));
  }

  /**
   * Commits what has been said. Errors: what PostgreSQL refused a statement with; OUTCOME_UNKNOWN when the answer to the
   * commit is missing or doubtful.
   */
  async commit(): Promise<void> {
    const waiting = this.waiting.splice(0);
    if (!this.begun && waiting.length === 0) return;
    // Without BEGIN the train is a transaction by itself, which its end commits.
    const statements = this.begun ? [...waiting, COMMIT] : waiting;
    try {
      const answers = await this.send(statements);
      // A transaction that has failed answers COMMIT with the tag ROLLBACK and no error.
      if (this.begun && answers.at(-1)?.command !== "COMMIT")
        throw fhirError("OUTCOME_UNKNOWN", "the commit was turned into a rollback");
      this.connection.refuseDoubt();
    } catch (error) {
      if (saysNotCommitted(error, waiting.length)) {
        if (this.begun) await this.connection.rollback();
        throw codeOf(error) === ALREADY_FAILED ? this.fault : error;
      }
      this.connection.broken = true; // its state is not known, so nobody may use it again
      if ((error as { code?: string }).code === "OUTCOME_UNKNOWN") throw error;
      throw fhirError("OUTCOME_UNKNOWN", `the answer to the commit was lost (${codeOf(error)})`);
    }
  }

  async rollback(): Promise<void> {
    this.waiting.length = 0;
    if (this.begun) await this.connection.rollback();
  }

  private async send(statements: readonly Sql[]): Promise<readonly Answer[]> {
    try {
      return await this.connection.train(statements);
    } catch (error) {
      const refusal = refusalOf(error as TrainError, statements);
      this.fault ??= refusal;
      throw refusal;
    }
  }
}

/** A demand that does not hold, in the words of whoever made it; everything else as it is. */
function refusalOf(error: TrainError, statements: readonly Sql[]): unknown {
  const { refusal } = statements[error.at ?? -1] ?? {};
  if (refusal === undefined || codeOf(error) !== NO_NUMBER) return error;
  if (refusal === "TOO_LATE") return new TooLate();
  return refusal === "NOT_AS_DEMANDED" ? new NotAsDemanded() : fhirError(refusal);
}

/** True when PostgreSQL said it of a statement before the commit, or says that the commit may be tried again. */
function saysNotCommitted(error: unknown, statements: number): boolean {
  if (error instanceof NotAsDemanded || error instanceof TooLate || codeOf(error) === "VERSION_CONFLICT") return true;
  if (!isAnswer(error)) return false;
  return ((error as TrainError).at ?? statements) < statements || MAY_BE_TRIED_AGAIN.has(codeOf(error));
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? "no code";
}
