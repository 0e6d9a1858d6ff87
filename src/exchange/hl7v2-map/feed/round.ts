/**
 * Feeds: each reads the change log from its own place, and moves on in the transaction that keeps the messages of what it read. A change
 * that cannot be said in HL7 v2 has an owner, and holds no other back. SPEC EXCH-FEED-ROUND · laws 4 and 5 of the house · decision 0043
 */
import type { JournalOptions } from "../../../journal/index.ts";
import type { LoggedChange, NewSent, Position } from "../../../store/index.ts";
import { Hl7Error } from "../../hl7v2/codec/index.ts";
import { isAway, type Fault, type FaultLedger } from "../../hl7v2/faults.ts";
import type { Partner } from "../partner.ts";
import { asksOf, KIND_OF, tellingOf, type Telling } from "./compose.ts";
import { FeedFacts, feedActorOf } from "./facts.ts";
import type { FeedTerms } from "./terms.ts";

export type FeedOptions = {
  readonly journal: JournalOptions;
  readonly partners: readonly Partner[];
  readonly faults: FaultLedger;
  /** Hears of a fault of ours. */
  readonly onFault: (error: unknown) => void;
};

const BATCH = 200;
/** A place that is this much further on is written down, although nothing there was told. */
const MOST_AHEAD = 2000;

/** The name of a feed's place in the change log. */
export function feedReader(channel: string): string {
  return `hl7 feed ${channel}`;
}

type Ahead = { readonly from: Position; readonly to: Position; readonly passed: number };

/** One server at a time reads; two at once would keep the same messages once. */
export class Feeds {
  private readonly options: FeedOptions;
  private readonly feeds: readonly { readonly partner: Partner; readonly terms: FeedTerms; readonly channel: string }[];
  private readonly begun = new Set<string>();
  /** Places beyond those that are written down, where nothing was told. */
  private readonly ahead = new Map<string, Ahead>();

  constructor(options: FeedOptions) {
    this.options = options;
    this.feeds = options.partners.flatMap((partner) => {
      const { feed, channels } = partner;
      return feed === undefined || channels.out === undefined ? [] : [{ partner, terms: feed, channel: channels.out }];
    });
  }

  /** One stretch of each feed; answers whether there is more to do at once. Errors: the database is away; then nothing was moved. */
  async round(): Promise<boolean> {
    let isMore = false;
    for (const feed of this.feeds) isMore = (await this.stretch(feed)) || isMore;
    return isMore;
  }

  private async stretch({ partner, terms, channel }: (typeof this.feeds)[number]): Promise<boolean> {
    const { journal } = this.options;
    const name = feedReader(channel);
    const from = await this.placeOf(name);
    const known = this.ahead.get(channel);
    const ahead = known !== undefined && isSame(known.from, from) ? known : undefined;
    const changes = await journal.store.changes(ahead?.to ?? from, BATCH);
    const last = changes.at(-1);
    if (last === undefined) return false;
    const visit = {
      ...journal,
      actor: feedActorOf(partner, terms),
      request: `hl7v2 ${channel} ${last.xid} ${last.seq}`,
    };
    const told = await this.tell(changes, { partner, terms, channel, facts: new FeedFacts(visit, partner, terms) });
    const passed = (ahead?.passed ?? 0) + changes.length;
    if (told.messages.length + told.faults.length === 0 && passed < MOST_AHEAD)
      this.ahead.set(channel, { from, to: last, passed });
    else await this.keep({ name, from, to: last, channel }, told);
    return changes.length === BATCH;
  }

  /** Written once for each start of the server, and only read after that. */
  private async placeOf(name: string): Promise<Position> {
    const { store } = this.options.journal;
    if (this.begun.has(name)) return store.readerPosition(name);
    const place = await store.write("*", (tx) => tx.hl7.feeds.begin(name));
    this.begun.add(name);
    return place;
  }

  private async tell(changes: readonly LoggedChange[], telling: Telling): Promise<Told> {
    const mine = changes.filter(({ type }) => {
      const kind = KIND_OF[type];
      return kind !== undefined && telling.terms.tells.has(kind);
    });
    await telling.facts.load(mine.flatMap(asksOf));
    const told: Told = { messages: [], faults: [] };
    for (const change of mine) {
      try {
        const message = await tellingOf(change, telling);
        if (message !== undefined) told.messages.push(message);
      } catch (error) {
        if (isAway(error)) throw error;
        if (!(error instanceof RangeError) && !(error instanceof Hl7Error)) this.options.onFault(error);
        told.faults.push(faultOf(change, telling, error));
      }
    }
    return told;
  }

  private async keep({ name, from, to, channel }: Moved, { messages, faults }: Told): Promise<void> {
    const { journal, faults: ledger } = this.options;
    const now = journal.clock();
    await journal.store.write("*", async (tx) => {
      if (!(await tx.hl7.feeds.move(name, from, to))) return;
      if (messages.length > 0) await tx.hl7.sent.append(messages, now.toISOString());
      const names = messages.map(({ about }) => aboutFeed(channel, about ?? ""));
      const mended = names.length === 0 ? [] : [...(await tx.hl7.channels.faultOwners(names)).keys()];
      if (mended.length > 0) await ledger.close(tx, mended, now);
      if (faults.length > 0) await ledger.open(tx, faults, now);
    });
    this.ahead.delete(channel);
  }
}

type Moved = { readonly name: string; readonly from: Position; readonly to: Position; readonly channel: string };
type Told = { readonly messages: NewSent[]; readonly faults: Fault[] };

function isSame(one: Position, other: Position): boolean {
  return one.xid === other.xid && one.seq === other.seq;
}

function aboutFeed(channel: string, name: string): string {
  return `Hl7Feed/${channel}-${name.replace("/", "-")}`;
}

/** It is told of again when somebody sets the feed back, or when the next version is written. */
function faultOf({ type, id, version, recorded }: LoggedChange, { channel, partner }: Telling, error: unknown): Fault {
  const why = error instanceof RangeError || error instanceof Hl7Error ? error.message : "a fault of this system";
  const note = `${channel}: ${type} version ${version} of ${recorded} could not be told of: ${why}`;
  return { about: aboutFeed(channel, `${type}/${id}`), owner: partner.owner.careUnit, note };
}
