/**
 * The access log as hash chains: one chain for each writing connection, so that no chain is a global lock. Each row is
 * hashed with the row before it, and the chain's head is signed and moved in the same transaction.
 *
 * SPEC STORE-LOG · HSLF-FS 2016:40 4 kap. 9 § · reliability: a chain alone can be recomputed by whoever owns the
 * database, therefore the heads are signed with a key that does not lie in it, and can be anchored outside.
 */
import { createHash, randomUUID, sign, type KeyObject } from "node:crypto";
import type { Connection } from "./connection.ts";

/** What one row says. Everything that the regulation asks for, and why it was allowed or refused. */
export type AccessLogEntry = {
  readonly recorded: string;
  readonly home: number;
  readonly patient: string | null;
  readonly action: string;
  readonly outcome: "granted" | "refused";
  readonly ground: string;
  readonly actor: string;
  readonly person: string | null;
  readonly assignment: string | null;
  readonly careUnit: string | null;
  readonly careProvider: string | null;
  readonly purpose: string;
  readonly request: string;
  /** `Type/id/_history/version` of what was shown, written or asked for. */
  readonly what: readonly string[];
};

export type ChainRow = { readonly seq: number; readonly entry: string; readonly hash: Buffer };
export type Head = {
  readonly chain: string;
  readonly previous: string | null;
  readonly seq: number;
  readonly hash: Buffer;
  readonly signed: string;
};

type Chain = { readonly id: string; readonly previous: string | null; readonly seq: number; readonly hash: Buffer };

const STATE = "access-log-chain";
const PENDING = "access-log-pending";

const APPEND = `
WITH row AS (SELECT * FROM json_to_recordset($1::json) AS r(home int4, seq int8, recorded timestamptz, patient text, entry text, hash text)),
     added AS (INSERT INTO access_log (home, chain, seq, recorded, patient, entry, hash)
               SELECT home, $2::uuid, seq, recorded, patient, entry, decode(hash, 'hex') FROM row)
INSERT INTO access_log_head (chain, previous, seq, hash, signed, signature) VALUES ($2::uuid, $3::uuid, $4, $5, $6, $7)
ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, signed = excluded.signed, signature = excluded.signature`;

/** Writes the chains of one process. */
export class ChainWriter {
  private readonly key: KeyObject;
  private newest: string | null;

  /** `key` signs the heads (Ed25519, kept outside the database); `newest` is the chain that new ones point back to. */
  constructor(key: KeyObject, newest: string | null) {
    this.key = key;
    this.newest = newest;
  }

  /**
   * Appends entries to the connection's own chain, in the transaction that it is in. Call `settle` when that is known
   * to be committed; otherwise call `abandon`, and the connection begins a new chain that points to an older one.
   */
  async append(connection: Connection, entries: readonly AccessLogEntry[], now: string): Promise<void> {
    if (entries.length === 0) return;
    const chain = this.chainOf(connection);
    let { seq, hash } = chain;
    const rows = entries.map((entry) => {
      seq += 1;
      const text = JSON.stringify(entry);
      hash = rowHash(chain.id, seq, hash, text);
      return {
        home: entry.home,
        seq,
        recorded: entry.recorded,
        patient: entry.patient,
        entry: text,
        hash: hash.toString("hex"),
      };
    });
    const next: Chain = { id: chain.id, previous: chain.previous, seq, hash };
    const signature = sign(
      null,
      headBytes({ chain: next.id, previous: next.previous, seq, hash, signed: now }),
      this.key,
    );
    connection.state.set(PENDING, next);
    await connection.many({
      name: "access-log-append",
      text: APPEND,
      values: [JSON.stringify(rows), next.id, next.previous, seq, hash, now, signature],
    });
  }

  settle(connection: Connection): void {
    const pending = connection.state.get(PENDING) as Chain | undefined;
    if (pending === undefined) return;
    connection.state.delete(PENDING);
    connection.state.set(STATE, pending);
    this.newest = pending.id;
  }

  abandon(connection: Connection): void {
    connection.state.delete(PENDING);
    connection.state.delete(STATE);
  }

  private chainOf(connection: Connection): Chain {
    const known = (connection.state.get(PENDING) ?? connection.state.get(STATE)) as Chain | undefined;
    return known ?? { id: randomUUID(), previous: this.newest, seq: 0, hash: GENESIS };
  }
}

/** Hash of one row: SHA-256 over chain, number, the hash before it and the text. */
export function rowHash(chain: string, seq: number, previous: Buffer, text: string): Buffer {
  return createHash("sha256").update(`${chain} ${seq} `).update(previous).update(text).digest();
}

/** The bytes that are signed in a head. */
export function headBytes(head: Head): Buffer {
  return Buffer.from(
    `eira-access-log-head 1 ${head.chain} ${head.previous ?? "-"} ${head.seq} ${head.hash.toString("hex")} ${head.signed}`,
  );
}

/** What stands before the first row of a chain. */
export const GENESIS: Buffer = Buffer.alloc(32);
