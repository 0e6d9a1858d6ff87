/**
 * Everything that somebody who owns the database, and does not hold the key, can do to an access log; for showing that
 * the verification finds it. Each kind takes what it needs from the log as it stands and answers statements.
 */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import type { SeededRandom } from "../../base/index.ts";
import { GENESIS, headBytes, rowHash } from "../access-log.ts";
import type { Connection, Sql } from "../connection.ts";

export type LogCopy = { readonly rows: readonly CopiedRow[]; readonly heads: readonly CopiedHead[] };
type CopiedRow = {
  readonly home: number;
  readonly chain: string;
  readonly seq: number;
  readonly entry: string;
  readonly hash: Buffer;
};
type CopiedHead = {
  readonly chain: string;
  readonly previous: string | null;
  readonly seq: number;
  readonly hash: Buffer;
  readonly signed: string;
};

/** The log as it stands. */
export async function copyLog(owner: Connection): Promise<LogCopy> {
  const rows = await owner.many<CopiedRow>({
    text: "SELECT home, chain, seq::int4, entry, hash FROM access_log ORDER BY chain, access_log.seq",
  });
  const heads = await owner.many<CopiedHead>({
    text: `SELECT chain, previous, seq::int4, hash, to_char(signed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS signed FROM access_log_head ORDER BY chain`,
  });
  return { rows, heads };
}

type Tampering = (log: LogCopy, random: SeededRandom) => readonly Sql[];

const rowsOf = (log: LogCopy, chain: string): readonly CopiedRow[] => log.rows.filter((row) => row.chain === chain);
const where = ({ chain, seq, home }: CopiedRow): Sql["values"] => [chain, seq, home];
const WHERE = "WHERE chain = $1 AND seq = $2 AND home = $3";
const setRow = (row: CopiedRow, change: string, ...more: readonly unknown[]): Sql => ({
  text: `UPDATE access_log SET ${change} ${WHERE}`,
  values: [...(where(row) ?? []), ...more],
});
const setHead = (chain: string, change: string, ...more: readonly unknown[]): Sql => ({
  text: `UPDATE access_log_head SET ${change} WHERE chain = $1`,
  values: [chain, ...more],
});

/** Another text that is still JSON and says something else. */
function altered(entry: string, random: SeededRandom): string {
  const words = JSON.parse(entry) as Record<string, unknown>;
  const field = random.pick(Object.keys(words).filter((name) => name !== "recorded")); // the column could not hold it
  const { [field]: old, ...rest } = words;
  return JSON.stringify({ ...rest, [field]: typeof old === "number" ? old + 1 : `${String(old)}.` });
}

/** The chain from one row on with right hashes, whatever the entries say, and its head; signed by `key` when there is one. */
export function rewritten(
  log: LogCopy,
  chain: string,
  change: (row: CopiedRow) => string | undefined,
  key?: KeyObject,
): Sql[] {
  const statements: Sql[] = [{ text: "DELETE FROM access_log WHERE chain = $1", values: [chain] }];
  let hash = GENESIS;
  let seq = 0;
  for (const row of rowsOf(log, chain)) {
    const entry = change(row);
    if (entry === undefined) continue;
    seq += 1;
    hash = rowHash(chain, seq, hash, entry);
    statements.push({
      text: "INSERT INTO access_log SELECT r.home, $1, $2, r.recorded, r.patient, $3, $4 FROM json_to_record($3::json) AS r(home int4, recorded timestamptz, patient text)",
      values: [chain, seq, entry, hash],
    });
  }
  const head = log.heads.find((one) => one.chain === chain);
  statements.push(setHead(chain, "seq = $2, hash = $3", seq, hash));
  if (key !== undefined && head !== undefined)
    statements.push(setHead(chain, "signature = $2", sign(null, headBytes({ ...head, seq, hash }), key)));
  return statements;
}

const stranger = generateKeyPairSync("ed25519").privateKey;

export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  "edits an entry": (log, random) => {
    const row = random.pick(log.rows);
    return [setRow(row, "entry = $4", altered(row.entry, random))];
  },
  "edits a hash": (log, random) => [setRow(random.pick(log.rows), "hash = $4", Buffer.from(random.bytes(32)))],
  "edits the home": (log, random) => [setRow(random.pick(log.rows), "home = home + 1")],
  "edits the patient": (log, random) => [setRow(random.pick(log.rows), "patient = coalesce(patient, '') || 'x'")],
  "takes the patient away": (log, random) => [
    setRow(random.pick(log.rows.filter(({ entry }) => !entry.includes('"patient":null'))), "patient = NULL"),
  ],
  "edits the time": (log, random) => [
    setRow(
      random.pick(log.rows),
      "recorded = recorded + $4::interval",
      random.pick(["1 microsecond", "-1 millisecond", "1 hour", "1 day"]),
    ),
  ],
  "removes a row within": (log, random) => {
    const within = log.rows.filter((row) => row.seq < rowsOf(log, row.chain).length);
    return [{ text: `DELETE FROM access_log ${WHERE}`, values: where(random.pick(within)) }];
  },
  "removes the first rows": (log, random) => {
    const { chain } = random.pick(log.heads);
    return [
      {
        text: "DELETE FROM access_log WHERE chain = $1 AND seq <= $2",
        values: [chain, 1 + random.int(rowsOf(log, chain).length)],
      },
    ];
  },
  "removes the last rows": (log, random) => {
    const { chain, seq } = random.pick(log.heads);
    return [{ text: "DELETE FROM access_log WHERE chain = $1 AND seq > $2", values: [chain, random.int(seq)] }];
  },
  "removes the last rows and puts the head back": (log, random) => {
    const { chain, seq } = random.pick(log.heads.filter((head) => head.seq > 1));
    const end = 1 + random.int(seq - 1);
    const hash = rowsOf(log, chain)[end - 1]?.hash;
    return [
      { text: "DELETE FROM access_log WHERE chain = $1 AND seq > $2", values: [chain, end] },
      setHead(chain, "seq = $2, hash = $3", end, hash),
    ];
  },
  "swaps two rows": (log, random) => {
    const { chain } = random.pick(log.heads.filter((head) => head.seq > 1));
    const [a, b] = twoOf(rowsOf(log, chain), random);
    return [setRow(a, "seq = -1"), setRow(b, "seq = $4", a.seq), setRow({ ...a, seq: -1 }, "seq = $4", b.seq)];
  },
  "swaps two entries": (log, random) => {
    const [a, b] = twoOf(log.rows, random);
    return [setRow(a, "entry = $4", b.entry), setRow(b, "entry = $4", a.entry)];
  },
  "swaps two entries with their hashes": (log, random) => {
    const [a, b] = twoOf(log.rows, random);
    return [setRow(a, "entry = $4, hash = $5", b.entry, b.hash), setRow(b, "entry = $4, hash = $5", a.entry, a.hash)];
  },
  "doubles a row under its own number": (log, random) => {
    const row = random.pick(log.rows);
    return [
      {
        text: `INSERT INTO access_log SELECT home + 1, chain, seq, recorded, patient, entry, hash FROM access_log ${WHERE}`,
        values: where(row),
      },
    ];
  },
  "doubles a row at the end": (log, random) => {
    const row = random.pick(log.rows);
    const end = rowsOf(log, row.chain).length + 1;
    return [
      {
        text: `INSERT INTO access_log SELECT home, chain, $4, recorded, patient, entry, hash FROM access_log ${WHERE}`,
        values: [...(where(row) ?? []), end],
      },
    ];
  },
  "invents a row at the end, with the right hash": (log, random) => {
    const { chain, seq, hash } = random.pick(log.heads);
    const entry = random.pick(log.rows).entry;
    const next = rowHash(chain, seq + 1, hash, entry);
    const row: Sql = {
      text: "INSERT INTO access_log SELECT r.home, $1, $2, r.recorded, r.patient, $3, $4 FROM json_to_record($3::json) AS r(home int4, recorded timestamptz, patient text)",
      values: [chain, seq + 1, entry, next],
    };
    return random.int(2) === 0 ? [row] : [row, setHead(chain, "seq = $2, hash = $3", seq + 1, next)];
  },
  "removes a head": (log, random) => [
    { text: "DELETE FROM access_log_head WHERE chain = $1", values: [random.pick(log.heads).chain] },
  ],
  "changes a head": (log, random) => {
    const { chain } = random.pick(log.heads);
    const change = random.pick([
      "seq = seq + 1",
      "seq = seq - 1",
      "hash = sha256(hash)",
      "signed = signed + interval '1 microsecond'",
      "signature = sha512(signature)",
      "previous = gen_random_uuid()",
    ]);
    return [setHead(chain, change)];
  },
  "makes a chain point to another": (log, random) => {
    const head = random.pick(log.heads);
    const other = random.pick(log.heads.filter(({ chain }) => chain !== head.previous));
    return [setHead(head.chain, "previous = $2", other.chain)];
  },
  "swaps two signatures": (log, random) => {
    const [a, b] = twoOf(log.heads, random);
    return [
      {
        text: "UPDATE access_log_head h SET signature = o.signature FROM access_log_head o WHERE h.chain IN ($1, $2) AND o.chain IN ($1, $2) AND h.chain <> o.chain",
        values: [a.chain, b.chain],
      },
    ];
  },
  "removes a whole chain": (log, random) => removal(random.pick(vouchedFor(log))),
  "removes several whole chains": (log, random) => {
    const [a, b] = twoOf(vouchedFor(log), random);
    return [...removal(a), ...removal(b)];
  },
  "renames a chain": (log, random) => {
    const { chain } = random.pick(log.heads);
    return ["access_log", "access_log_head"].map((table) => ({
      text: `UPDATE ${table} SET chain = '00000000-0000-4000-8000-000000000000' WHERE chain = $1`,
      values: [chain],
    }));
  },
  "moves a row to another chain": (log, random) => {
    const row = random.pick(log.rows);
    const head = random.pick(log.heads.filter(({ chain }) => chain !== row.chain));
    return [setRow(row, "chain = $4, seq = $5", head.chain, head.seq + 1)];
  },
  "rewrites a chain with right hashes": (log, random) => {
    const row = random.pick(log.rows);
    return rewritten(log, row.chain, (one) => (one === row ? altered(one.entry, random) : one.entry));
  },
  "leaves a row out of a rewritten chain": (log, random) => {
    const row = random.pick(log.rows);
    return rewritten(log, row.chain, (one) => (one === row ? undefined : one.entry));
  },
  "rewrites a chain and signs with another key": (log, random) => {
    const row = random.pick(log.rows);
    return rewritten(log, row.chain, (one) => (one === row ? altered(one.entry, random) : one.entry), stranger);
  },
  "writes an entry that is no JSON": (log, random) => [
    setRow(random.pick(log.rows), "entry = $4", random.pick(["", "null", "{", "[]"])),
  ],
};

function removal(chain: string): Sql[] {
  return ["access_log", "access_log_head"].map((table) => ({
    text: `DELETE FROM ${table} WHERE chain = $1`,
    values: [chain],
  }));
}

/** Chains that another one points to or vouches for: all but what the last minute began. */
function vouchedFor({ rows, heads }: LogCopy): string[] {
  return heads
    .filter(
      ({ chain }) =>
        heads.some((head) => head.previous === chain) ||
        rows.some((row) => row.chain !== chain && row.entry.includes(chain)),
    )
    .map(({ chain }) => chain);
}

function twoOf<T>(from: readonly T[], random: SeededRandom): [T, T] {
  const a = random.int(from.length);
  const b = (a + 1 + random.int(from.length - 1)) % from.length;
  return [from[a] as T, from[b] as T];
}
