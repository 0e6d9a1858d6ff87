/**
 * Verifies the access log: every chain is whole, in order and unaltered, ends where its signed head says, and everything
 * that another chain or an outside anchor vouches for is there.
 *
 * SPEC STORE-LOG-VERIFY
 */
import { verify, type KeyObject } from "node:crypto";
import { GENESIS, headBytes, rowHash, type AccessLogEntry, type Head } from "./access-log.ts";
import { pinsIn, type Pin } from "./access-log-pins.ts";
import type { Connection } from "./connection.ts";

export type LogFault = { readonly chain: string; readonly seq: number; readonly fault: string };
/** A chain's head as it was noted outside this installation. */
export type Anchor = Pin;
export type LogReport = { readonly chains: number; readonly rows: number; readonly faults: readonly LogFault[] };

type StoredRow = { seq: string; entry: string; hash: Buffer; home: number; recorded: string; patient: string | null };
type StoredHead = Head & { readonly signature: Buffer };

const PAGE = 5000;
// To the microsecond: a time is altered although it looks the same to the millisecond.
const EXACT = (column: string): string =>
  `regexp_replace(to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '(\\d{3})000Z$', '\\1Z')`;

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
  const walk: Walk = { connection, faults: [], pins: new Map(), rows: 0, onProgress };
  for (const id of ids) {
    const end = await walkChain(walk, id);
    walk.faults.push(...faultsOfHead(heads.get(id), end, key));
    const previous = heads.get(id)?.previous ?? null;
    if (previous !== null && !ids.has(previous))
      walk.faults.push({ chain: previous, seq: 0, fault: "a chain that another points to is gone" });
  }
  walk.faults.push(...(await faultsOfMarks(connection, [...walk.pins.values()], "that another chain vouches for")));
  walk.faults.push(...(await faultsOfMarks(connection, anchors, "that is anchored")));
  return { chains: ids.size, rows: walk.rows, faults: walk.faults };
}

/** A verification on its way. */
type Walk = {
  readonly connection: Connection;
  readonly faults: LogFault[];
  /** Of each chain the furthest row that another vouches for: it stands for all before it. */
  readonly pins: Map<string, Pin>;
  rows: number;
  readonly onProgress: (rows: number) => void;
};

/** The last row of a chain that was seen. */
type End = { readonly chain: string; readonly seq: number; readonly home: number; readonly hash: Buffer };

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
    text: `SELECT chain::text, previous::text, seq, hash, signature, ${EXACT("signed")} AS signed FROM access_log_head`,
  });
  return new Map(rows.map((row) => [row.chain, { ...row, seq: Number(row.seq) }]));
}

async function walkChain(walk: Walk, chain: string): Promise<End> {
  let end: End = { chain, seq: 0, home: 0, hash: GENESIS };
  for (let isFirst = true; ; isFirst = false) {
    const page = await readPage(walk.connection, end, isFirst);
    for (const row of page) {
      end = judgeRow(walk, row, end);
      walk.onProgress((walk.rows += 1));
    }
    if (page.length < PAGE) return end;
  }
}

/** By number and home: the table's key allows a second row with the same number, and it must not hide between pages. */
function readPage(connection: Connection, { chain, seq, home }: End, isFirst: boolean): Promise<StoredRow[]> {
  return connection.many<StoredRow>({
    name: isFirst ? "access-log-first-page" : "access-log-page",
    text: `SELECT seq, entry, hash, home, patient, ${EXACT("recorded")} AS recorded
           FROM access_log WHERE chain = $1::uuid ${isFirst ? "" : "AND (seq, home) > ($2::int8, $3::int4)"} ORDER BY seq, home LIMIT ${PAGE}`,
    values: isFirst ? [chain] : [chain, seq, home],
  });
}

function judgeRow(walk: Walk, row: StoredRow, before: End): End {
  const { chain } = before;
  const seq = Number(row.seq);
  const fault = (text: string): void => void walk.faults.push({ chain, seq, fault: text });
  if (seq <= before.seq) fault("a row that does not belong here");
  else if (seq !== before.seq + 1) fault(`rows ${before.seq + 1} to ${seq - 1} are gone`);
  else if (!rowHash(chain, seq, before.hash, row.entry).equals(row.hash))
    fault("the row is not the one that was written");
  else {
    const entry = entryOf(row);
    if (entry === undefined) fault("a column differs from the entry");
    else for (const pin of pinsIn(entry)) keepFurthest(walk.pins, pin);
  }
  return { chain, seq, home: row.home, hash: row.hash };
}

/** The entry of a row, when the columns say the same. */
function entryOf(row: StoredRow): AccessLogEntry | undefined {
  try {
    const entry = JSON.parse(row.entry) as AccessLogEntry;
    return entry.home === row.home && entry.patient === row.patient && entry.recorded === row.recorded
      ? entry
      : undefined;
  } catch {
    return undefined; // no entry of ours
  }
}

function keepFurthest(pins: Map<string, Pin>, pin: Pin): void {
  const known = pins.get(pin.chain);
  if (known === undefined || pin.seq > known.seq) pins.set(pin.chain, pin);
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

/** Marks are rows that must be there with this hash, whoever noted them. */
async function faultsOfMarks(connection: Connection, marks: readonly Pin[], which: string): Promise<LogFault[]> {
  const faults: LogFault[] = [];
  for (const { chain, seq, hash: wanted } of marks) {
    const found = await connection.many<{ hash: string }>({
      name: "access-log-mark",
      text: "SELECT encode(hash, 'hex') AS hash FROM access_log WHERE chain = $1 AND seq = $2",
      values: [chain, seq],
    });
    const isThere = found.length > 0 && found.every(({ hash }) => hash === wanted);
    if (!isThere) faults.push({ chain, seq, fault: `the row ${which} is ${found.length === 0 ? "gone" : "another"}` });
  }
  return faults;
}
