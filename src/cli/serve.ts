/**
 * `eira serve`: database, schema, demonstration region, then the server; one process, or a primary with workers that
 * share the port. A worker that dies is replaced; a database that dies is started again.
 *
 * SPEC CLI-SERVE
 */
import cluster, { type Worker } from "node:cluster";
import { buildServer, Sessions, type HttpOptions } from "../http/index.ts";
import { startHousekeeping, startLoopWatch } from "../jobs/index.ts";
import { activeProfiles } from "../journal/index.ts";
import type { ConnectionConfig, Store } from "../store/index.ts";
import type { Command, Invocation } from "./command.ts";
import { startDemoHl7 } from "./demo-hl7.ts";
import { loadDemoRegion } from "./demo-region.ts";
import { hl7OfSettings } from "./hl7.ts";
import { identityProvidersOf } from "./identity-providers.ts";
import { signingKey } from "./signing-key.ts";
import { startSubscribers } from "./subscribers.ts";
import { technicalLog, type TechnicalLog } from "./technical-log.ts";
import { baseOf, journalOptions, migrateAs, openDatabase, openStore, type Database } from "./installation.ts";
import { labelPlacesAt } from "./label-places.ts";
import { startLongWork, type LongWork } from "./long-work.ts";

const CONNECTIONS = 24;
const RETRY_MS = 1000;
/** A request leaves some 100 kB behind: with more room for what is new, less of it is copied before it is forgotten. */
const ROOM_FOR_THE_YOUNG = "--max-semi-space-size=32";

export const serveCommand: Command = async (invocation) => {
  const { config, terminal, clock } = invocation;
  const database = await openDatabase(invocation);
  terminal.onStop(() => database.close());
  superviseDatabase(invocation, database);
  await migrateAs(config, database);
  const store = await openStore(config, database, clock);
  terminal.onStop(() => store.close());
  await refuseForgetfulDatabase(invocation, store);
  if (config.demo) await loadDemoRegion(store, journalOptions(config, store, clock), terminal);
  const stopHousekeeping = startHousekeeping(store, () =>
    terminal.tell("housekeeping failed; it is tried again in an hour"),
  );
  terminal.onStop(async () => stopHousekeeping());
  const watch = startLoopWatch(journalOptions(config, store, clock), (error) =>
    terminal.tell(`the ledger was not looked at (${(error as Error).name}); it is tried again`),
  );
  terminal.onStop(() => watch.stop());
  const stopSubscribers = startSubscribers({
    journal: journalOptions(config, store, clock),
    hosts: config.subscriberHosts,
    onFault: (error) => terminal.tell(`subscriptions: a round failed (${(error as Error).name}); it is tried again`),
  });
  terminal.onStop(stopSubscribers);
  const journal = journalOptions(config, store, clock);
  const hl7 = config.simulators
    ? await startDemoHl7(invocation, journal, config.simulatorDelayMs)
    : await hl7OfSettings(config.hl7, journal, terminal.tell);
  if (hl7 !== undefined) terminal.onStop(() => hl7.stop());
  const address = config.workers === 1 ? await listen(invocation, store) : await startWorkers(invocation, database);
  announce(invocation, address);
  return new Promise(() => undefined); // until it is told to stop
};

/** `eira serve-worker`: one worker of a primary, which sends it where the database is. */
export const workerCommand: Command = async (invocation) => {
  const config = await new Promise<ConnectionConfig>((resolve) => {
    process.once("message", (message) => resolve(message as ConnectionConfig));
    process.send?.("where is the database?");
  });
  const store = await openStore(invocation.config, { config }, invocation.clock, CONNECTIONS);
  invocation.terminal.onStop(() => store.close());
  await listen(invocation, store);
  return new Promise(() => undefined);
};

/** Listens and answers the address that people open. */
async function listen({ config, terminal, clock }: Invocation, store: Store): Promise<string> {
  const lanes: { work?: LongWork } = {};
  const journal = { ...journalOptions(config, store, clock), onJob: (kind: string) => lanes.work?.wake(kind) };
  const options: HttpOptions = {
    journal,
    demo: config.demo,
    identityProviders: identityProvidersOf(config),
    trustedProxies: config.trustedProxies,
    callsAMinute: config.callsAMinute,
    signingKey: () => signingKey(config.dataDir),
    labelPlaces: labelPlacesAt(config.printers),
    webRoot: config.webRoot,
    version: config.version,
    readiness: async () =>
      (await store.isReady().catch(() => false)) ? [] : ["the database does not answer with this build's schema"],
  };
  // Whoever first claims a profile would wait for them to be read.
  void activeProfiles(store).catch(() => undefined);
  const sessions = new Sessions(store, clock, config.sessions);
  const log = technicalLog({ config, terminal, clock });
  const server = buildServer(options, sessions, log);
  await server.listen({ port: config.port, host: config.host });
  terminal.onStop(() => server.close());
  const work = startLongWork({ server, sessions, journal, onFault: (error) => tellFault(log, error) });
  lanes.work = work;
  terminal.onStop(() => work.stop());
  return baseOf(config).replace(/\/fhir\/R4$/, "");
}

/** The name and the places only: a message may quote what was written. */
function tellFault(log: TechnicalLog, error: unknown): void {
  const { name = "unknown", stack = "" } = error instanceof Error ? error : {};
  const at = stack.split("\n").filter((line) => /^\s+at /.test(line));
  log("error", "long work failed", { error: name, at: at.slice(0, 8).join(" | ") });
}

/** In production, a database that may forget what it has acknowledged is not served. */
async function refuseForgetfulDatabase({ config }: Invocation, store: Store): Promise<void> {
  const problems = await store.durabilityProblems({ production: config.production, ha: false });
  if (problems.length === 0) return;
  const told = problems.map(({ setting, value, message }) => `${setting} is ${value}: ${message}`);
  throw new Error(`Refusing to serve production on this database.\n${told.join("\n")}`);
}

async function startWorkers({ config, terminal }: Invocation, database: Database): Promise<string> {
  let stopping = false;
  cluster.setupPrimary({ args: ["serve-worker"], execArgv: [...process.execArgv, ROOM_FOR_THE_YOUNG] });
  const start = (): Promise<Worker> =>
    new Promise((resolve) => {
      const worker = cluster.fork();
      worker.on("message", () => worker.send(database.config as Record<string, unknown>));
      worker.once("listening", () => resolve(worker));
      worker.once("exit", (code, signal) => {
        if (stopping) return;
        terminal.tell(`worker ${worker.process.pid} ended (${signal ?? code}); starting another`);
        setTimeout(() => void start(), 500);
      });
    });
  terminal.onStop(async () => {
    stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((one) => one !== undefined);
    await Promise.all(
      workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve).process.kill("SIGTERM"))),
    );
  });
  await Promise.all(Array.from({ length: config.workers }, start));
  return baseOf(config).replace(/\/fhir\/R4$/, "");
}

function superviseDatabase(invocation: Invocation, database: Database): void {
  database.onExit(() => {
    invocation.terminal.tell("the database ended; starting it again");
    startAgain(invocation);
  });
}

/** Until it is up: a server without its database must not stay so because one attempt came at a bad moment. */
function startAgain(invocation: Invocation): void {
  openDatabase(invocation).then(
    (again) => {
      invocation.terminal.onStop(() => again.close());
      superviseDatabase(invocation, again);
    },
    (error: unknown) => {
      invocation.terminal.tell(`the database could not be started: ${(error as Error).message}; trying again`);
      setTimeout(() => startAgain(invocation), RETRY_MS);
    },
  );
}

function announce({ config, terminal }: Invocation, address: string): void {
  terminal.print(`Eira ready ${address}`);
  if (config.demo)
    terminal.print(
      `Demonstration sign-in: open ${address} and choose a person and an assignment; no password. Fictional people only.`,
    );
}
