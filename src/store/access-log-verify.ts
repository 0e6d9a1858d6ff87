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
  let rows = 0;
  for (const id of ids) {
    const wanted = anchors.filter(({ chain }) => chain === id);
    const end = await walkChain(connection, id, wanted, faults, () => onProgress((rows += 1)));
    faults.push(...faultsOfHead(id, heads.get(id), end, key, ids));
  }
  for (const { chain, seq } of anchors.filter((one) => !ids.has(one.chain))) {
    faults.push({ chain, seq, fault: "the anchored chain is gone" });
  }
  return { chains: ids.size, rows, faults };
}

/** The heads as they stand, for anchoring outside (another site, paper, a mail to the archive). */
export async function readHeads(connection: Connection): Promise<Map<string, StoredHead>> {
  const rows = await connection.many<{ chain: string; previous: string | null; seq: string; hash: Buffer; signed: string; signature: Buffer }>({
    text: `SELECT chain::text, previous::text, seq, hash, signature,
                  to_char(signed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS signed FROM access_log_head`,
  });
  return new Map(rows.map((row) => [row.chain, { ...row, seq: Number(row.seq) }]));
}

async function walkChain(
  connection: Connection,
  chain: string,
  anchors: readonly Anchor[],
  faults: LogFault[],
  onRow: () => void,
): Promise<{ seq: number; hash: Buffer }> {
  let end = { seq: 0, hash: GENESIS };
  for (;;) {
    const page = await connection.many<StoredRow>({
      name: "access-log-page",
      text: `SELECT seq, entry, hash, home, patient, to_char(recorded AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS recorded
             FROM access_log WHERE chain = $1::uuid AND seq > $2 ORDER BY seq LIMIT ${PAGE}`,
      values: [chain, end.seq],
    });
    for (const row of page) {
      const seq = Number(row.seq);
      const fault = faultOfRow(chain, row, seq, end);
      if (fault !== undefined) faults.push({ chain, seq, fault });
      const anchor = anchors.find((one) => one.seq === seq);
      if (anchor !== undefined && anchor.hash !== row.hash.toString("hex")) faults.push({ chain, seq, fault: "differs from the anchored head" });
      end = { seq, hash: row.hash };
      onRow();
    }
    if (page.length < PAGE) break;
  }
  for (const anchor of anchors.filter(({ seq }) => seq > end.seq)) faults.push({ chain, seq: anchor.seq, fault: "the anchored row is gone" });
  return end;
}

function faultOfRow(chain: string, row: StoredRow, seq: number, before: { seq: number; hash: Buffer }): string | undefined {
  if (seq !== before.seq + 1) return `rows ${before.seq + 1} to ${seq - 1} are gone`;
  if (!rowHash(chain, seq, before.hash, row.entry).equals(row.hash)) return "the row is not the one that was written";
  const entry = JSON.parse(row.entry) as AccessLogEntry;
  if (entry.home !== row.home || entry.patient !== row.patient || entry.recorded !== row.recorded) return "a column differs from the entry";
  return undefined;
}

function faultsOfHead(
  chain: string,
  head: StoredHead | undefined,
  end: { seq: number; hash: Buffer },
  key: KeyObject,
  chains: ReadonlySet<string>,
): LogFault[] {
  if (head === undefined) return [{ chain, seq: end.seq, fault: "the head is gone" }];
  const faults: LogFault[] = [];
  if (!verify(null, headBytes(head), key, head.signature)) faults.push({ chain, seq: head.seq, fault: "the head's signature is wrong" });
  if (head.seq > end.seq) faults.push({ chain, seq: head.seq, fault: `the last ${head.seq - end.seq} rows are gone` });
  else if (head.seq < end.seq || !head.hash.equals(end.hash)) faults.push({ chain, seq: end.seq, fault: "the chain does not end at its head" });
  if (head.previous !== null && !chains.has(head.previous)) faults.push({ chain: head.previous, seq: 0, fault: "a chain that another points to is gone" });
  return faults;
}
