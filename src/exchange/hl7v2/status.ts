/**
 * How the channels stand, for people: what they are for, how they are acknowledged, what waits, what is parked, what passed and what is
 * wrong. Nothing of a patient is in it.
 *
 * SPEC EXCH-HL7-STATUS · failure modes F3, F4, F6, F43
 */
import type { Store } from "../../store/index.ts";

/** A channel as people see it. */
export type ChannelStatus = {
  readonly name: string;
  readonly direction: "in" | "out";
  readonly purpose: string;
  readonly owner: string | null;
  readonly acknowledgement: string;
  readonly isBlind: boolean;
  /** Whole days until its certificate ends. */
  readonly certificateDays: number | null;
  /** Why it is held back. */
  readonly held: string | null;
  readonly waiting: number;
  readonly parked: number;
  /** When the first that waits came. */
  readonly oldest: string | null;
  readonly lastPassed: string | null;
  readonly thisHour: number;
  readonly lastDay: number;
  readonly expected: { readonly day: number; readonly night: number } | null;
  /** What is wrong now, by kind. */
  readonly alarms: readonly string[];
};

type Declared = {
  readonly purpose?: string;
  readonly owner?: string | null;
  readonly acknowledgement?: string;
  readonly certificateEnds?: string | null;
  readonly expected?: { readonly day: number; readonly night: number };
};

const DAY_MS = 86_400_000;

/** Every channel that was ever declared, by name. */
export async function channelStatuses(store: Store, now: Date): Promise<readonly ChannelStatus[]> {
  const { channels, came, went, volumes, last, alarms } = await store.read("*", async (look) => ({
    channels: await look.hl7.channels.all(),
    came: await look.hl7.received.loads(),
    went: await look.hl7.sent.loads(),
    volumes: await look.hl7.channels.volumes(new Date(now.getTime() - DAY_MS).toISOString()),
    last: await look.hl7.channels.lastPassed(),
    alarms: await look.hl7.channels.alarms(),
  }));
  const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000).toISOString();
  return channels.map(({ name, direction, declared, held }) => {
    const { purpose = "", owner = null, acknowledgement, certificateEnds, expected } = declared as Declared;
    const load = (direction === "in" ? came : went).find((one) => one.channel === name);
    const passed = volumes.filter(({ channel }) => channel === name);
    return {
      name,
      direction,
      purpose,
      owner,
      acknowledgement: acknowledgement ?? "application",
      isBlind: acknowledgement === "accept",
      certificateDays: daysUntil(certificateEnds, now),
      held,
      waiting: load?.waiting ?? 0,
      parked: load?.parked ?? 0,
      oldest: load?.oldest ?? null,
      lastPassed: last.get(name) ?? null,
      thisHour: passed.find((one) => one.hour === hour)?.messages ?? 0,
      lastDay: passed.reduce((sum, { messages }) => sum + messages, 0),
      expected: expected ?? null,
      alarms: Object.keys(alarms).flatMap((one) => (one.startsWith(`${name} `) ? [one.slice(name.length + 1)] : [])),
    };
  });
}

function daysUntil(ends: string | null | undefined, now: Date): number | null {
  return typeof ends === "string" ? Math.floor((Date.parse(ends) - now.getTime()) / DAY_MS) : null;
}
