/**
 * `eira hl7 list | replay | again | aside | hold | release | compare | usual | tell`: how the channels of HL7 v2 stand, and what a person does about them.
 *
 * SPEC CLI-HL7-3 to CLI-HL7-5 · failure mode F4
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  aboutReceived,
  aboutSent,
  channelStatuses,
  faultLedger,
  feedReader,
  forgetTexts,
  reconciledSetting,
} from "../exchange/index.ts";
import type { Store } from "../store/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "./command.ts";
import { withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("hl7");

type Doing = (store: Store, invocation: Invocation) => Promise<Readonly<Record<string, unknown>>>;

export const hl7Command: Command = async (invocation) => {
  const doing = DOINGS[invocation.args[1] ?? ""];
  if (doing === undefined) throw new Error(USAGE);
  return withStore(invocation, async (store) => {
    invocation.terminal.print(JSON.stringify(await doing(store, invocation)));
    return 0;
  });
};

const list: Doing = async (store, { terminal, clock }) => {
  const channels = await channelStatuses(store, clock());
  for (const one of channels) terminal.print(JSON.stringify(one));
  return { channels: channels.length };
};

const replay: Doing = async (store, { args }) => {
  const { name, direction } = await channelOf(store, args);
  needed(args, "from");
  const stretch = { from: numberFlag(args, "from", 0), until: numberFlag(args, "until", Number.MAX_SAFE_INTEGER) };
  const messages = await store.write("*", ({ hl7 }) =>
    direction === "in" ? hl7.received.replay(name, stretch) : hl7.sent.replay(name, stretch),
  );
  return { channel: name, ...stretch, messages };
};

const again: Doing = async (store, { args }) => {
  const { name } = await channelOf(store, args);
  const position = flag(args, "position") === undefined ? undefined : numberFlag(args, "position", 0);
  return { channel: name, messages: await store.write("*", (tx) => tx.hl7.sent.again(name, position)) };
};

const aside: Doing = async (store, { args, clock }) => {
  const { name, direction } = await channelOf(store, args);
  const by = needed(args, "by");
  needed(args, "position");
  const position = numberFlag(args, "position", 0);
  const now = clock();
  const isDone = await store.write("*", async (tx) => {
    const tables = direction === "in" ? tx.hl7.received : tx.hl7.sent;
    if (!(await tables.setAside(position, by, now.toISOString()))) return false;
    await faultLedger(randomBytes).close(tx, [direction === "in" ? aboutReceived(position) : aboutSent(position)], now);
    return true;
  });
  if (!isDone) throw new Error(`No message of ${name} is parked at ${position}.`);
  return { channel: name, position, aside: true };
};

const hold: Doing = async (store, { args }) => {
  const { name } = await channelOf(store, args);
  const why = args[1] === "hold" ? needed(args, "why") : null;
  await store.write("*", (tx) => tx.hl7.channels.hold(name, why));
  return { channel: name, held: why };
};

/** What the receiver does not have is sent again. */
const compare: Doing = async (store, { args, clock, terminal }) => {
  const { name, since } = await channelOf(store, args);
  const theirs = new Set(readFileSync(needed(args, "list"), "utf8").split(/\s+/).filter(Boolean));
  const from = ((await store.setting(reconciledSetting(name))) as string | undefined) ?? since;
  const now = clock().toISOString();
  const ours = await store.read("*", (look) => look.hl7.sent.acknowledgedSince(name, from));
  const missing = new Set(ours.filter((id) => !theirs.has(id)));
  for (const id of missing) terminal.tell(`${id} is not on the receiver's list and is sent again`);
  const sent = await store.write("*", (tx) => tx.hl7.sent.resend(name, [...missing]));
  await store.saveSetting(reconciledSetting(name), now);
  return { channel: name, since: from, compared: ours.length, missing: missing.size, sent };
};

/** How long a channel's answers usually are is learnt anew. */
const usual: Doing = async (store, { args }) => {
  const { name } = await channelOf(store, args);
  await forgetTexts(store, name);
  return { channel: name, usual: "learnt anew" };
};

/** A feed tells of what was written from a time on, as far as it has not been told. */
const tell: Doing = async (store, { args }) => {
  const { name } = await channelOf(store, args);
  const since = new Date(needed(args, "since"));
  if (Number.isNaN(since.getTime())) throw new Error("--since is to be a time, such as 2026-11-22T08:00:00+01:00");
  const isSetBack = await store.write("*", (tx) => tx.hl7.feeds.setBack(feedReader(name), since.toISOString()));
  if (!isSetBack) throw new Error(`${name} has no feed that is further on than ${since.toISOString()}.`);
  return { channel: name, since: since.toISOString(), told: "from there" };
};

const DOINGS: Readonly<Record<string, Doing>> = {
  list,
  replay,
  again,
  aside,
  hold,
  release: hold,
  compare,
  usual,
  tell,
};

async function channelOf(
  store: Store,
  args: readonly string[],
): Promise<{ readonly name: string; readonly direction: "in" | "out"; readonly since: string }> {
  const name = needed(args, "channel");
  const channels = await store.read("*", (look) => look.hl7.channels.all());
  const found = channels.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no channel ${name}.`);
  return found;
}

function needed(args: readonly string[], name: string): string {
  const value = flag(args, name);
  if (value === undefined) throw new Error(USAGE);
  return value;
}
