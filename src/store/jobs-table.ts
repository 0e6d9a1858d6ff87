/**
 * Long work in the database: who asked, how far it has come, which server has it. A server holds a job, or a named piece
 * of work, under a lease that it renews; when it dies, another one takes over where the last saved progress stands. What a
 * server saves counts only as long as its claim is the newest.
 *
 * SPEC STORE-JOB
 */
import { randomUUID } from "node:crypto";
import type { Connection, Sql } from "./connection.ts";

export type JobState = "waiting" | "running" | "done" | "failed" | "cancelled";

/** A job as it is asked for. `owner` is who may see it; `actor` is in whose name it works. */
export type NewJob = {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly actor: unknown;
  readonly request: unknown;
  readonly created: Date;
  readonly expires: Date;
};

export type StoredJob = {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly actor: unknown;
  readonly request: unknown;
  readonly state: JobState;
  readonly progress: unknown;
  readonly result: unknown;
  readonly error: unknown;
  readonly attempts: number;
  readonly created: string;
  readonly ended: string | null;
  readonly expires: string;
};

/** A job that this server holds, until the lease has run out or somebody else's claim is newer. */
export type ClaimedJob = StoredJob & { readonly claim: string };

/** How many jobs one owner may have: open ones, and all that have not expired. */
export type JobLimits = { readonly open: number; readonly kept: number };

/** How a job ended. */
export type JobEnd = {
  readonly state: "done" | "failed";
  readonly result: unknown;
  readonly error: unknown;
  readonly ended: Date;
  readonly expires: Date;
};

const ISO = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;
const FIELDS = `id, kind, owner, actor, request, state, progress, result, error, attempts, ${["created", "ended", "expires"].map(ISO).join(", ")}`;
const HELD = "id = $1 AND claim = $2 AND state = 'running'";

export class JobTable {
  private readonly alone: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

  /** `alone` lends a connection. */
  constructor(alone: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>) {
    this.alone = alone;
  }

  /**
   * Adds a job; answers false, and adds none, when its owner has as many as the limits allow. Errors: OUTCOME_UNKNOWN when
   * the connection was lost while it committed: the job may stand.
   */
  add(job: NewJob, limits: JobLimits): Promise<boolean> {
    return this.alone(async (connection) => {
      await connection.begin();
      try {
        const isAdded = await addWithin(connection, job, limits);
        await connection.commit();
        return isAdded;
      } catch (error) {
        await connection.rollback();
        throw error;
      }
    });
  }

  /** The job, when it is this owner's and has not been cancelled. */
  async find(id: string, owner: string): Promise<StoredJob | undefined> {
    const text = `SELECT ${FIELDS} FROM job WHERE id = $1 AND owner = $2 AND state <> 'cancelled'`;
    const [row] = await this.alone((connection) => connection.many<StoredJob>({ text, values: [id, owner] }));
    return row;
  }

  /** Takes the job that has waited longest, or one whose server has not renewed its lease. */
  async claim(kinds: readonly string[], leaseSeconds: number): Promise<ClaimedJob | undefined> {
    const [row] = await this.commit<ClaimedJob>({
      name: "job-claim",
      text: `UPDATE job SET state = 'running', claim = $2, attempts = attempts + 1, lease_until = clock_timestamp() + make_interval(secs => $3)
             WHERE id = (SELECT id FROM job WHERE state IN ('waiting', 'running') AND kind = ANY ($1) AND due <= clock_timestamp()
                           AND (lease_until IS NULL OR lease_until < clock_timestamp())
                         ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING ${FIELDS}, claim`,
      values: [kinds, randomUUID(), leaseSeconds],
    });
    return row;
  }

  /** Renews the lease. Answers false when the job is no longer this claim's: another server has it, or it is cancelled. */
  renew(job: ClaimedJob, leaseSeconds: number): Promise<boolean> {
    return this.changed({
      name: "job-renew",
      text: `UPDATE job SET lease_until = clock_timestamp() + make_interval(secs => $3) WHERE ${HELD} RETURNING 1`,
      values: [job.id, job.claim, leaseSeconds],
    });
  }

  /** Saves how far it has come and renews the lease; false as of `renew`. What moves has not failed: attempts begin anew. */
  save(job: ClaimedJob, progress: unknown, leaseSeconds: number): Promise<boolean> {
    return this.changed({
      name: "job-save",
      text: `UPDATE job SET progress = $4, attempts = 0, lease_until = clock_timestamp() + make_interval(secs => $3) WHERE ${HELD} RETURNING 1`,
      values: [job.id, job.claim, leaseSeconds, JSON.stringify(progress)],
    });
  }

  /** The job has ended; false as of `renew`. */
  finish(job: ClaimedJob, { state, result, error, ended, expires }: JobEnd): Promise<boolean> {
    const texts = [result, error].map((one) => (one === undefined ? null : JSON.stringify(one)));
    return this.changed({
      text: `UPDATE job SET state = $3, result = $4, error = $5, ended = $6, expires = $7, lease_until = NULL WHERE ${HELD} RETURNING 1`,
      values: [job.id, job.claim, state, ...texts, ended.toISOString(), expires.toISOString()],
    });
  }

  /** Gives the job back, to be taken again after a while. */
  release(job: ClaimedJob, delaySeconds: number): Promise<boolean> {
    return this.changed({
      text: `UPDATE job SET state = 'waiting', lease_until = NULL, due = clock_timestamp() + make_interval(secs => $3) WHERE ${HELD} RETURNING 1`,
      values: [job.id, job.claim, delaySeconds],
    });
  }

  /** Ends the owner's job for good and lets it expire. Answers false when there is none. */
  cancel(id: string, owner: string, now: Date): Promise<boolean> {
    return this.changed({
      text: "UPDATE job SET state = 'cancelled', expires = least(expires, $3) WHERE id = $1 AND owner = $2 AND state <> 'cancelled' RETURNING 1",
      values: [id, owner, now.toISOString()],
    });
  }

  /** Jobs whose time is over and that no server is at work on. */
  async expired(now: Date, limit: number): Promise<readonly string[]> {
    const text = `SELECT id FROM job WHERE expires <= $1 AND (state <> 'running' OR lease_until < clock_timestamp()) ORDER BY expires LIMIT $2`;
    const rows = await this.alone((connection) =>
      connection.many<{ id: string }>({ text, values: [now.toISOString(), limit] }),
    );
    return rows.map(({ id }) => id);
  }

  /** The owner's jobs that have not been forgotten, and may have files. */
  async idsOf(owner: string): Promise<readonly string[]> {
    const text = "SELECT id FROM job WHERE owner = $1";
    const rows = await this.alone((connection) => connection.many<{ id: string }>({ text, values: [owner] }));
    return rows.map(({ id }) => id);
  }

  /** Which of the jobs there are. */
  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const text = "SELECT id FROM job WHERE id = ANY ($1)";
    const rows = await this.alone((connection) => connection.many<{ id: string }>({ text, values: [ids] }));
    return new Set(rows.map(({ id }) => id));
  }

  /** Forgets a job. */
  async remove(id: string): Promise<void> {
    await this.commit({ text: "DELETE FROM job WHERE id = $1", values: [id] });
  }

  /** Takes or renews a lease on a named piece of work; false while somebody else holds it. */
  lease(name: string, holder: string, seconds: number): Promise<boolean> {
    return this.changed({
      name: "lease",
      text: `INSERT INTO lease (name, holder, until) VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE lease.holder = excluded.holder OR lease.until < clock_timestamp() RETURNING 1`,
      values: [name, holder, seconds],
    });
  }

  /** Lets go of a lease, so that nobody waits for its end. */
  async endLease(name: string, holder: string): Promise<void> {
    await this.commit({ text: "DELETE FROM lease WHERE name = $1 AND holder = $2", values: [name, holder] });
  }

  private async changed(sql: Sql): Promise<boolean> {
    return (await this.commit(sql)).length > 0;
  }

  private commit<T>(sql: Sql): Promise<T[]> {
    return this.alone((connection) => connection.commitStatement<T>(sql));
  }
}

/** One owner's requests are counted one after the other, so that twenty at once do not all find room. */
async function addWithin(connection: Connection, job: NewJob, limits: JobLimits): Promise<boolean> {
  await connection.many({
    text: "SELECT pg_advisory_xact_lock(hashtextextended('job ' || $1, 0))",
    values: [job.owner],
  });
  const [count] = await connection.many<{ open: number; kept: number }>({
    text: `SELECT count(*) FILTER (WHERE state IN ('waiting', 'running'))::int4 AS open, count(*)::int4 AS kept
           FROM job WHERE owner = $1 AND state <> 'cancelled' AND expires > $2`,
    values: [job.owner, job.created.toISOString()],
  });
  if (count === undefined || count.open >= limits.open || count.kept >= limits.kept) return false;
  const { id, kind, owner, actor, request, created, expires } = job;
  await connection.many({
    text: "INSERT INTO job (id, kind, owner, actor, request, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    values: [
      id,
      kind,
      owner,
      JSON.stringify(actor),
      JSON.stringify(request),
      created.toISOString(),
      expires.toISOString(),
    ],
  });
  return true;
}
