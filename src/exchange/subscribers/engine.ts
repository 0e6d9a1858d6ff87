/**
 * The round that serves subscribers: looks at what owners have written, turns changes into events, sends what is due and
 * gives signs of life. Everything that must not be lost is in the database between the rounds.
 *
 * SPEC EXCH-RUN
 */
import type { SubscriberRow } from "../../store/index.ts";
import { hasEnded, judge, settle } from "./check.ts";
import type { SubscriberOptions } from "./context.ts";
import { Delivery, delayAfter } from "./deliver.ts";
import { Matching, type Subscriber } from "./match.ts";
import { wantedOf, type Wanted } from "./wanted.ts";

export class SubscriberEngine {
  /** Called when there may be more to do at once. */
  onProgress: () => void = () => undefined;
  private readonly options: SubscriberOptions;
  private readonly matching: Matching;
  private readonly delivery: Delivery;
  private readonly understood = new Map<string, { readonly written: number; readonly wanted: Wanted | string }>();
  private readonly shaken = new Set<string>();

  constructor(options: SubscriberOptions) {
    this.options = options;
    this.matching = new Matching(options);
    this.delivery = new Delivery(options, () => this.onProgress());
  }

  /** One round; answers whether there is more to do at once. */
  async round(): Promise<boolean> {
    const rows = await this.options.journal.store.read("*", (look) => look.subscribers.all());
    if (rows.length === 0) return false;
    let isMore = false;
    for (const row of rows) if (row.checked < row.written && row.isDue) isMore = (await this.check(row)) || isMore;
    const active = rows.flatMap((row) => this.activeOf(row));
    for (const one of active) if (hasEnded(one.wanted, this.options)) await settle(this.options, one.row, ENDED);
    const served = active.filter(({ row, wanted }) => row.isDue && !hasEnded(wanted, this.options));
    isMore = (await this.matching.round(served)) || isMore;
    await this.delivery.start(served);
    for (const one of served) await this.giveSign(one);
    return isMore;
  }

  /** Lets go of what is on its way; it will be sent again. */
  stop(): Promise<void> {
    return this.delivery.stop();
  }

  private activeOf(row: SubscriberRow): Subscriber[] {
    if (row.state !== "active" || row.checked < row.written) return [];
    const wanted = this.wantedOf(row);
    return typeof wanted === "string" ? [] : [{ row, wanted }];
  }

  private wantedOf(row: SubscriberRow): Wanted | string {
    const known = this.understood.get(row.id);
    if (known?.written === row.written) return known.wanted;
    const wanted = wantedOf(row.content, this.options.journal.base);
    this.understood.set(row.id, { written: row.written, wanted });
    return wanted;
  }

  /** Looks at what the owner wrote. A topic's subscriber must answer a handshake first; until then it is asked again. */
  private async check(row: SubscriberRow): Promise<boolean> {
    const settlement = await judge(this.options, row);
    const wanted = this.wantedOf(row);
    if (settlement.state === "active" && typeof wanted !== "string" && wanted.isBackport) {
      const name = `${row.id}/${row.written}`;
      if (!this.shaken.has(name)) {
        this.shaken.add(name);
        this.shakeHands({ row, wanted }, name);
      }
      return false;
    }
    await settle(this.options, row, settlement);
    return true;
  }

  /** Beside the round: a receiver that takes its time must not keep the others waiting. */
  private shakeHands(one: Subscriber, name: string): void {
    const { row } = one;
    const shaking = async (): Promise<void> => {
      const { fault } = await this.delivery.tell(one, "handshake");
      if (fault === undefined) await settle(this.options, row, { state: "active", why: null });
      else {
        const delay = delayAfter(row.attempts + 1, this.options);
        await this.options.journal.store.write("*", (tx) =>
          tx.subscribers.hold(row.id, `The handshake failed. ${fault}`, delay),
        );
      }
    };
    this.delivery.run(
      row.id,
      shaking().finally(() => this.shaken.delete(name)),
    );
  }

  private async giveSign(one: Subscriber): Promise<void> {
    const { row, wanted } = one;
    const { heartbeatSeconds } = wanted;
    if (heartbeatSeconds === undefined || row.parked !== null || (row.quietFor ?? heartbeatSeconds) < heartbeatSeconds)
      return;
    const { store } = this.options.journal;
    if (await store.write("*", (tx) => tx.subscribers.takeHeartbeat(row.id, heartbeatSeconds)))
      this.delivery.tellLater(one, "heartbeat");
  }
}

const ENDED = { state: "off", why: null } as const;
