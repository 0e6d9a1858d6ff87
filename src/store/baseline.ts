/**
 * The yardstick of the benchmark: the same work done by bare SQL, without validation, access, log or search keys. It
 * answers how fast this very PostgreSQL is on this very machine in this very minute.
 *
 * SPEC STORE-BASELINE
 */
import pg from "pg";
import { Connection, type ConnectionConfig } from "./connection.ts";

export type BaselineRow = {
  readonly id: string;
  readonly patient: string;
  readonly code: string;
  readonly at: string;
  readonly content: string;
};

const TABLES = `
DROP TABLE IF EXISTS baseline, baseline_history, baseline_bytes;
CREATE TABLE baseline_bytes (at int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, raw bytea NOT NULL);
CREATE TABLE baseline (id text PRIMARY KEY, patient text NOT NULL, code text NOT NULL, at timestamptz NOT NULL, content jsonb NOT NULL);
CREATE INDEX ON baseline (patient, at DESC);
CREATE INDEX ON baseline (code);
CREATE TABLE baseline_history (id text NOT NULL, version int4 NOT NULL, content jsonb NOT NULL, PRIMARY KEY (id, version));`;

const INSERT = `
WITH row AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[]) AS r(id, patient, code, at, content)),
     kept AS (INSERT INTO baseline_history SELECT id, 1, content FROM row)
INSERT INTO baseline SELECT * FROM row`;

/** A database of its own beside Eira's, with `connections` sessions. */
export class Baseline {
  private readonly sessions: readonly Connection[];

  private constructor(sessions: readonly Connection[]) {
    this.sessions = sessions;
  }

  static async open(config: ConnectionConfig, connections: number): Promise<Baseline> {
    const name = "eira_baseline";
    const owner = await Connection.open(config, undefined);
    try {
      await owner.client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
      await owner.client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    } finally {
      await owner.close();
    }
    const own: ConnectionConfig = { ...config, database: name };
    const sessions = await Promise.all(Array.from({ length: connections }, () => Connection.open(own, undefined)));
    await sessions[0]?.client.query(TABLES);
    return new Baseline(sessions);
  }

  /** Rows and their first versions in one transaction, on session `at`. */
  async insert(at: number, rows: readonly BaselineRow[]): Promise<void> {
    await this.session(at).many({
      name: "baseline-insert",
      text: INSERT,
      values: [
        rows.map(({ id }) => id),
        rows.map(({ patient }) => patient),
        rows.map(({ code }) => code),
        rows.map((row) => row.at),
        rows.map(({ content }) => content),
      ],
    });
  }

  /** Bytes in a transaction of their own, on session `at`. */
  async insertBytes(at: number, bytes: Buffer): Promise<void> {
    await this.session(at).many({
      name: "baseline-bytes",
      text: "INSERT INTO baseline_bytes (raw) VALUES ($1)",
      values: [bytes],
    });
  }

  async read(at: number, id: string): Promise<boolean> {
    const rows = await this.session(at).many({
      name: "baseline-read",
      text: "SELECT content::text FROM baseline WHERE id = $1",
      values: [id],
    });
    return rows.length === 1;
  }

  async search(at: number, patient: string, code: string): Promise<number> {
    const rows = await this.session(at).many({
      name: "baseline-search",
      text: "SELECT id, content::text FROM baseline WHERE patient = $1 AND code = $2 ORDER BY at DESC LIMIT 20",
      values: [patient, code],
    });
    return rows.length;
  }

  async analyze(): Promise<void> {
    await this.session(0).client.query("ANALYZE");
  }

  /** The process that serves the first session, for measuring what the database server costs. */
  get backend(): number {
    return this.session(0).processId;
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()));
  }

  private session(at: number): Connection {
    const session = this.sessions[at % this.sessions.length];
    if (session === undefined) throw new Error("the baseline has no sessions");
    return session;
  }
}

/** Has the database look at how its values are spread, as it does by itself after a while. Works as its owner. */
export async function analyzeDatabase(config: ConnectionConfig): Promise<void> {
  await runAsOwner(config, ["ANALYZE"]);
}

/** The same, and what was written lies where it belongs, as after a while of use: the log is written over room that it has had already. */
export async function settleDatabase(config: ConnectionConfig): Promise<void> {
  await runAsOwner(config, ["VACUUM ANALYZE", "CHECKPOINT"]);
}

async function runAsOwner(config: ConnectionConfig, statements: readonly string[]): Promise<void> {
  const owner = await Connection.open(config, undefined);
  try {
    for (const one of statements) await owner.client.query(one);
  } finally {
    await owner.close();
  }
}
