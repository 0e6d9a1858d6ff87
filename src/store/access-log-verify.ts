/**
 * Verifies the access log: every chain is whole, in order and unaltered, ends where its signed head says, and every
 * chain that another one or an outside anchor points to is there.
 *
 * SPEC STORE-LOG-VERIFY
 */
import { verify, type KeyObject } from "node:crypto";
import { GENESIS, headBytes, rowHash, type AccessLogEntry, type Head } from "./access-log.ts";
import type { Connection } from "./connection.ts";

export type LogFault = { readonly chain: string; readonly seq: number; readonly fault: string };
export type Anchor = { readonly chain: string; readonly seq: number; readonly hash: string };
export type LogReport = { readonly chains: number; readonly rows: number; readonly faults: readonly LogFault[] };

type StoredRow = { seq: string; entry: string; hash: Buffer; home: number; recorded: string; patient: string | null };
type StoredHead = Head & { readonly signature: Buffer };

const PAGE = 5000;

/** Reads the whole log page by page. `onProgress` gets the number of rows read so far. */
export async function verifyAccessLog(
  connection: Connection,
  key: KeyObject,
  anchors: readonly Anchor[] = [],
  onProgress: (rows: number) => void = () => undefined,
): Promise<LogReport> {
  const heads = await readHeads(connection);
  const chains = await connection.many<{ chain: string }>({ text: "SELECT DISTINCT chain::text FROM access_log" });
  const ids = new Set([...heads.keys(), ...chains.map(({ chain }) => chain)]);
  const faults: LogFault[] = [];
  const walk: Walk = { connection, anchors, faults, rows: 0, onProgress };
  for (const id of ids) {
    const end = await walkChain(walk, id);
    faults.push(...faultsOfHead(heads.get(id), end, key));
    const previous = heads.get(id)?.previous ?? null;
    if (previous !== null && !ids.has(previous))
      faults.push({ chain: previous, seq: 0, fault: "a chain that another points to is gone" });
  }
  for (const { chain, seq } of anchors.filter((one) => !ids.has(one.chain))) {
    faults.push({ chain, seq, fault: "the anchored chain is gone" });
  }
  return { chains: ids.size, rows: walk.rows, faults };
}

/** A verification on its way. */
type Walk = {
  readonly connection: Connection;
  readonly anchors: readonly Anchor[];
  readonly faults: LogFault[];
  rows: number;
  readonly onProgress: (rows: number) => void;
};

/** The last row of a chain. */
type End = { readonly chain: string; readonly seq: number; readonly hash: Buffer };

/** The heads as they stand, for anchoring outside (another site, paper, a mail to the archive). */
export async function readHeads(connection: Connection): Promise<Map<string, StoredHead>> {
  const rows = await connection.many<{
    chain: string;
    previous: string | null;
    seq: string;
    hash: Buffer;
    signed: string;
    signature: Buffer;
  }>({
    text: `SELECT chain::text, previous::text, seq, hash, signature,
                  to_char(signed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS signed FROM access_log_head`,
  });
  return new Map(rows.map((row) => [row.chain, { ...row, seq: Number(row.seq) }]));
}

async function walkChain(walk: Walk, chain: string): Promise<End> {
  const anchors = walk.anchors.filter((one) => one.chain === chain);
  let end: End = { chain, seq: 0, hash: GENESIS };
  for (;;) {
    const page = await readPage(walk.connection, end);
    for (const row of page) {
      const seq = Number(row.seq);
      const fault = faultOfRow(row, seq, end);
      if (fault !== undefined) walk.faults.push({ chain, seq, fault });
      const anchor = anchors.find((one) => one.seq === seq);
      if (anchor !== undefined && anchor.hash !== row.hash.toString("hex"))
        walk.faults.push({ chain, seq, fault: "differs from the anchored head" });
      end = { chain, seq, hash: row.hash };
      walk.onProgress((walk.rows += 1));
    }
    if (page.length < PAGE) break;
  }
  for (const anchor of anchors) {
    if (anchor.seq > end.seq) walk.faults.push({ chain, seq: anchor.seq, fault: "the anchored row is gone" });
  }
  return end;
}

function readPage(connection: Connection, { chain, seq }: End): Promise<StoredRow[]> {
  return connection.many<StoredRow>({
    name: "access-log-page",
    text: `SELECT seq, entry, hash, home, patient, to_char(recorded AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS recorded
           FROM access_log WHERE chain = $1::uuid AND seq > $2 ORDER BY seq LIMIT ${PAGE}`,
    values: [chain, seq],
  });
}

function faultOfRow(row: StoredRow, seq: number, before: End): string | undefined {
  if (seq !== before.seq + 1) return `rows ${before.seq + 1} to ${seq - 1} are gone`;
  if (!rowHash(before.chain, seq, before.hash, row.entry).equals(row.hash))
    return "the row is not the one that was written";
  const entry = JSON.parse(row.entry) as AccessLogEntry;
  if (entry.home !== row.home || entry.patient !== row.patient || entry.recorded !== row.recorded)
    return "a column differs from the entry";
  return undefined;
}

function faultsOfHead(head: StoredHead | undefined, { chain, seq, hash }: End, key: KeyObject): LogFault[] {
  if (head === undefined) return [{ chain, seq, fault: "the head is gone" }];
  const faults: LogFault[] = [];
  if (!verify(null, headBytes(head), key, head.signature))
    faults.push({ chain, seq: head.seq, fault: "the head's signature is wrong" });
  if (head.seq > seq) faults.push({ chain, seq: head.seq, fault: `the last ${head.seq - seq} rows are gone` });
  else if (head.seq < seq || !head.hash.equals(hash))
    faults.push({ chain, seq, fault: "the chain does not end at its head" });
  return faults;
}
