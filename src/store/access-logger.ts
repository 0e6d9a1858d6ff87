/**
 * The access log for reads: rows of many requests are made durable by one commit, and no answer leaves before its rows
 * are. When the log cannot be written, the request fails: no log, no data.
 *
 * SPEC STORE-LOG-GROUP · performance: waiting for its own fsync costs a lone read about 2 ms; under load the group hides it
 */
import type { AccessLogEntry, ChainWriter } from "./access-log.ts";
import type { Connection } from "./connection.ts";
import { fhirError } from "../fhir/index.ts";

type Waiting = {
  readonly entries: readonly AccessLogEntry[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
};

const LARGEST_GROUP = 2000;

export class AccessLogger {
  private readonly open: () => Promise<Connection>;
  private readonly chains: ChainWriter;
  private readonly clock: () => Date;
  private readonly waiting: Waiting[] = [];
  private connection: Connection | undefined;
  private running: Promise<void> | undefined;

  /** `open` makes the connection that it writes on, and another when that is gone. */
  constructor(open: () => Promise<Connection>, chains: ChainWriter, clock: () => Date) {
    this.open = open;
    this.chains = chains;
    this.clock = clock;
  }

  /** Resolves when the entries are durable. Errors: UNAVAILABLE when they could not be made so. */
  record(entries: readonly AccessLogEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    return new Promise((done, failed) => {
      this.waiting.push({ entries, done, failed });
      this.running ??= this.drain();
    });
  }

  async close(): Promise<void> {
    await this.running;
    await this.connection?.close();
  }

  private async drain(): Promise<void> {
    await new Promise(setImmediate); // requests of the same turn join the group
    while (this.waiting.length > 0) await this.writeGroup(this.nextGroup());
    this.running = undefined;
  }

  private nextGroup(): Waiting[] {
    let entries = 0;
    const until = this.waiting.findIndex((one) => (entries += one.entries.length) > LARGEST_GROUP);
    return this.waiting.splice(0, until <= 0 ? (until === 0 ? 1 : this.waiting.length) : until);
  }

  private async writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await this.write(group.flatMap(({ entries }) => entries));
      for (const { done } of group) done();
    } catch (error) {
      await this.connection?.close();
      this.connection = undefined;
      const refusal = fhirError(
        "UNAVAILABLE",
        `the access log could not be written (${(error as { code?: string }).code ?? "no code"})`,
      );
      for (const { failed } of group) failed(refusal);
    }
  }

  private async write(entries: readonly AccessLogEntry[]): Promise<void> {
    if (this.connection?.broken !== false) {
      this.connection = await this.open();
    }
    const { connection } = this;
    try {
      await this.chains.append(connection, entries, this.clock().toISOString());
      connection.refuseDoubt();
      this.chains.settle(connection);
    } catch (error) {
      this.chains.abandon(connection);
      throw error;
    }
  }
}
