/**
 * One connection as the server uses it: works as the role `eira_app` (no bypass of row-level security) or, for a person, as
 * `eira_person`, carries the reach of the actor it serves, and knows when an answer of PostgreSQL must not be believed.
 *
 * SPEC STORE-CONN · https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
import pg from "pg";
import { fhirError } from "../fhir/index.ts";
import { isUncertain, sendTrain, type Answer } from "./train.ts";

/**
 * What the connection may reach: nothing, everything, what one care provider owns (its HSA-id), or, of that, what is open to a person
 * (the HSA-ids of care provider, care unit and employee, parted by blanks).
 */
export type Reach = "" | "*" | (string & { readonly __brand?: "HsaId" });

/** The role without bypass that the server works as. */
export const APP_ROLE = "eira_app";
/** The role that it works as for a person: each row is asked for what opens it and what blocks it. */
export const PERSON_ROLE = "eira_person";

/** The role that it works as at the patient's own door: it reaches one patient's rows, of few tables. */
export const DOOR_ROLE = "eira_door";

/** The role that a reach is served as. */
export function roleOf(reach: Reach): string {
  if (reach.startsWith("door ")) return DOOR_ROLE;
  return reach.includes(" ") ? PERSON_ROLE : APP_ROLE;
}

/**
 * How PostgreSQL plans prepared statements: for the values of each call where that seems to pay (`auto`), or once for all
 * values (`once`), for statements that have the one good plan whatever is asked.
 */
export type Planning = "auto" | "once";

export type Row = Readonly<Record<string, unknown>>;

/** Text and values of one statement; `name` makes it a prepared statement of the connection. */
export type Sql = {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
  /** What it means when the statement, made with `demanding`, finds that something does not hold. */
  readonly refusal?: "VERSION_CONFLICT" | "NOT_AS_DEMANDED" | "TOO_LATE";
};

/** An expression that is 1 when the condition holds and fails the statement when it does not. */
export function demanding(condition: string): string {
  // The text depends on rows, so that no planner reads it beforehand.
  return `CASE WHEN ${condition} THEN 1 ELSE ('not so: ' || count(*))::int END`;
}

export type ConnectionConfig = pg.ClientConfig;

/** With this warning PostgreSQL calls a commit a success whose wait for the standby was cancelled (reliability rule 1). */
const WARNING = "01000";

const INT8 = 20;
const TIMESTAMPTZ = 1184;
/** Numbers of 64 bits and times stay the text that PostgreSQL wrote: JavaScript's own forms lose digits of both. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary"): ((text: string) => unknown) => {
    if (oid === INT8 || oid === TIMESTAMPTZ) return (text) => text;
    const parser: unknown = pg.types.getTypeParser(oid, format);
    return parser as (text: string) => unknown;
  },
};

/** Somebody who asks PostgreSQL, and what hangs on the connection that is asked on. */
export interface Talk {
  readonly state: Map<string, unknown>;
  many<T = Row>(sql: Sql): Promise<T[]>;
}

export class Connection implements Talk {
  readonly client: pg.Client;
  /** State that other parts of the store hang on the connection (the access log's chain). */
  readonly state = new Map<string, unknown>();
  broken = false;
  private reach: Reach | undefined;
  private role: string | undefined;
  private planning: Planning = "auto";
  private doubtful = false;

  /** How it was opened, so that another can be. */
  readonly config: ConnectionConfig;

  /** What every session is set to. */
  protected static readonly settings: string =
    "SET client_min_messages = warning; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET jit = off";

  protected constructor(client: pg.Client, config: ConnectionConfig) {
    this.client = client;
    this.config = config;
    client.on("error", () => (this.broken = true));
    client.on("end", () => (this.broken = true));
    client.on("notice", (notice) => {
      if (notice.code === WARNING) this.doubtful = true; // its words depend on the server's language
    });
  }

  /**
   * Opens a connection and takes the role `role` (the owner's own when it is undefined). With `pipeline`, statements are
   * sent without waiting for the answers of those before; COPY is then not possible.
   */
  static async open(config: ConnectionConfig, role: string | undefined, pipeline = false): Promise<Connection> {
    const client = new pg.Client({ application_name: "eira", ...config, pipeline, types });
    const connection = new this(client, config);
    connection.role = role;
    try {
      await client.connect();
      await client.query(this.settings + (role === undefined ? "" : `; SET ROLE ${pg.escapeIdentifier(role)}`));
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  /** The number of PostgreSQL's process that serves it. */
  get processId(): number {
    const { processID } = this.client as unknown as { readonly processID: number };
    return processID;
  }

  /** Sets how statements are planned, once for as long as that stays so. Measured: decision 0023. */
  async plan(planning: Planning): Promise<void> {
    if (this.planning === planning) return;
    const mode = planning === "once" ? "force_generic_plan" : "auto";
    await this.many({ name: "plan", text: "SELECT set_config('plan_cache_mode', $1, false)", values: [mode] });
    this.planning = planning;
  }

  /**
   * Sets what the actor may reach, once for as long as the connection serves the same reach, and the role that goes with it. A
   * connection of the database's owner stays the owner's.
   */
  async serve(reach: Reach): Promise<void> {
    if (this.reach === reach) return;
    this.reach = undefined;
    const role = this.role === undefined ? undefined : roleOf(reach);
    if (role !== this.role) {
      await this.many({ name: "role", text: "SELECT set_config('role', $1, false)", values: [role] });
      this.role = role;
    }
    await this.many({ name: "reach", text: "SELECT set_config('eira.reach', $1, false)", values: [reach] });
    this.reach = reach;
  }

  async many<T = Row>(sql: Sql): Promise<T[]> {
    if (sql.name !== undefined && isUncertain(this.client, sql.name)) return (await this.train([sql]))[0]?.rows as T[];
    try {
      const result = await this.client.query({ ...sql, values: sql.values as unknown[] | undefined });
      return result.rows as T[];
    } catch (error) {
      if (endsSession(error)) this.broken = true; // known before the socket tells
      throw error;
    }
  }

  /**
   * Sends statements together. Without BEGIN among them they are a transaction by itself. Errors: PostgreSQL's, with `at`,
   * the place of the statement that failed. Whoever commits calls `refuseDoubt` before believing it.
   */
  async train(statements: readonly Sql[]): Promise<readonly Answer[]> {
    this.doubtful = false;
    try {
      return await sendTrain(this.client, statements, types);
    } catch (error) {
      if (error instanceof Error) Error.captureStackTrace(error); // the driver's own stack leads to a socket
      if (endsSession(error)) this.broken = true;
      throw error;
    }
  }

  /** Runs a statement that commits by itself, and believes its success only when it is durable everywhere. */
  async commitStatement<T = Row>(sql: Sql): Promise<T[]> {
    this.doubtful = false;
    let rows: T[];
    try {
      rows = await this.many<T>(sql);
    } catch (error) {
      if (endsSession(error)) throw fhirError("OUTCOME_UNKNOWN", "the answer to the statement was lost");
      throw error;
    }
    this.refuseDoubt();
    return rows;
  }

  async begin(how = "BEGIN"): Promise<void> {
    await this.client.query(how);
  }

  /** Errors: what PostgreSQL refuses the commit with; OUTCOME_UNKNOWN when its answer is lost or doubtful. */
  async commit(): Promise<void> {
    this.doubtful = false;
    const result = await this.client.query("COMMIT").catch((error: unknown) => {
      if (!endsSession(error)) throw error;
      this.broken = true;
      throw fhirError("OUTCOME_UNKNOWN", "the answer to the commit was lost");
    });
    // A transaction that has failed answers COMMIT with the tag ROLLBACK and no error.
    if (result.command !== "COMMIT") throw fhirError("OUTCOME_UNKNOWN", "the commit was turned into a rollback");
    this.refuseDoubt();
  }

  /** Runs `look` against one unmoving snapshot of the database, without the right to write. */
  async snapshot<T>(look: () => Promise<T>): Promise<T> {
    await this.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    try {
      return await look();
    } finally {
      await this.rollback(); // it wrote nothing
    }
  }

  async rollback(): Promise<void> {
    try {
      await this.client.query("ROLLBACK");
    } catch {
      this.broken = true;
    }
  }

  async close(): Promise<void> {
    this.broken = true;
    await this.client.end().catch(() => undefined); // a connection that is already gone is closed
  }

  /** Lets go of a connection that nobody waits for. */
  discard(): void {
    this.close().catch(() => undefined); // closing never fails in a way that anyone could act on
  }

  /** Refuses to believe a commit that a standby has not confirmed. */
  refuseDoubt(): void {
    if (this.doubtful) throw fhirError("OUTCOME_UNKNOWN", "the commit was not confirmed by the standby");
  }
}

/** Codes with which PostgreSQL ends the session: shutdown, crash, an idle transaction's or session's time is over. */
const LAST_WORDS = /^(08|57P|25P0[34])/;

/** True for an error that PostgreSQL itself sent, as opposed to a connection that is gone. */
export function isAnswer(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError;
}

const GONE: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "ECONNREFUSED", "UNAVAILABLE", "OUTCOME_UNKNOWN"]);

/** True when the way to the database was lost, which says nothing of what was asked; not of a bug, nor of what PostgreSQL refused. */
export function wasConnectionLost(error: unknown): boolean {
  if (isAnswer(error)) return LAST_WORDS.test(error.code ?? "");
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return GONE.has(code) || (typeof message === "string" && message.startsWith("Connection terminated"));
}

/** True unless PostgreSQL says that the statement failed and nothing else. */
export function endsSession(error: unknown): boolean {
  return !isAnswer(error) || LAST_WORDS.test(error.code ?? "");
}
