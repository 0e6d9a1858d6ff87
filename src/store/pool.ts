/**
 * A pool of connections that prefers one which already serves the wanted reach and plans statements as wanted, so that
 * these settings are sent only when the actor's care provider or the kind of work changes.
 *
 * SPEC STORE-POOL
 */
import { fhirError } from "../fhir/index.ts";
import { Connection, roleOf, type ConnectionConfig, type Planning, type Reach } from "./connection.ts";

type Waiter = {
  readonly reach: Reach;
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: Error) => void;
};

export type PoolOptions = {
  readonly config: ConnectionConfig;
  readonly role: string | undefined;
  /** What is lent; a plain connection unless told. */
  readonly kind?: typeof Connection;
  readonly size: number;
  /** Longest wait for a free connection, in milliseconds. */
  readonly patience: number;
};

export class Pool {
  private readonly options: PoolOptions;
  private readonly idle: { connection: Connection; reach: Reach; planning: Planning }[] = [];
  private readonly waiting: Waiter[] = [];
  private open = 0;
  private closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
  }

  /** Lends a connection that serves `reach` to `work`; a broken one is thrown away afterwards. */
  async with<T>(reach: Reach, work: (connection: Connection) => Promise<T>, planning: Planning = "auto"): Promise<T> {
    const connection = await this.take(reach, planning);
    try {
      await connection.serve(reach);
      await connection.plan(planning);
      return await work(connection);
    } finally {
      this.giveBack(connection, reach, planning);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const waiter of this.waiting.splice(0)) waiter.reject(fhirError("UNAVAILABLE", "the server is stopping"));
    await Promise.all(this.idle.splice(0).map(({ connection }) => connection.close()));
  }

  private async take(reach: Reach, planning: Planning): Promise<Connection> {
    if (this.closed) throw fhirError("UNAVAILABLE", "the server is stopping");
    for (let found = this.pick(reach, planning); found !== undefined; found = this.pick(reach, planning)) {
      if (!found.broken) return found;
      this.open -= 1;
    }
    if (this.open < this.options.size) return this.connect();
    return this.wait(reach);
  }

  /** Stands in line until a connection is given back, as long as patience lasts. */
  private wait(reach: Reach): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        reach,
        resolve: (connection) => {
          clearTimeout(timer);
          resolve(connection);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        const at = this.waiting.indexOf(waiter);
        if (at < 0) return; // a connection is being opened for it
        this.waiting.splice(at, 1);
        reject(fhirError("UNAVAILABLE", "no database connection became free in time"));
      }, this.options.patience);
      this.waiting.push(waiter);
    });
  }

  private pick(reach: Reach, planning: Planning): Connection | undefined {
    const alike = this.idle.findLastIndex((one) => one.reach === reach && one.planning === planning);
    const same = alike >= 0 ? alike : this.idle.findLastIndex((one) => one.reach === reach);
    // Under another role PostgreSQL plans each statement of the connection anew: rather another connection, while there may be more.
    const at = same >= 0 ? same : this.idle.findLastIndex((one) => roleOf(one.reach) === roleOf(reach));
    if (at >= 0) return this.idle.splice(at, 1)[0]?.connection;
    return this.open < this.options.size ? undefined : this.idle.pop()?.connection;
  }

  private async connect(): Promise<Connection> {
    this.open += 1;
    try {
      const { config, role, kind = Connection } = this.options;
      return await kind.open(config, role, true);
    } catch (error) {
      this.open -= 1;
      throw fhirError("UNAVAILABLE", `the database does not answer (${(error as Error).message})`);
    }
  }

  private giveBack(connection: Connection, reach: Reach, planning: Planning): void {
    if (connection.broken || this.closed) {
      this.open -= 1;
      connection.discard();
      this.replace();
      return;
    }
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push({ connection, reach, planning });
    else next.resolve(connection);
  }

  /** Opens a connection for who waits longest. When the database does not answer, those behind are told at once too. */
  private replace(): void {
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.connect().then(next.resolve, (error: Error) => {
      next.reject(error);
      this.replace();
    });
  }
}
