/**
 * Whether every sealed text is still the text that was signed, and whether seals and the access log tell the same. A text that somebody
 * has changed behind the door no longer has its hash; whoever changes the seal too would have to change the log's chain.
 *
 * SPEC STORE-SIGN-VERIFY
 */
import type { Connection } from "./connection.ts";

export type SealFault = { readonly record: string; readonly fault: SealTrouble };
export type SealTrouble = "text changed" | "text gone" | "not in the log" | "seal gone";
export type SealReport = { readonly seals: number; readonly faults: readonly SealFault[] };

type Found = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
  readonly now: string | null;
};

const PAGE = 2_000;
const MOST_FAULTS = 1_000;

/** Looks at every seal and at every row of the log that tells of one, as of one moment. Works as the database's owner. */
export function verifySeals(connection: Connection, types: readonly string[]): Promise<SealReport> {
  return connection.snapshot(async () => {
    const logged = await loggedSeals(connection);
    const faults: SealFault[] = [];
    let seals = 0;
    let last: readonly [string, string, number] = ["", "", 0];
    for (;;) {
      const rows = await page(connection, types, last);
      for (const row of rows) {
        const name = `${row.type}/${row.id}/_history/${row.version}`;
        const fault = troubleOf(row, logged.get(name));
        if (fault !== undefined) faults.push({ record: name, fault });
        logged.delete(name);
      }
      seals += rows.length;
      const end = rows.at(-1);
      if (end === undefined || rows.length < PAGE) break;
      last = [end.type, end.id, end.version];
    }
    for (const name of await withoutDestroyed(connection, [...logged.keys()]))
      faults.push({ record: name, fault: "seal gone" });
    return { seals, faults: faults.slice(0, MOST_FAULTS) };
  });
}

function troubleOf({ now, sha256 }: Found, logged: string | undefined): SealTrouble | undefined {
  if (now === null) return "text gone";
  if (now !== sha256) return "text changed";
  return logged === sha256 ? undefined : "not in the log";
}

/** A page of seals, each with the hash that its version's text has now. */
function page(
  connection: Connection,
  types: readonly string[],
  last: readonly [string, string, number],
): Promise<Found[]> {
  const current = types.map(
    (type) =>
      `WHEN '${type}' THEN (SELECT t.content FROM "${type.toLowerCase()}" AS t WHERE t.id = s.id AND t.version = s.version AND t.home = s.home)`,
  );
  return connection.many<Found>({
    text: `SELECT s.type, s.id, s.version, s.sha256, encode(sha256(convert_to(coalesce(
             (SELECT h.content FROM history AS h WHERE h.type = s.type AND h.id = s.id AND h.version = s.version AND h.home = s.home),
             CASE s.type ${current.join(" ")} END), 'UTF8')), 'hex') AS now
           FROM seal AS s WHERE (s.type, s.id, s.version) > ($1, $2, $3) ORDER BY s.type, s.id, s.version LIMIT ${PAGE}`,
    values: last,
  });
}

/** The hashes that the log has of what was signed, by version. */
async function loggedSeals(connection: Connection): Promise<Map<string, string>> {
  const rows = await connection.many<{ entry: string }>({
    text: `SELECT entry FROM access_log WHERE entry LIKE '%"action":"sign","outcome":"granted"%'`,
  });
  const found = new Map<string, string>();
  for (const { entry } of rows) {
    const { what } = JSON.parse(entry) as { what: readonly string[] };
    const [name = "", hash = ""] = what;
    found.set(name, hash.replace(/^sha256:/, ""));
  }
  return found;
}

/** Those that were not destroyed by a decision, which takes the seals along. */
async function withoutDestroyed(connection: Connection, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await connection.many<{ name: string }>({ text: "SELECT type || '/' || id AS name FROM destroyed" });
  const destroyed = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !destroyed.has(name.replace(/\/_history\/.*$/, "")));
}
