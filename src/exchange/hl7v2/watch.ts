/**
 * What nobody sees by looking: traffic that should come and does not, certificates that end, lists that were not compared, and messages
 * that are tried in vain. Each has an owner from then on, once, until it is over.
 *
 * SPEC EXCH-HL7-WATCH · failure modes F4, F6, F43
 */
import type { HourVolume, Store, StoredChannel, WriteTx } from "../../store/index.ts";
import type { Hl7Channel } from "./channels.ts";
import { aboutChannel, aboutReceived, type Fault, type FaultLedger } from "./faults.ts";
import { daysLeft } from "./mllp/peers.ts";
import { textAlarms } from "./texts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Silence is told of within 15 minutes by day and 60 by night: a look comes once a minute. */
const SILENT_MS = { day: 14 * MINUTE_MS, night: 59 * MINUTE_MS } as const;
/** With so many expected, none is no accident: once in a thousand such times. */
const ENOUGH = 7;
/** Half of what is usual is told of when so many were expected in the hour. */
const ENOUGH_FOR_HALF = 60;
const CERTIFICATE_DAYS = [1, 7, 30, 60] as const;

/** Whether it is day (6 to 22 o'clock) in Sweden. */
export function isDay(now: Date): boolean {
  const hour = Number(HOUR.format(now));
  return hour >= 6 && hour < 22;
}
const HOUR = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Stockholm", hour: "2-digit", hourCycle: "h23" });

/** How long a channel may be silent now before that is told of; nothing when nothing is expected of it. */
export function longestSilence({ expected }: Pick<Hl7Channel, "expected">, now: Date): number | undefined {
  if (expected === undefined) return undefined;
  const part = isDay(now) ? "day" : "night";
  const anHour = expected[part];
  return anHour === 0 ? undefined : Math.max(SILENT_MS[part], (ENOUGH / anHour) * HOUR_MS);
}

export type Seen = {
  /** When something passed last, and since when it is declared. */
  readonly last: string | undefined;
  readonly since: string;
  /** What passed in the last whole hour, and which that was. */
  readonly lastHour: number;
};

/** What is wrong with a channel's traffic now, in words; nothing when all is well. */
export function trafficFault(channel: Hl7Channel, { last, since, lastHour }: Seen, now: Date): string | undefined {
  const longest = longestSilence(channel, now);
  if (longest === undefined) return undefined;
  const quiet = now.getTime() - Math.max(Date.parse(last ?? since), Date.parse(since));
  if (quiet >= longest) return `silent for ${Math.floor(quiet / MINUTE_MS)} minutes`;
  const hour = new Date(now.getTime() - HOUR_MS);
  const usual = channel.expected?.[isDay(hour) ? "day" : "night"] ?? 0;
  const isWhole = now.getTime() - Date.parse(since) > 2 * HOUR_MS;
  if (isWhole && usual >= ENOUGH_FOR_HALF && lastHour <= usual / 2)
    return `${lastHour} messages in an hour that usually has ${usual}`;
  return undefined;
}

/** What is wrong with a certificate now: told of at 60, 30, 7 and 1 days. */
export function certificateFault(
  { tls }: Pick<Hl7Channel, "tls">,
  now: Date,
): { readonly step: number; readonly note: string } | undefined {
  if (tls === undefined) return undefined;
  const left = Math.min(...[tls.cert, tls.ca ?? tls.cert].map((one) => daysLeft(one, now)));
  const step = CERTIFICATE_DAYS.find((days) => left <= days);
  return step === undefined
    ? undefined
    : { step, note: left < 0 ? "a certificate has ended" : `a certificate ends in ${left} days` };
}

export type WatchOptions = {
  readonly store: Store;
  readonly clock: () => Date;
  readonly faults: FaultLedger;
  readonly channels: readonly Hl7Channel[];
};

const LATE_MS = 15 * MINUTE_MS;
const MOST_LATE = 100;

/** One look; one server at a time takes it. Answers what is wrong now, by channel and kind. What was told of before is not told of again. */
export async function watchChannels(options: WatchOptions): Promise<Readonly<Record<string, string>>> {
  const { store, clock, faults } = options;
  const now = clock();
  const found = await alarmsOf(options, now);
  await store.write("*", async (tx) => {
    await tx.lock(["hl7 alarms"]);
    const before = await tx.hl7.channels.alarms();
    const opened = found.filter(({ name }) => before[name] === undefined).map(({ fault }) => fault);
    const late = await lateOnes(options, tx, now);
    const still = new Set(found.map(({ name }) => name));
    const over = Object.entries(before).flatMap(([name, about]) => (still.has(name) ? [] : [about]));
    if (opened.length + late.length > 0) await faults.open(tx, [...opened, ...late], now);
    if (over.length > 0) await faults.close(tx, over, now);
    if (opened.length + over.length > 0)
      await tx.hl7.channels.keepAlarms(Object.fromEntries(found.map(({ name, fault }) => [name, fault.about])));
  });
  return Object.fromEntries(found.map(({ name, fault }) => [name, fault.note]));
}

type Alarm = { readonly name: string; readonly fault: Fault };

async function alarmsOf({ store, channels }: WatchOptions, now: Date): Promise<readonly Alarm[]> {
  const texts = await textAlarms(store, channels);
  const hourAgo = new Date(now.getTime() - HOUR_MS);
  const { stored, volumes, last, failing } = await store.read("*", async (look) => ({
    stored: await look.hl7.channels.all(),
    volumes: await look.hl7.channels.volumes(hourAgo.toISOString()),
    last: await look.hl7.channels.lastPassed(),
    failing: await look.hl7.sent.failing(),
  }));
  return (
    await Promise.all(
      channels.map(async (channel) => {
        const row = stored.find(({ name }) => name === channel.name);
        const seen = row && {
          last: last.get(channel.name),
          since: row.since,
          lastHour: passedIn(volumes, channel.name, hourAgo),
        };
        return [
          ...trafficAlarm(channel, row, seen, now),
          ...certificateAlarm(channel, now),
          ...textAlarm(channel, texts[channel.name]),
          ...deliveryAlarm(
            channel,
            failing.find((one) => one.channel === channel.name),
            now,
          ),
          ...(await reconciliationAlarm(store, channel, row, now)),
        ];
      }),
    )
  ).flat();
}

function passedIn(volumes: readonly HourVolume[], name: string, hour: Date): number {
  const start = new Date(Math.floor(hour.getTime() / HOUR_MS) * HOUR_MS).toISOString();
  return volumes.find((one) => one.channel === name && one.hour === start)?.messages ?? 0;
}

function alarm(channel: Hl7Channel, what: string, note: string): Alarm {
  const about = aboutChannel(channel.name, what);
  return { name: `${channel.name} ${what}`, fault: { about, owner: channel.owner, note: `${channel.name}: ${note}` } };
}

function trafficAlarm(
  channel: Hl7Channel,
  row: StoredChannel | undefined,
  seen: Seen | undefined,
  now: Date,
): readonly Alarm[] {
  const note = seen && row?.held === null ? trafficFault(channel, seen, now) : undefined;
  return note === undefined ? [] : [alarm(channel, "traffic", note)];
}

function certificateAlarm(channel: Hl7Channel, now: Date): readonly Alarm[] {
  const found = certificateFault(channel, now);
  return found === undefined ? [] : [alarm(channel, `certificate-${found.step}`, found.note)];
}

function textAlarm(channel: Hl7Channel, note: string | undefined): readonly Alarm[] {
  return note === undefined ? [] : [alarm(channel, "texts", note)];
}

/** When lists of a blind channel were compared last. */
export function reconciledSetting(name: string): string {
  return `hl7 reconciled ${name}`;
}

async function reconciliationAlarm(
  store: Store,
  channel: Hl7Channel,
  row: StoredChannel | undefined,
  now: Date,
): Promise<readonly Alarm[]> {
  if (channel.direction === "in" || channel.reconciliationHours === undefined || row === undefined) return [];
  const last = (await store.setting(reconciledSetting(channel.name))) as string | undefined;
  const since = Date.parse(last ?? row.since);
  if (now.getTime() - since < channel.reconciliationHours * HOUR_MS) return [];
  return [alarm(channel, "blind", "its list has not been compared with the receiver's in time")];
}

/** To whom nothing gets through. What was sent is tried on; what the receiver refused for good is parked by itself. */
function deliveryAlarm(
  channel: Hl7Channel,
  failing: { readonly count: number; readonly since: string } | undefined,
  now: Date,
): readonly Alarm[] {
  if (channel.direction === "in" || failing === undefined) return [];
  if (now.getTime() - Date.parse(failing.since) < channel.ownerAfterMinutes * MINUTE_MS) return [];
  return [
    alarm(
      channel,
      "delivery",
      `${failing.count} messages cannot be delivered since ${failing.since}; they are tried on`,
    ),
  ];
}

/** What came and was worked on in vain for some time. */
async function lateOnes({ channels }: WatchOptions, tx: WriteTx, now: Date): Promise<readonly Fault[]> {
  const late = await tx.hl7.received.overdue(
    new Date(now.getTime() - LATE_MS).toISOString(),
    now.toISOString(),
    MOST_LATE,
  );
  return late.map(({ position, channel, type, controlId, error }) => ({
    about: aboutReceived(position),
    owner: channels.find(({ name }) => name === channel)?.owner ?? null,
    note: `${channel}: ${type} ${controlId} is tried again and again: ${error}`,
  }));
}
