/**
 * Refuses to run production on a database that may forget an acknowledged write: PostgreSQL with fsync off lost every
 * one of them in a power cut, with synchronous_commit off the last ones. SPEC DUR (in embedded/SPEC.md).
 * https://www.postgresql.org/docs/18/runtime-config-wal.html
 */
import type pg from "pg";
import { onAllNodes } from "./citus/index.ts";
import type { Talk } from "./connection.ts";

/** What this Eira is run for. `ha`: a write must be on two sites before it is acknowledged. */
export interface DurabilityProfile {
  readonly production: boolean;
  readonly ha: boolean;
}

/** One setting that endangers acknowledged writes. The message is for the person who runs Eira. */
export interface DurabilityProblem {
  readonly setting: string;
  readonly value: string;
  readonly message: string;
}

interface Demand {
  readonly setting: string;
  readonly isMet: (value: string) => boolean;
  readonly otherwise: string;
  readonly onlyHa?: true;
}

const isOn = (value: string): boolean => value === "on";

const DEMANDS: readonly Demand[] = [
  { setting: "fsync", isMet: isOn, otherwise: "a power cut can destroy the whole database. Set fsync = on." },
  {
    setting: "full_page_writes",
    isMet: isOn,
    otherwise: "a power cut can leave torn pages that no recovery repairs. Set full_page_writes = on.",
  },
  {
    setting: "data_checksums",
    isMet: isOn,
    otherwise: "damage on the disk goes unnoticed. Stop the server and run pg_checksums --enable.",
  },
  {
    setting: "synchronous_commit",
    isMet: (value) => value === "on" || value === "remote_apply", // remote_apply waits for more than on, never for less
    otherwise:
      "a crash can lose writes that were acknowledged. Set synchronous_commit = on, also for this role and database.",
  },
  {
    setting: "synchronous_standby_names",
    isMet: (value) => value.trim() !== "",
    otherwise:
      "the loss of one server can lose acknowledged writes. Let Patroni set it (synchronous_mode: quorum), or name the standbys.",
    onlyHa: true,
  },
];

/**
 * The settings, as they hold in this very session, that endanger acknowledged writes; none outside production.
 * Ask on a session like the ones that write: synchronous_commit can differ by role, database and session.
 */
export async function checkDurability(
  client: pg.ClientBase | pg.Pool,
  profile: DurabilityProfile,
): Promise<readonly DurabilityProblem[]> {
  if (!profile.production) return [];
  const demands = DEMANDS.filter(({ onlyHa }) => profile.ha || onlyHa === undefined);
  const values = await readSettings(client, demands);
  return demands.flatMap((demand) => problemOf(demand, values.get(demand.setting)));
}

/** The same of every server on which rows lie, as it holds for sessions from the others; `ha` is each server's own affair. */
export async function checkOtherNodes(talk: Talk): Promise<readonly DurabilityProblem[]> {
  const demands = DEMANDS.filter(({ onlyHa }) => onlyHa === undefined);
  const names = demands.map(({ setting }) => `'${setting}'`).join(", ");
  const command = `SELECT string_agg(name || '=' || setting, ';') FROM pg_settings WHERE name IN (${names})`;
  const nodes = await onAllNodes(talk, command, "citus");
  return nodes.flatMap((told) => {
    const values = new Map(told.split(";").map((one) => one.split("=") as [string, string]));
    return demands.flatMap((demand) => problemOf(demand, values.get(demand.setting)));
  });
}

async function readSettings(
  client: pg.ClientBase | pg.Pool,
  demands: readonly Demand[],
): Promise<ReadonlyMap<string, string>> {
  const names = demands.map(({ setting }) => setting);
  const { rows } = await client.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name = any($1)",
    [names],
  );
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

function problemOf({ setting, isMet, otherwise }: Demand, value: string | undefined): readonly DurabilityProblem[] {
  if (value === undefined)
    return [{ setting, value: "unknown", message: `The database does not show ${setting}, so its safety is unknown.` }];
  return isMet(value)
    ? []
    : [{ setting, value, message: `${setting} is ${value === "" ? "empty" : value}: ${otherwise}` }];
}
