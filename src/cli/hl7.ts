/**
 * The HL7 edge beside the server: listeners in the first process, and the work on what came and what is to go in one server at a time,
 * whatever their number.
 *
 * SPEC CLI-HL7
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseScopes, type ClientActor } from "../access/index.ts";
import { parseJson, type JsonValue } from "../fhir/index.ts";
import {
  channelsIn,
  declarationOf,
  dispatchRound,
  faultLedger,
  Feeds,
  Hl7Sender,
  Hl7Worker,
  inDirectory,
  Intake,
  listenFor,
  mappingStep,
  mappingTogether,
  orderComposer,
  partnersIn,
  routeOrders,
  settled,
  watchChannels,
  type Compose,
  type Hl7Channel,
  type InChannel,
  type OutChannel,
  type WorkStep,
  type WorkTogether,
} from "../exchange/index.ts";
import { startLoop, underLease, type Loop } from "../jobs/index.ts";
import type { JournalOptions } from "../journal/index.ts";

const LOOK_MS = 500;
const WATCH_MS = 60_000;
const LEASE_SECONDS = 10;
const ASK_MS = 2000;

type Hl7Hands = {
  readonly journal: JournalOptions;
  readonly channels: readonly Hl7Channel[];
  readonly step: WorkStep;
  readonly together?: WorkTogether;
  readonly compose: Compose;
  /** What partners are told of unasked; answers whether there is more to do at once. */
  readonly feeds?: Pick<Feeds, "round">;
  /** Hears what is wrong, without anything of a patient. */
  readonly tell: (what: string) => void;
};

export type Hl7Edge = {
  readonly ports: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
};

/** The text of a settings file. Errors: an Error that names the file and what is wrong in it. */
function hl7Settings(file: string): {
  readonly configuration: JsonValue;
  readonly channels: readonly Hl7Channel[];
} {
  try {
    const configuration = parseJson(readFileSync(file, "utf8"));
    const read = (path: string): string => readFileSync(resolve(dirname(file), path), "utf8");
    return { configuration, channels: channelsIn(configuration, read) };
  } catch (error) {
    throw new Error(`EIRA_HL7: ${file} cannot be used. ${(error as Error).message}`, { cause: error });
  }
}

/** Starts it; what is under way when it stops goes on at the next start. Errors: a port that is taken. */
export async function startHl7(hands: Hl7Hands): Promise<Hl7Edge> {
  const { journal, channels, tell } = hands;
  const { store, clock } = journal;
  const faults = faultLedger(journal.random);
  const told = channels.map((one) => ({ name: one.name, direction: one.direction, declared: declarationOf(one) }));
  await store.write("*", (tx) => tx.hl7.channels.declare(told, clock().toISOString()));
  const awake = { work: (): void => undefined };
  const intake = new Intake({ store, clock, faults, onKept: () => awake.work() });
  const incoming = channels.filter((one): one is InChannel => one.direction === "in");
  const listening = await listenFor(incoming, { intake, onFault: (what) => tell(`hl7: ${what}`) });
  const lease = { store, name: "hl7", leaseSeconds: LEASE_SECONDS };
  const onFault = (error: unknown): void => tell(`hl7: a round failed (${(error as Error).name}); it is tried again`);
  const whileHeld = async (signal: AbortSignal): Promise<boolean> => {
    const { loops, close } = loopsOf(hands, signal, onFault);
    awake.work = () => loops.forEach(({ wake }) => wake());
    if (!signal.aborted) await once(signal, "abort");
    await Promise.all(loops.map((loop) => loop.stop()));
    close();
    return false;
  };
  const turns = startLoop({ round: underLease(lease, whileHeld), every: ASK_MS, onFault });
  return {
    ports: listening.ports,
    stop: async () => {
      await listening.close();
      await turns.stop();
    },
  };
}

/** What the server that holds the lease does. */
function loopsOf(
  { journal, channels, step, together, compose, feeds, tell }: Hl7Hands,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): { readonly loops: readonly Loop[]; readonly close: () => void } {
  const { store, clock, random } = journal;
  const faults = faultLedger(random);
  const onBug = (error: unknown): void => tell(wordsOfBug(error));
  const shared = { store, clock, faults };
  const worker = new Hl7Worker({ ...shared, step, ...(together && { together }), onFault: onBug });
  const outgoing = channels.filter((one): one is OutChannel => one.direction === "out");
  const senders: Hl7Sender[] = [];
  const isHeld = async (name: string): Promise<boolean> =>
    (await store.read("*", (look) => look.hl7.channels.all())).find((one) => one.name === name)?.held !== null;
  const unlessHeld = (name: string, round: () => Promise<boolean>) => async (): Promise<boolean> =>
    !signal.aborted && !(await isHeld(name)) && round();
  const rounds = channels.map((channel) => {
    if (channel.direction === "in") return unlessHeld(channel.name, () => worker.round(channel, signal));
    const sender = new Hl7Sender(channel, { ...shared, onSettled: settled(random), onFault });
    senders.push(sender);
    return unlessHeld(channel.name, () => sender.round(signal));
  });
  const loops = [
    ...rounds,
    () => dispatchRound({ ...shared, channels: outgoing, compose, onFault: onBug }),
    ...(feeds === undefined ? [] : [() => feeds.round()]),
  ].map((round) => startLoop({ round, every: LOOK_MS, onFault }));
  const watch = startLoop({
    round: () => watchChannels({ ...shared, channels }).then(() => false),
    every: WATCH_MS,
    onFault,
  });
  return { loops: [...loops, watch], close: () => senders.forEach((sender) => sender.close()) };
}

function wordsOfBug(error: unknown): string {
  return `hl7: a message met a fault of this system (${(error as Error).name})`;
}

/** Who looks units of the directory up when the edge starts. */
const LOOKING: ClientActor = {
  kind: "client",
  name: "hl7v2",
  scopes: parseScopes("system/Organization.rs") ?? [],
  careProvider: null,
  careUnit: null,
};

/** Starts the edge that a settings file describes; nothing without one, and then no order goes by a channel. */
export async function hl7OfSettings(
  file: string | undefined,
  journal: JournalOptions,
  tell: (what: string) => void,
): Promise<Hl7Edge | undefined> {
  if (file !== undefined) return startAgreed(hl7Settings(file), journal, tell);
  await routeOrders({ journal, partners: [] });
  return undefined;
}

/** Starts the edge with what has been agreed with each partner. Errors: a unit that the directory has not, a port that is taken. */
export async function startAgreed(
  { configuration, channels }: ReturnType<typeof hl7Settings>,
  journal: JournalOptions,
  tell: (what: string) => void,
): Promise<Hl7Edge> {
  const visit = { ...journal, actor: LOOKING, request: "hl7v2 start" };
  const partners = await Promise.all(partnersIn(configuration).map((agreed) => inDirectory(visit, agreed)));
  const options = { journal, partners };
  await routeOrders(options);
  const edge = await startHl7({
    journal,
    channels,
    step: mappingStep(options),
    together: mappingTogether(options),
    compose: orderComposer(options),
    feeds: new Feeds({ ...options, faults: faultLedger(journal.random), onFault: (error) => tell(wordsOfBug(error)) }),
    tell,
  });
  for (const [name, port] of edge.ports) tell(`hl7: ${name} listens on port ${port}`);
  return edge;
}
