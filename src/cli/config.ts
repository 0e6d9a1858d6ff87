/** The settings of an installation, read once from the environment by main.ts. SPEC CLI-CONFIG */
import { parseHostList } from "../exchange/index.ts";
import { proxiesIn, SESSION_LIMITS, type SessionLimits } from "../http/index.ts";

export type Config = {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** An external PostgreSQL; nothing means the embedded one. */
  readonly databaseUrl: string | undefined;
  /** That PostgreSQL is the coordinator of a Citus cluster, and the rows are spread over it. */
  readonly citus: boolean;
  readonly demo: boolean;
  readonly workers: number;
  /** File that names the identity providers; nothing means none, or in a demonstration its own. */
  readonly identityProviders: string | undefined;
  /** Addresses of proxies whose word is taken for where a call came from. */
  readonly trustedProxies: readonly string[];
  /** Calls a minute that one person may make of each process. */
  readonly callsAMinute: number;
  /** How long people's sessions last. */
  readonly sessions: SessionLimits;
  /** After how many days a note is locked, signed or not. */
  readonly lockDays: number;
  readonly referentialIntegrity: boolean;
  /** A file with who reads at the patient's own door at which age; nothing means the usual rules. */
  readonly doorRules: string | undefined;
  /** A file with the ids or identity numbers of well-known people, for whoever reviews the access log. */
  readonly knownPersons: string | undefined;
  readonly production: boolean;
  /** Public FHIR base when it is not the address that is listened on. */
  readonly base: string | undefined;
  /** A file with the channels of HL7 v2 and whom messages are exchanged with; nothing means that there are none. */
  readonly hl7: string | undefined;
  /** A file with the label printers and the places where they stand; nothing means that labels are printed by the browser. */
  readonly printers: string | undefined;
  /** A simulated laboratory and radiology department answer the demonstration's orders. */
  readonly simulators: boolean;
  /** How long they take from an order to its answer. */
  readonly simulatorDelayMs: number;
  /** Where notifications may go; nothing means nowhere. */
  readonly subscriberHosts: string;
  readonly webRoot: string;
  readonly version: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Errors: an Error that names the variable and what it may be. */
export function configOf(
  environment: Environment,
  places: { readonly webRoot: string; readonly version: string },
): Config {
  return {
    port: whole(environment, "EIRA_PORT", 8080, [0, 65_535]),
    host: environment["EIRA_HOST"] ?? "127.0.0.1",
    dataDir: environment["EIRA_DATA_DIR"] || ".eira",
    databaseUrl: environment["DATABASE_URL"] || undefined,
    citus: choice(environment, "EIRA_CITUS", false),
    demo: demo(environment),
    workers: whole(environment, "EIRA_WORKERS", 1, [1, 64]),
    identityProviders: environment["EIRA_IDENTITY_PROVIDERS"] || undefined,
    trustedProxies: proxiesIn(environment["EIRA_TRUSTED_PROXIES"] ?? ""),
    callsAMinute: whole(environment, "EIRA_CALLS_A_MINUTE", 1200, [60, 1_000_000]),
    sessions: {
      hours: whole(environment, "EIRA_SESSION_HOURS", SESSION_LIMITS.hours, [1, 24]),
      idleMinutes: whole(environment, "EIRA_SESSION_IDLE_MINUTES", SESSION_LIMITS.idleMinutes, [2, 600]),
    },
    lockDays: whole(environment, "EIRA_LOCK_DAYS", 14, [1, 365]),
    referentialIntegrity: choice(environment, "EIRA_REFERENTIAL_INTEGRITY", true),
    doorRules: environment["EIRA_DOOR_RULES"] || undefined,
    knownPersons: environment["EIRA_KNOWN_PERSONS"] || undefined,
    production: isProduction(environment),
    base: environment["EIRA_BASE"] || undefined,
    hl7: environment["EIRA_HL7"] || undefined,
    printers: environment["EIRA_PRINTERS"] || undefined,
    simulators: choice(environment, "EIRA_SIMULATORS", false) && demo(environment) && !environment["EIRA_HL7"],
    simulatorDelayMs: whole(environment, "EIRA_SIMULATOR_DELAY_MS", 15_000, [100, 600_000]),
    subscriberHosts: hosts(environment["EIRA_SUBSCRIBER_HOSTS"] ?? ""),
    ...places,
  };
}

function isProduction(environment: Environment): boolean {
  return environment["NODE_ENV"] === "production";
}

/** A demonstration lets anybody sign in as anybody: off in production, where asking for it is refused. */
function demo(environment: Environment): boolean {
  const wanted = choice(environment, "EIRA_DEMO", !isProduction(environment));
  if (wanted && isProduction(environment))
    throw new Error("EIRA_DEMO is sign-in without any proof: it cannot be on with NODE_ENV=production.");
  return wanted;
}

function hosts(text: string): string {
  parseHostList(text);
  return text;
}

function whole(
  environment: Environment,
  name: string,
  usual: number,
  [least, most]: readonly [number, number],
): number {
  const text = environment[name];
  if (text === undefined || text === "") return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`${name} is to be a whole number from ${least} to ${most}, not "${text}".`);
  return value;
}

const ON: ReadonlySet<string> = new Set(["1", "on", "true", "yes"]);
const OFF: ReadonlySet<string> = new Set(["0", "off", "false", "no"]);

function choice(environment: Environment, name: string, usual: boolean): boolean {
  const text = environment[name]?.toLowerCase();
  if (text === undefined || text === "") return usual;
  if (ON.has(text)) return true;
  if (OFF.has(text)) return false;
  throw new Error(`${name} is to be on or off, not "${text}".`);
}
