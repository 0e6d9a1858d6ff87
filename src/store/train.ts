/**
 * Several statements sent together and answered together: one write to the socket, one answer. Until PostgreSQL has seen
 * the end of the train it commits nothing of it, and after a failure it skips the rest; a train that does not say BEGIN
 * is therefore a transaction by itself.
 *
 * SPEC STORE-TRAIN · https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING · measured: a
 * third of the server's processor time went into writing each statement to the socket by itself (decision 0017)
 */
import pg from "pg";
import type { Row, Sql } from "./connection.ts";

/** What the driver calls on a query that it has sent. Its types do not tell, its version is pinned. */
interface SentQuery {
  readonly _result: { _types: pg.CustomTypesConfig };
  callback: (error: Error | null, result?: { readonly rows: Row[]; readonly command: string }) => void;
  submit(wire: Wire): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
  handleReadyForQuery(wire: Wire): void;
}

/** The driver's connection, as far as a train needs it. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void; destroy(): void };
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  sync(): void;
  close(what: { readonly type: "S"; readonly name: string }): void;
}

/** What came of one statement. */
export type Answer = { readonly rows: Row[]; readonly command: string };

/** An error of a train, with the place of the statement that failed; past the last one it is the commit. */
export type TrainError = Error & { at?: number };

const QueryClass = pg.Query as unknown as new (config: object) => SentQuery;

/** True when only a train may send the prepared statement of this name: it makes sure that PostgreSQL does not know it yet. */
export function isUncertain(client: pg.Client, name: string): boolean {
  return uncertain.get(client.connection)?.has(name) === true;
}

/** Names whose preparation was cut off by an error before them; PostgreSQL may know them or not. */
const uncertain = new WeakMap<object, Set<string>>();

class Train extends QueryClass {
  private readonly wagons: readonly { readonly sql: Sql; readonly query: SentQuery }[];
  private readonly answers: Answer[] = [];
  private readonly fresh = new Set<string>();
  private wire: Wire | undefined;
  private at = 0;
  private readonly settle: (error: TrainError | undefined, answers: readonly Answer[]) => void;

  constructor(
    statements: readonly Sql[],
    types: pg.CustomTypesConfig,
    settle: (error: TrainError | undefined, answers: readonly Answer[]) => void,
  ) {
    super({ text: "a train of statements" });
    this.settle = settle;
    this.callback = () => undefined; // the driver wants one; what it would say is settled here
    this.wagons = statements.map((sql) => {
      const query = new QueryClass({ ...sql, queryMode: "extended" });
      query._result._types = types;
      return { sql, query };
    });
  }

  override submit(wire: Wire): Error | null {
    this.wire = wire;
    const quiet = Object.create(wire, { sync: { value: () => undefined } }) as Wire; // one end for all of them
    wire.stream.cork();
    try {
      for (const { sql, query } of this.wagons) {
        this.beforePreparing(wire, sql.name);
        query.callback = (error, result) => {
          if (error === null && result !== undefined) this.answers.push(result);
          else this.derail(error ?? new Error("a statement without an answer"));
        };
        const refused = query.submit(quiet);
        if (refused !== null) this.derail(refused);
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  override handleRowDescription(message: unknown): void {
    this.wagons[this.at]?.query.handleRowDescription(message);
  }

  override handleDataRow(message: unknown): void {
    this.wagons[this.at]?.query.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    const wagon = this.wagons[this.at];
    this.at += 1;
    if (wagon === undefined) return;
    if (wagon.sql.name !== undefined) isPrepared(wire, wagon.sql.name, wagon.sql.text);
    wagon.query.handleCommandComplete(message, wire);
    wagon.query.handleReadyForQuery(wire);
  }

  override handleReadyForQuery(): void {
    this.settle(undefined, this.answers);
  }

  /** Called by the driver with PostgreSQL's error, or when the connection is gone. */
  handleError(error: Error): void {
    this.fail(error);
  }

  /** A statement could not be sent, or was answered out of turn: what was sent must not come to its end and be committed. */
  private derail(error: Error): void {
    this.wire?.stream.destroy();
    this.fail(error);
  }

  private fail(error: Error): void {
    const { wire } = this;
    for (const { sql } of this.wagons.slice(this.at)) {
      if (wire === undefined || sql.name === undefined || !this.fresh.has(sql.name)) continue;
      Reflect.deleteProperty(wire.submittedNamedStatements, sql.name);
      Reflect.deleteProperty(wire.parsedStatements, sql.name);
      const names = uncertain.get(wire) ?? new Set<string>();
      uncertain.set(wire, names.add(sql.name));
    }
    this.settle(Object.assign(error, { at: this.at }), this.answers);
  }

  private beforePreparing(wire: Wire, name: string | undefined): void {
    if (name === undefined) return;
    if (uncertain.get(wire)?.delete(name) === true) wire.close({ type: "S", name });
    const isKnown = wire.parsedStatements[name] !== undefined || wire.submittedNamedStatements[name] !== undefined;
    if (!isKnown) this.fresh.add(name);
  }
}

/** Tells the driver that PostgreSQL knows the statement, which it forgets of one that later fails unless it is told. */
function isPrepared(wire: Wire, name: string, text: string): void {
  wire.parsedStatements[name] = text;
  Reflect.deleteProperty(wire.submittedNamedStatements, name);
}

/**
 * Sends the statements as one train. Answers what came of each. Errors: PostgreSQL's, with `at`, the place of the statement
 * that failed; then nothing of a train that was a transaction by itself is done, unless the connection was lost.
 */
export function sendTrain(
  client: pg.Client,
  statements: readonly Sql[],
  types: pg.CustomTypesConfig,
): Promise<readonly Answer[]> {
  return new Promise((resolve, reject) => {
    const settle = (error: TrainError | undefined, answers: readonly Answer[]): void =>
      error === undefined ? resolve(answers) : reject(error);
    client.query(new Train(statements, types, settle) as unknown as pg.Submittable);
  });
}
