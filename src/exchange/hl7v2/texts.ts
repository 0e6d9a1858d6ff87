/**
 * How long the words of each sender's answers are, and when that suddenly changes: a sender whose answers become empty or lose most of
 * their words keeps sending, so no volume tells of it. A sample is enough; nothing of a text is kept but its class of length.
 *
 * SPEC EXCH-HL7-WATCH-4 · failure mode F19 (1,200 blank answers)
 */
import { lengthAlarm, lengthClass, NO_LENGTHS, type Lengths } from "../../base/index.ts";
import type { Store } from "../../store/index.ts";
import type { Hl7Channel, InChannel } from "./channels.ts";
import { parseMessage, type Charset, type Hl7Message } from "./codec/index.ts";

/** What is known of one sender: counts of its usual answers, and the classes of its last ones, oldest first. */
type Known = { readonly usual: Lengths; readonly last: readonly number[] };
type Kept = { readonly positions: Readonly<Record<string, number>>; readonly senders: Readonly<Record<string, Known>> };

const SETTING = "hl7 texts";
const NOTHING: Kept = { positions: {}, senders: {} };
const A_LOOK = 200;
const LAST = 40;
/** Then all counts are halved, so that what was usual years ago is forgotten. */
const MOST_USUAL = 2000;
const MOST_SENDERS = 500;

/** Looks at what came since the last look. Answers what is wrong now in words, by channel. One server at a time does it. */
export async function textAlarms(
  store: Store,
  channels: readonly Hl7Channel[],
): Promise<Readonly<Record<string, string>>> {
  const before = ((await store.setting(SETTING)) as Kept | undefined) ?? NOTHING;
  const kept = { positions: { ...before.positions }, senders: { ...before.senders } };
  for (const channel of channels.filter((one): one is InChannel => one.direction === "in")) {
    const { name, charset } = channel;
    const rows = await store.read("*", (look) => look.hl7.texts.answersAfter(name, kept.positions[name] ?? 0, A_LOOK));
    for (const { sender, raw, position } of rows) {
      kept.positions[name] = position;
      const text = textOf(raw, charset);
      const key = `${name} ${sender}`;
      if (text === undefined || (kept.senders[key] === undefined && Object.keys(kept.senders).length >= MOST_SENDERS))
        continue;
      kept.senders[key] = withText(kept.senders[key] ?? { usual: NO_LENGTHS, last: [] }, text);
    }
  }
  if (JSON.stringify(kept) !== JSON.stringify(before)) await store.saveSetting(SETTING, kept);
  return alarmsIn(kept.senders, channels);
}

/** What is usual of a channel's senders is learnt anew: somebody has seen to the alarm, and it is to be so. */
export async function forgetTexts(store: Store, channel: string): Promise<void> {
  const { positions, senders } = ((await store.setting(SETTING)) as Kept | undefined) ?? NOTHING;
  const others = Object.entries(senders).filter(([key]) => !key.startsWith(`${channel} `));
  await store.saveSetting(SETTING, { positions, senders: Object.fromEntries(others) });
}

function alarmsIn(senders: Kept["senders"], channels: readonly Hl7Channel[]): Readonly<Record<string, string>> {
  const alarms: Record<string, string> = {};
  for (const { name } of channels)
    for (const [key, known] of Object.entries(senders)) {
      const found = key.startsWith(`${name} `) ? alarmOf(known) : undefined;
      if (found === undefined) continue;
      const share = (part: number): string => `${Math.round(part * 100)} %`;
      const what = found.upTo === 0 ? "empty" : `at most ${found.upTo} characters`;
      alarms[name] =
        `${share(found.now)} of the last answers of ${key.slice(name.length + 1)} are ${what}, usually ${share(found.usual)}`;
    }
  return alarms;
}

function alarmOf({ usual, last }: Known): ReturnType<typeof lengthAlarm> {
  return lengthAlarm(usual, countsOf(last));
}

/** One more answer. What leaves the last ones becomes usual, but not as long as something is wrong. */
function withText(known: Known, text: string): Known {
  const last = [...known.last, lengthClass(text)];
  if (last.length <= LAST) return { ...known, last };
  const [oldest = 0, ...rest] = last;
  if (alarmOf(known) !== undefined) return { ...known, last: rest };
  const usual = known.usual.map((count, at) => count + (at === oldest ? 1 : 0));
  const isFull = usual.reduce((total, one) => total + one, 0) > MOST_USUAL;
  return { usual: isFull ? usual.map((count) => Math.floor(count / 2)) : usual, last: rest };
}

function countsOf(classes: readonly number[]): Lengths {
  return NO_LENGTHS.map((_, at) => classes.filter((one) => one === at).length);
}

/** All that an answer says in words and values; nothing of what cannot be read. */
function textOf(raw: Buffer, charset: Charset): string | undefined {
  try {
    return saidIn(parseMessage(raw, { charset }));
  } catch {
    return undefined; // it is parked for that, with its owner
  }
}

function saidIn(message: Hl7Message): string {
  const places: Readonly<Record<string, string>> = { OBX: "5", NTE: "3" };
  return message.segments
    .flatMap((segment) => {
      const place = places[segment.name];
      return place === undefined ? [] : segment.many(place).filter((one) => one !== null);
    })
    .join(" ");
}
