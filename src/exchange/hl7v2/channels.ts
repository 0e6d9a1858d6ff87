/**
 * The channels that an installation declares: who sends here and where this system sends, how it is acknowledged, how much is expected and
 * who owns what goes wrong. What nobody could see fail is refused (F4).
 *
 * SPEC EXCH-HL7-CHANNEL · failure modes F4 and F6
 */
import { BlockList } from "node:net";
import { isJsonArray, isJsonObject, isNumber, numberOf, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { charsetNamed, type Charset } from "./codec/index.ts";
import { addTo, endOf, type AllowedPeers, type TlsFiles } from "./mllp/peers.ts";

/** Messages an hour that are usual, by day (6 to 22 o'clock) and by night. */
export type Expected = { readonly day: number; readonly night: number };

type Common = {
  readonly name: string;
  readonly purpose: string;
  /** The unit (HSA-id) that sees to what goes wrong; nothing means the region's own list. */
  readonly owner: string | null;
  /** When a message does not say. */
  readonly charset: Charset;
  readonly tls: TlsFiles | undefined;
  readonly expected: Expected | undefined;
};

export type InChannel = Common & {
  readonly direction: "in";
  readonly host: string;
  readonly port: number;
  /** MSH-3 and MSH-4 as `LAB|HUS`; none means whoever may connect. */
  readonly senders: readonly string[];
  readonly peers: AllowedPeers;
  /** Whether a message that cannot be worked on holds later ones of its patient back, or lets them pass. */
  readonly parked: "hold" | "pass";
};

export type OutChannel = Common & {
  readonly direction: "out";
  readonly host: string;
  readonly port: number;
  /**
   * What an acknowledgement says: that the receiver's application has it, or only that it was accepted for delivery there. The
   * second is blind.
   */
  readonly acknowledgement: "application" | "accept";
  /** For a blind one: lists are compared at least so often, in hours. */
  readonly reconciliationHours: number | undefined;
  readonly answerSeconds: number;
  /** After so many minutes without success its owner is told; it is tried on. */
  readonly ownerAfterMinutes: number;
  /** Connections, and so messages of different patients, at once. */
  readonly connections: number;
};

export type Hl7Channel = InChannel | OutChannel;

/** What `channelsIn` needs of the outside: the text of a file that a setting names. */
export type FileReader = (path: string) => string;

/** Something in the configuration cannot be used. */
export class ChannelRefused extends Error {
  override readonly name = "ChannelRefused";
}

/** The channels of a configuration. Errors: ChannelRefused with the channel's name and what is wrong. */
export function channelsIn(configuration: JsonValue, read: FileReader): readonly Hl7Channel[] {
  if (!isJsonObject(configuration) || !isJsonArray(configuration["channels"]))
    throw new ChannelRefused('the configuration of HL7 is to be {"channels": […]}');
  const channels = configuration["channels"].map((one, at) => channelOf(new Reader(one, `channel ${at + 1}`), read));
  for (const { name } of channels)
    if (channels.filter((one) => one.name === name).length > 1)
      throw new ChannelRefused(`${name}: the name is there twice`);
  for (const one of channels) refuseIfUnclear(one, channels);
  return channels;
}

/** What only shows beside the other channels. */
function refuseIfUnclear(one: Hl7Channel, channels: readonly Hl7Channel[]): void {
  if (one.direction === "out") return;
  const beside = channels.filter(
    (other): other is InChannel => other.direction === "in" && other !== one && other.port === one.port,
  );
  if (beside.length === 0) return;
  if (one.senders.length === 0 || beside.some(({ senders }) => senders.some((sender) => one.senders.includes(sender))))
    throw new ChannelRefused(`${one.name}: channels of one port are told apart by different senders`);
  if (beside.some(({ host, tls }) => host !== one.host || tls?.cert !== one.tls?.cert || tls?.ca !== one.tls?.ca))
    throw new ChannelRefused(`${one.name}: channels of one port share host and tls`);
}

function channelOf(reader: Reader, read: FileReader): Hl7Channel {
  const direction = reader.choice("direction", ["in", "out"]);
  const common: Common = {
    name: reader.name(),
    purpose: reader.text("purpose"),
    owner: reader.maybeText("owner") ?? null,
    charset: reader.charset(),
    tls: reader.tls(read),
    expected: reader.expected(),
  };
  return direction === "in" ? inChannel(common, reader) : outChannel(common, reader);
}

function inChannel(common: Common, reader: Reader): InChannel {
  return {
    ...common,
    direction: "in",
    host: reader.maybeText("host") ?? "127.0.0.1",
    port: reader.whole("port", [0, 65_535]),
    senders: reader.texts("senders"),
    peers: reader.peers(),
    parked: reader.choice("parked", ["hold", "pass"], "hold"),
  };
}

function outChannel(common: Common, reader: Reader): OutChannel {
  const acknowledgement = reader.choice("acknowledgement", ["application", "accept"]);
  const reconciliationHours = reader.maybeWhole("reconciliationHours", [1, 168]);
  if (acknowledgement === "accept" && (!reader.flag("blind") || reconciliationHours === undefined))
    reader.refuse(
      "no application of the receiver acknowledges it: it is to say blind and reconciliationHours (at most 168)",
    );
  if (acknowledgement === "application" && reader.flag("blind"))
    reader.refuse("it is acknowledged by the application and not blind");
  return {
    ...common,
    direction: "out",
    host: reader.text("host"),
    port: reader.whole("port", [1, 65_535]),
    acknowledgement,
    reconciliationHours,
    answerSeconds: reader.maybeWhole("answerSeconds", [1, 300]) ?? 30,
    ownerAfterMinutes: reader.maybeWhole("ownerAfterMinutes", [1, 1440]) ?? 15,
    connections: reader.maybeWhole("connections", [1, 16]) ?? 1,
  };
}

/** Reads one channel's members, each of which is known. */
class Reader {
  private readonly from: JsonObject;
  private readonly called: string;

  constructor(value: JsonValue, called: string) {
    if (!isJsonObject(value)) throw new ChannelRefused(`${called}: it is to be an object`);
    this.from = value;
    this.called = typeof value["name"] === "string" ? value["name"] : called;
    const strange = Object.keys(value).find((one) => !KNOWN.has(one));
    if (strange !== undefined) this.refuse(`${strange} is not known`);
  }

  refuse(why: string): never {
    throw new ChannelRefused(`${this.called}: ${why}`);
  }

  name(): string {
    const name = this.text("name");
    return /^[a-z0-9][a-z0-9-]{0,39}$/.test(name)
      ? name
      : this.refuse("the name is to be of a-z, 0-9 and -, at most 40");
  }

  maybeText(member: string): string | undefined {
    const value = this.from[member];
    if (value === undefined) return undefined;
    return typeof value === "string" && value !== "" ? value : this.refuse(`${member} is to be a text`);
  }

  text(member: string): string {
    return this.maybeText(member) ?? this.refuse(`${member} is missing`);
  }

  texts(member: string): readonly string[] {
    const value = this.from[member] ?? [];
    if (!isJsonArray(value) || !value.every((one) => typeof one === "string"))
      return this.refuse(`${member} is to be a list of texts`);
    return value;
  }

  choice<T extends string>(member: string, among: readonly T[], usual?: T): T {
    const text = this.maybeText(member) ?? usual;
    return among.find((one) => one === text) ?? this.refuse(`${member} is to be ${among.join(" or ")}`);
  }

  flag(member: string): boolean {
    const value = this.from[member] ?? false;
    return typeof value === "boolean" ? value : this.refuse(`${member} is to be true or false`);
  }

  maybeWhole(member: string, [least, most]: readonly [number, number]): number | undefined {
    const value = this.from[member];
    if (value === undefined) return undefined;
    const number = isNumber(value) ? numberOf(value) : NaN;
    if (!Number.isInteger(number) || number < least || number > most)
      return this.refuse(`${member} is to be a whole number from ${least} to ${most}`);
    return number;
  }

  whole(member: string, range: readonly [number, number]): number {
    return this.maybeWhole(member, range) ?? this.refuse(`${member} is missing`);
  }

  charset(): Charset {
    return charsetNamed(this.maybeText("charset") ?? "utf-8") ?? this.refuse("the charset is not known");
  }

  tls(read: FileReader): TlsFiles | undefined {
    const value = this.from["tls"];
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) return this.refuse("tls is to have key, cert and ca, the names of files");
    const file = (member: string): string | undefined => {
      const path = value[member];
      return typeof path === "string" ? read(path) : undefined;
    };
    const [key, cert, ca] = ["key", "cert", "ca"].map(file);
    if (key === undefined || cert === undefined || ca === undefined)
      return this.refuse("tls is to have key, cert and ca, the names of files: who is not known gets no message");
    return { key, cert, ca };
  }

  peers(): AllowedPeers {
    const value = this.from["peers"];
    if (value === undefined) return {};
    if (!isJsonObject(value)) return this.refuse("peers is to have addresses or certificates");
    const peers = new Reader({ ...value, name: this.called }, this.called);
    const addresses = peers.texts("addresses");
    const certificates = peers.texts("certificates");
    try {
      const list = new BlockList();
      for (const one of addresses) addTo(list, one);
    } catch (error) {
      return this.refuse((error as Error).message);
    }
    if (certificates.length > 0 && this.from["tls"] === undefined) this.refuse("certificates are shown by TLS only");
    return { addresses, certificates };
  }

  expected(): Expected | undefined {
    const value = this.from["expected"];
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) return this.refuse("expected is to have day and night, messages an hour");
    const hours = new Reader({ ...value, name: this.called }, this.called);
    return { day: hours.whole("day", [0, 10_000_000]), night: hours.whole("night", [0, 10_000_000]) };
  }
}

const KNOWN: ReadonlySet<string> = new Set([
  "name",
  "direction",
  "purpose",
  "owner",
  "charset",
  "tls",
  "expected",
  "host",
  "port",
  "senders",
  "peers",
  "parked",
  "acknowledgement",
  "blind",
  "reconciliationHours",
  "answerSeconds",
  "ownerAfterMinutes",
  "connections",
  "addresses",
  "certificates",
  "day",
  "night",
]);

/** What the database keeps of a declaration: no key, and when its certificate ends. */
export function declarationOf({ tls, ...channel }: Hl7Channel): Record<string, unknown> {
  const certificateEnds = tls === undefined ? null : endOf(tls.cert).toISOString();
  return { ...channel, certificateEnds };
}
