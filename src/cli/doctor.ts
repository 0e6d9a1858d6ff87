/**
 * `eira doctor`: looks at this installation and says in plain words what is well, what to watch and what is wrong. Changes
 * nothing; an installation that is not there is not made. The last line is JSON; the exit code is 0 when nothing is wrong.
 *
 * SPEC CLI-DOCTOR · failure mode: the setting that nobody had looked at
 */
import { createPrivateKey } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { examine, type Health } from "../store/index.ts";
import type { Command, Invocation } from "./command.ts";
import type { Config } from "./config.ts";
import { AUDIT_KEY, openDatabase } from "./installation.ts";

/** One thing that was looked at. */
export type Finding = { readonly about: string; readonly state: "ok" | "warning" | "fault"; readonly text: string };

const GIB = 2 ** 30;
const LEAST_FREE = GIB;
const GOOD_FREE = 5 * GIB;
const MOST_BEHIND_SECONDS = 300;
const LONG_TRANSACTION_SECONDS = 60;
const OVERDUE_SECONDS = 600;

export const doctorCommand: Command = async (invocation) => {
  const { config, terminal } = invocation;
  const findings = [
    nodeFinding(process.versions.node),
    ...folderFindings(config),
    ...(await databaseFindings(invocation)),
  ];
  for (const { about, state, text } of findings) terminal.tell(`${MARKS[state]} ${about}: ${text}`);
  const count = (state: Finding["state"]): number => findings.filter((one) => one.state === state).length;
  const states = Object.fromEntries(findings.map(({ about, state }) => [about, state]));
  terminal.print(
    JSON.stringify({ faults: count("fault"), warnings: count("warning"), looked: findings.length, states }),
  );
  return count("fault") === 0 ? 0 : 1;
};

const MARKS = { ok: "  well ", warning: " watch ", fault: " WRONG " } as const;

const ok = (about: string, text: string): Finding => ({ about, state: "ok", text });
const warning = (about: string, text: string): Finding => ({ about, state: "warning", text });
const fault = (about: string, text: string): Finding => ({ about, state: "fault", text });

/** Whether this Node.js can run Eira (20.19, 22.12 or newer). */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isGood = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
  return isGood ? ok("Node.js", version) : fault("Node.js", `${version} is too old. Install 20.19, 22.12 or newer.`);
}

function folderFindings(config: Config): Finding[] {
  if (!isInstalled(config))
    return [
      fault(
        "data directory",
        `there is no installation in ${config.dataDir}. npm start makes one; EIRA_DATA_DIR names another.`,
      ),
    ];
  const { bavail, bsize } = statfsSync(config.dataDir);
  return [diskFinding(bavail * bsize), keyFinding(join(config.dataDir, AUDIT_KEY))];
}

export function diskFinding(free: number): Finding {
  const text = `${(free / GIB).toFixed(1)} GiB free`;
  if (free < LEAST_FREE) return fault("disk", `${text}. When it is full, nothing can be written. Make room now.`);
  return free < GOOD_FREE ? warning("disk", `${text}. Make room soon.`) : ok("disk", text);
}

/** The key that signs the access log must be there, be the owner's alone, and be a key. */
export function keyFinding(path: string): Finding {
  if (!existsSync(path))
    return fault(
      "audit key",
      `${path} is missing. Put it back from where you keep it: without it nobody can prove that the access log is whole.`,
    );
  const mode = statSync(path).mode & 0o077;
  if (mode !== 0)
    return fault("audit key", `others can read ${path}, and could sign a forged access log. Run: chmod 600 ${path}`);
  try {
    const { asymmetricKeyType } = createPrivateKey(readFileSync(path));
    if (asymmetricKeyType === "ed25519") return ok("audit key", "there, and readable by its owner only");
  } catch {
    // said below, in words
  }
  return fault("audit key", `${path} is no Ed25519 key. Put the right one back from where you keep it.`);
}

async function databaseFindings(invocation: Invocation): Promise<Finding[]> {
  const { config } = invocation;
  if (config.databaseUrl === undefined && !isInstalled(config)) return [];
  try {
    const database = await openDatabase(invocation);
    try {
      const health = await examine(database.config);
      return [...healthFindings(health, config.production), ...layoutFindings(health, config.citus)];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [fault("database", `it does not answer: ${(error as Error).message}`)];
  }
}

/** What the look at the database means. */
export function healthFindings(health: Health, isProduction: boolean): Finding[] {
  const { version, schema, durability, leakproof, oldestTransaction, content } = health;
  const unsafe = durability.map(({ message }) => message).join(" ");
  return [
    ok("database", `PostgreSQL ${version}${content === undefined ? "" : `, ${(content.bytes / GIB).toFixed(2)} GiB`}`),
    schemaFinding(schema),
    unsafe === ""
      ? ok("durability", "an acknowledged write survives a power cut")
      : (isProduction ? fault : warning)(
          "durability",
          isProduction ? unsafe : `enough for a demonstration, not for patients. ${unsafe}`,
        ),
    leakproof.length === 0
      ? ok("indexes", "searches use them under row-level security")
      : warning(
          "indexes",
          `searches are slow: let a superuser run migrate, or declare leakproof: ${leakproof.join(", ")}`,
        ),
    oldestTransaction < LONG_TRANSACTION_SECONDS
      ? ok("transactions", "none has been open for long")
      : warning(
          "transactions",
          `one has been open for ${Math.round(oldestTransaction)} s; the change log's readers wait for it`,
        ),
    ...(content === undefined ? [] : contentFindings(content)),
  ];
}

/** A database whose rows are spread, or shall be, is to be what EIRA_CITUS says. */
export function layoutFindings({ spread }: Pick<Health, "spread">, isWanted: boolean): Finding[] {
  if (spread && isWanted) return [ok("layout", "the rows are spread over several servers by Citus")];
  if (spread) return [fault("layout", "the rows are spread by Citus. Set EIRA_CITUS=on.")];
  return isWanted ? [fault("layout", "EIRA_CITUS=on, and the rows are not spread. Run: npm run eira -- migrate")] : [];
}

function schemaFinding({ found, known }: Health["schema"]): Finding {
  if (found === known) return ok("schema", `number ${found}`);
  if (found > known)
    return fault("schema", `number ${found} is of a newer build than this one (${known}). Start that build.`);
  return fault("schema", `number ${found} is older than this build's (${known}). Run: npm run eira -- migrate`);
}

function contentFindings({
  readers,
  outbox,
  subscribers,
  foreignTransactions,
}: NonNullable<Health["content"]>): Finding[] {
  const late = readers.filter(({ behind, seconds }) => behind > 0 && seconds > MOST_BEHIND_SECONDS);
  return [
    foreignTransactions
      ? fault(
          "change log",
          "it was written in another PostgreSQL cluster, and its readers would miss what is written here. Move databases with eira backup and eira restore.",
        )
      : late.length > 0
        ? warning(
            "change log",
            late
              .map(({ name, behind, seconds }) => `${name} is ${behind} entries and ${Math.round(seconds)} s behind`)
              .join(", "),
          )
        : ok("change log", `${readers.length} readers, none behind for long`),
    outbox.parked > 0
      ? warning("outbox", `${outbox.parked} messages are parked and wait for a person`)
      : outbox.overdueSeconds > OVERDUE_SECONDS
        ? warning(
            "outbox",
            `${outbox.waiting} messages wait, the oldest ${Math.round(outbox.overdueSeconds)} s past its time`,
          )
        : ok("outbox", `${outbox.waiting} messages wait, none is overdue or parked`),
    subscribersFinding(subscribers),
  ];
}

function subscribersFinding({ failing, parked, waiting, oldestSeconds }: Subscribers): Finding {
  const late = oldestSeconds > OVERDUE_SECONDS ? `, the oldest for ${Math.round(oldestSeconds)} s` : "";
  const text = `${waiting} notifications are not acknowledged${late}; ${failing} subscriptions cannot be served, ${parked} are set aside`;
  return failing + parked > 0 || late !== ""
    ? warning("subscriptions", `${text}. Run: npm run eira -- subscriptions list`)
    : ok("subscriptions", text);
}

type Subscribers = NonNullable<Health["content"]>["subscribers"];

function isInstalled({ dataDir }: Config): boolean {
  return existsSync(dataDir) && readdirSync(dataDir).length > 0;
}
