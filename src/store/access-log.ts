/**
 * The access log as hash chains: one chain for each writing connection, so that no chain is a global lock. Each row is
 * hashed with the row before it, and the chain's head is signed and moved in the same transaction.
 *
 * SPEC STORE-LOG · HSLF-FS 2016:40 4 kap. 9 § · reliability: a chain alone can be recomputed by whoever owns the
 * database, therefore the heads are signed with a key that does not lie in it, and can be anchored outside.
 */
import { hash as hashOf, randomUUID, sign, type KeyObject } from "node:crypto";
import { pinEntry, Pins, type Pin } from "./access-log-pins.ts";
import { insertOne, sayTogether, spreadOf } from "./citus/index.ts";
import type { Sql, Talk } from "./connection.ts";

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
  /** HSA-ids of both; entries from before they were kept have none. */
  readonly careUnitId?: string | null;
  readonly careProviderId?: string | null;
  /** The person's own identity is protected: an extract to a patient does not name them. */
  readonly protectedIdentity?: true;
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

/** A chain as it will stand when its connection's transaction is committed, with the pins in it. */
type Pending = { readonly chain: Chain; readonly pins: readonly Pin[] };

type Chain = { readonly id: string; readonly previous: string | null; readonly seq: number; readonly hash: Buffer };

const STATE = "access-log-chain";
const PENDING = "access-log-pending";

const APPEND = `
WITH row AS (SELECT * FROM json_to_recordset($1::json) AS r(home int4, seq int8, recorded timestamptz, patient text, entry json, hash text)),
     added AS (INSERT INTO access_log (home, chain, seq, recorded, patient, entry, hash)
               SELECT home, $2::uuid, seq, recorded, patient, CASE json_typeof(entry) WHEN 'string' THEN entry #>> '{}' ELSE entry::text END, decode(hash, 'hex') FROM row)
INSERT INTO access_log_head (chain, previous, seq, hash, signed, signature) VALUES ($2::uuid, $3::uuid, $4, $5, $6, $7)
ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, signed = excluded.signed, signature = excluded.signature`;

const MOVE_HEAD = `INSERT INTO access_log_head (chain, previous, seq, hash, signed, signature) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, signed = excluded.signed, signature = excluded.signature`;

/** Writes the chains of one process. */
export class ChainWriter {
  private readonly key: KeyObject;
  private readonly pins: Pins;
  private newest: string | null;

  /** `key` signs the heads (Ed25519, kept outside the database); `standing` are the chains that are there, newest first. */
  constructor(key: KeyObject, standing: readonly Pin[]) {
    this.key = key;
    this.pins = new Pins(standing);
    this.newest = standing[0]?.chain ?? null;
  }

  /**
   * Appends entries to the connection's own chain, in the transaction that it is in. Call `settle` when that is known
   * to be committed, and `abandon` when it is rolled back. A connection of which neither is known must not be used
   * again: its next one begins a new chain, which points to an older one.
   */
  async append(connection: Talk, entries: readonly AccessLogEntry[], now: string): Promise<void> {
    if (entries.length === 0) return;
    const { chain, pins: before } = this.pendingOf(connection);
    const pins = this.pins.due(chain.id, now);
    const { rows, seq, hash } = linked(chain, pins.length === 0 ? entries : [...entries, pinEntry(pins, now)]);
    const next: Chain = { id: chain.id, previous: chain.previous, seq, hash };
    const head = headBytes({ chain: next.id, previous: next.previous, seq, hash, signed: now });
    connection.state.set(PENDING, { chain: next, pins: [...before, ...pins] } satisfies Pending);
    const moved = [next.id, next.previous, seq, hash, now, sign(null, head, this.key)];
    if (spreadOf(connection) !== undefined) return sayTogether(connection, appending(rows, moved));
    const [id, ...rest] = moved;
    await connection.many({ name: "access-log-append", text: APPEND, values: [asJson(rows), id, ...rest] });
  }

  settle(connection: Talk): void {
    const pending = connection.state.get(PENDING) as Pending | undefined;
    if (pending === undefined) return;
    const { chain, pins } = pending;
    connection.state.delete(PENDING);
    connection.state.set(STATE, chain);
    this.newest = chain.id;
    this.pins.written(pins);
    this.pins.moved({ chain: chain.id, seq: chain.seq, hash: chain.hash.toString("hex") });
  }

  abandon(connection: Talk): void {
    this.pins.failed((connection.state.get(PENDING) as Pending | undefined)?.pins ?? []);
    connection.state.delete(PENDING);
  }

  private pendingOf(connection: Talk): Pending {
    const pending = connection.state.get(PENDING) as Pending | undefined;
    if (pending !== undefined) return pending;
    const settled = connection.state.get(STATE) as Chain | undefined;
    return { chain: settled ?? { id: randomUUID(), previous: this.newest, seq: 0, hash: GENESIS }, pins: [] };
  }
}

/** The same row by row, for rows that lie on several servers. */
function appending(rows: readonly LinkedRow[], moved: readonly unknown[]): Sql[] {
  const [chain] = moved;
  return [
    ...rows.map((row) => insertOne("access_log", { ...row, chain, hash: Buffer.from(row.hash, "hex") })),
    { name: "access-log-head", text: MOVE_HEAD, values: moved },
  ];
}

type LinkedRow = {
  readonly home: number;
  readonly seq: number;
  readonly recorded: string;
  readonly patient: string | null;
  readonly entry: string;
  readonly hash: string;
};

/** What PostgreSQL's JSON does not read, though JSON has it: the letter NUL, and halves of a pair. */
const UNREAD = /\\u(?:0000|d[89a-f])/i;

/** The rows as JSON in which each entry is itself and no text in a text: PostgreSQL's `json` keeps it to the letter, as it was hashed. */
function asJson(rows: readonly LinkedRow[]): string {
  const each = rows.map(({ entry, ...row }) => {
    const own = UNREAD.test(entry) ? JSON.stringify(entry) : entry;
    return `${JSON.stringify(row).slice(0, -1)},"entry":${own}}`;
  });
  return `[${each.join()}]`;
}

/** The entries as rows that follow the chain's last one, and where the chain then ends. */
function linked(
  chain: Chain,
  entries: readonly AccessLogEntry[],
): { rows: readonly LinkedRow[]; seq: number; hash: Buffer } {
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
  return { rows, seq, hash };
}

/** Hash of one row: SHA-256 over chain, number, the hash before it and the text. */
export function rowHash(chain: string, seq: number, previous: Buffer, text: string): Buffer {
  return hashOf("sha256", Buffer.concat([Buffer.from(`${chain} ${seq} `), previous, Buffer.from(text)]), "buffer");
}

/** The bytes that are signed in a head. */
export function headBytes(head: Head): Buffer {
  return Buffer.from(
    `eira-access-log-head 1 ${head.chain} ${head.previous ?? "-"} ${head.seq} ${head.hash.toString("hex")} ${head.signed}`,
  );
}

/** What stands before the first row of a chain. */
export const GENESIS: Buffer = Buffer.alloc(32);
