/**
 * The round that serves subscribers: looks at what owners have written, turns changes into events, sends what is due and
 * gives signs of life. Everything that must not be lost is in the database between the rounds.
 *
 * SPEC EXCH-RUN
 */
import { wasConnectionLost, type SubscriberRow } from "../../store/index.ts";
import { hasEnded, judge, settle } from "./check.ts";
import type { SubscriberOptions } from "./context.ts";
import { Delivery, delayAfter } from "./deliver.ts";
import { HOLD_SECONDS, Matching, type Subscriber } from "./match.ts";
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
    for (const row of rows) {
      if (row.checked < row.written && row.isDue)
        isMore = (await this.guarded(row, () => this.check(row), false)) || isMore;
    }
    const active = rows.flatMap((row) => this.activeOf(row));
    for (const { row, wanted } of active) {
      if (hasEnded(wanted, this.options) && row.isDue)
        await this.guarded(row, () => settle(this.options, row, ENDED), undefined);
    }
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

  /** What one subscription cannot stand must not end the round of the others. */
  private async guarded<T>(row: SubscriberRow, work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (wasConnectionLost(error)) throw error;
      const why = `The subscription could not be looked at (${(error as { code?: string }).code ?? "no code"}).`;
      await this.options.journal.store.write("*", (tx) => tx.subscribers.hold(row.id, why, HOLD_SECONDS));
      this.options.onFault?.(error);
      return otherwise;
    }
  }

  private activeOf(row: SubscriberRow): Subscriber[] {
    if (row.state !== "active" || row.checked < row.written) return [];
    const wanted = this.wantedOf(row);
    return typeof wanted === "string" ? [] : [{ row, wanted }];
  }

  private wantedOf(row: SubscriberRow): Wanted | string {
    const known = this.understood.get(row.id);
    if (known?.written === row.written) return known.wanted;
    const wanted = this.read(row);
    this.understood.set(row.id, { written: row.written, wanted });
    return wanted;
  }

  private read({ content }: SubscriberRow): Wanted | string {
    try {
      return wantedOf(content, this.options.journal.base);
    } catch (error) {
      this.options.onFault?.(error);
      return "The subscription cannot be read.";
    }
  }

  /** Looks at what the owner wrote. A topic's subscriber must answer a handshake first; until then it is asked again. */
  private async check(row: SubscriberRow): Promise<boolean> {
    const wanted = this.wantedOf(row);
    const settlement = await judge(this.options, row, wanted);
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
    const shaking = async (): Promise<boolean> => {
      const { fault } = await this.delivery.tell(one, "handshake");
      if (fault === undefined) {
        await settle(this.options, row, { state: "active", why: null });
        return true;
      }
      const why = `The handshake failed. ${fault}`;
      const delay = delayAfter(row.attempts + 1, this.options);
      await this.options.journal.store.write("*", (tx) => tx.subscribers.hold(row.id, why, delay));
      return false;
    };
    // Who has answered is not asked again by a round that looked before it was written down.
    const again = (): void => void this.shaken.delete(name);
    this.delivery.run(
      row.id,
      shaking().then(
        (isDone) => (isDone ? undefined : again()),
        (error: unknown) => {
          again();
          throw error;
        },
      ),
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
