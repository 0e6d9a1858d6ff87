/**
 * The listening ports of the channels that are declared: channels of one port are told apart by their senders.
 *
 * SPEC EXCH-HL7-IN
 */
import type { InChannel } from "./channels.ts";
import type { Intake } from "./intake.ts";
import { isAllowed } from "./mllp/peers.ts";
import { startMllpServer, type MllpServer } from "./mllp/server.ts";

export type ListenOptions = {
  readonly intake: Intake;
  /** Hears what is wrong, without anything of a patient. */
  readonly onFault: (what: string, error?: unknown) => void;
  readonly idleMs?: number;
  readonly mostBytes?: number;
};

export type Listening = {
  /** The port of each channel. */
  readonly ports: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
};

const IDLE_MS = 15 * 60_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Listens for all channels. Errors: those of `listen`; then none is listened for. */
export async function listenFor(channels: readonly InChannel[], options: ListenOptions): Promise<Listening> {
  const servers: MllpServer[] = [];
  const ports = new Map<string, number>();
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    for (const together of byPort(channels)) {
      const server = await listenOn(together, options);
      servers.push(server);
      for (const { name } of together) ports.set(name, server.port);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { ports, close };
}

/** Port 0 is a free one for each. */
function byPort(channels: readonly InChannel[]): readonly (readonly InChannel[])[] {
  const groups = new Map<string, InChannel[]>();
  for (const channel of channels) {
    const name = channel.port === 0 ? `0 ${channel.name}` : String(channel.port);
    groups.set(name, [...(groups.get(name) ?? []), channel]);
  }
  return [...groups.values()];
}

function listenOn(
  channels: readonly InChannel[],
  { intake, onFault, idleMs = IDLE_MS, mostBytes = MOST_BYTES }: ListenOptions,
): Promise<MllpServer> {
  const [first] = channels;
  if (first === undefined) throw new RangeError("a port without channels");
  const { port, host, tls } = first;
  return startMllpServer({
    port,
    host,
    ...(tls === undefined ? {} : { tls }),
    isAllowed: (peer) => channels.some(({ peers }) => isAllowed(peers, peer)), // and each message is asked for its own channel
    most: mostBytes,
    idleMs,
    onMessage: (bytes, peer) => intake.receive(bytes, peer, channels),
    onFault: (what, peer, error) => onFault(`${first.name}: ${what} (${peer.commonName ?? peer.address})`, error),
  });
}
