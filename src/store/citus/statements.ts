/**
 * The statements that spread the tables over the servers of a Citus cluster: which, in which order. Pure, so that what
 * would be sent can be read without one.
 *
 * Policies are written without subqueries first: Citus refuses those. What a session is set to is read where the row lies,
 * so the expression names nothing that the other servers would have to be given.
 *
 * SPEC STORE-CITUS · https://docs.citusdata.com/en/stable/develop/api_udf.html
 */
import { FIRST, FOREIGN_KEYS, LYING, type Lying } from "./tables.ts";

/** A policy as PostgreSQL prints it. */
export type Policy = {
  readonly table: string;
  readonly name: string;
  readonly using: string | null;
  readonly check: string | null;
};

/** A database as it stands. */
export type Standing = {
  /** Every table of the schema. */
  readonly tables: readonly string[];
  /** Tables that Citus has, and the column that each is divided by; null for those that are the same everywhere. */
  readonly spread: ReadonlyMap<string, string | null>;
  readonly policies: readonly Policy[];
};

/** One connection to each server, and one statement after the other: the tables have thousands of parts. */
export const ONE_BY_ONE = "SET citus.multi_shard_modify_mode = 'sequential'";

const EVERYTHING = /\( ?SELECT \(eira_reach\(\) = '\*'::text\)(?: AS "\?column\?")? ?\)/g;
const REACH = /\( ?SELECT eira_reach\(\)(?: AS eira_reach)? ?\)/g;
const PLAIN_REACH = "split_part(COALESCE(current_setting('eira.reach', true), ''), ' ', 1)";
const PLAIN_EVERYTHING = `(${PLAIN_REACH} = '*')`;

/** What is still to be done, in its order; nothing when all tables lie where they shall. */
export function spreadingStatements({ tables, spread, policies }: Standing): string[] {
  const ordered = [FIRST, ...tables.filter((table) => table !== FIRST).toSorted()];
  const missing = ordered.filter((table) => !spread.has(table) && lyingOf(table).how !== "coordinator");
  return [
    ...policies.filter(({ table }) => missing.includes(table)).flatMap(plainPolicy),
    ...missing.flatMap(withoutTriggers),
    ...missing.flatMap((table) => [spreadingOne(table, lyingOf(table)), forgetting(table)]),
    ...FOREIGN_KEYS.map(({ statement }) => statement),
  ];
}

/** What Citus has otherwise than it shall be, in words; nothing when there is no such table. */
export function strangelySpread({ spread }: Pick<Standing, "spread">): string[] {
  return [...spread].flatMap(([table, by]) => {
    const lying = LYING.get(table);
    const wanted = lying?.how === "spread" ? lying.by : lying?.how === "everywhere" ? null : undefined;
    return wanted === by ? [] : [table];
  });
}

/** Tables that no one has said where they shall lie. */
export function unnamedTables(tables: readonly string[]): string[] {
  return tables.filter((table) => !LYING.has(table));
}

function lyingOf(table: string): Lying {
  const lying = LYING.get(table);
  if (lying === undefined) throw new Error(`It is not said where ${table} shall lie.`);
  return lying;
}

function spreadingOne(table: string, lying: Lying): string {
  const name = `'"${table}"'`;
  if (lying.how !== "spread") return `SELECT create_reference_table(${name})`;
  const beside = lying.by === "home" && table !== FIRST ? FIRST : "none";
  return `SELECT create_distributed_table(${name}, '${lying.by}', colocate_with => '${beside}')`;
}

/** Rows that were here have been copied; what is left of them here is seen by nobody. */
function forgetting(table: string): string {
  return `SELECT truncate_local_data_after_distributing_table('"${table}"')`;
}

/** Their triggers keep what opens a unit's patients, for people, and Citus takes no trigger on what it spreads. */
const KEEPING: Readonly<Record<string, ReadonlySet<string>>> = {
  contacts: new Set(["appointment", "encounter", "episodeofcare"]),
  requests: new Set(["appointment", "communication", "communicationrequest", "servicerequest", "task"]),
};

/** Lists that follow the directory, and openings that follow the ledger: people are let in to neither where rows are spread. */
const FOLLOWING: Readonly<Record<string, readonly string[]>> = {
  loop: ["answered", "handed_on"],
  organization: ["worklists"],
  patient: ["people_in", "people_out"],
  practitioner: ["worklists"],
  practitionerrole: ["worklists"],
};

function withoutTriggers(table: string): string[] {
  const kept = Object.entries(KEEPING).filter(([, tables]) => tables.has(table));
  return [...kept.flatMap(([name]) => [`${name}_in`, `${name}_out`]), ...(FOLLOWING[table] ?? [])].map(
    (name) => `DROP TRIGGER IF EXISTS ${name} ON "${table}"`,
  );
}

/** The policies of people in care look into tables, which Citus takes in no policy: where rows are spread, people are let in to none. */
const OF_PEOPLE: ReadonlySet<string> = new Set(["blocks", "door", "need", "opened"]);

const OF_LISTS: ReadonlySet<string> = new Set(["loop", "loop_event"]);

/** The same policy without subqueries; nothing when it has none. One that cannot do without goes. */
export function plainPolicy({ table, name, using, check }: Policy): string[] {
  if (OF_PEOPLE.has(name)) return [`DROP POLICY "${name}" ON "${table}"`];
  // Whose loops are whose is asked of the lists: where rows are spread, only the region's own work sees them.
  if (OF_LISTS.has(table)) return [`ALTER POLICY "${name}" ON "${table}" USING (${PLAIN_EVERYTHING})`];
  const clause = (word: string, text: string | null): string =>
    text === null ? "" : ` ${word} (${text.replace(EVERYTHING, PLAIN_EVERYTHING).replace(REACH, PLAIN_REACH)})`;
  if (![using, check].some((text) => text?.includes("eira_reach") === true)) return [];
  return [`ALTER POLICY "${name}" ON "${table}"${clause("USING", using)}${clause("WITH CHECK", check)}`];
}
