/**
 * Sending: each line (a patient's, or a resource's that is nobody's) in its order, one message at a time, until it is
 * acknowledged; after a failure again and again, later and later, until a person sets it aside. Lines and subscriptions do
 * not wait for each other. What is sent is read and logged in the owner's name at that very moment.
 *
 * SPEC EXCH-DELIVER · failure modes F1, F69: sent is not received
 */
import { setTimeout as sleep } from "node:timers/promises";
import { FhirError } from "../../fhir/index.ts";
import { discloseVersions, type Visit } from "../../journal/index.ts";
import type { ClaimedLine, SubscriberEvent } from "../../store/index.ts";
import { notificationText, type NotificationType, type ToldEvent } from "./bundles.ts";
import { groundsFault } from "./check.ts";
import { NO_GROUNDS, uuidOf, visitOf, type SubscriberOptions } from "./context.ts";
import { HOLD_SECONDS, type Subscriber } from "./match.ts";
import { send, type Message, type Sent } from "./send.ts";

const LINES_AT_ONCE = 4;
const MOST_AT_ONCE = 64;
/** What one claim sends before others of the subscription have their turn. */
const EVENTS_PER_CLAIM = 20;
/** A claim outlives its request by this. */
const SPARE_SECONDS = 5;
const NOTE_EVERY_MS = 1000;
const LET_GO_MS = 50;
const LET_GO_TRIES = 6;

/** A message with the key by which the receiver knows it again. */
type Told = Pick<Message, "method" | "url" | "body"> & { readonly key: string };

export class Delivery {
  private readonly options: SubscriberOptions;
  private readonly onProgress: () => void;
  private readonly inFlight = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private readonly noted = new Map<string, number>();
  private readonly stopping = new AbortController();

  /** `onProgress` is called when something was sent, so that there may be more to do. */
  constructor(options: SubscriberOptions, onProgress: () => void) {
    this.options = options;
    this.onProgress = onProgress;
  }

  /** Claims and starts what is due, without waiting for receivers. */
  async start(subscribers: readonly Subscriber[]): Promise<void> {
    const { store } = this.options.journal;
    const due = await store.read("*", (look) => look.subscribers.due());
    for (const one of subscribers.filter(({ row }) => due.has(row.id))) {
      const free = Math.min(LINES_AT_ONCE - this.busy(one.row.id), MOST_AT_ONCE - this.running.size);
      if (free <= 0) continue;
      const lease = this.leaseOf(one);
      // Named for itself: a later claim of the same line, by this server or its like elsewhere, is another one.
      const name = `${this.options.worker} ${uuidOf(this.options.journal)}`;
      const lines = await this.orLetGo(one.row.id, name, () =>
        store.write("*", (tx) => tx.subscribers.claim(one.row.id, name, free, lease)),
      );
      for (const line of lines)
        this.run(
          one.row.id,
          this.orLetGo(one.row.id, name, () => this.deliver(one, line), line.line),
        );
    }
  }

  /**
   * What breaks under a claim lets go of it, whether it was known to be made or not: this process is alive, and the line need not wait until
   * the claim runs out. Where that cannot be written either, it does run out.
   */
  private async orLetGo<T>(id: string, claim: string, work: () => Promise<T>, line?: string): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.letGo(id, claim, line);
      throw error;
    }
  }

  /** What ended one connection has often ended others of the pool, so it is tried some times. */
  private async letGo(id: string, claim: string, line: string | undefined): Promise<void> {
    const { store } = this.options.journal;
    for (let pause = LET_GO_MS; pause < 2 ** LET_GO_TRIES * LET_GO_MS; pause *= 2) {
      try {
        await store.write("*", (tx) => tx.subscribers.letGo(id, claim, line));
        return;
      } catch {
        if (this.stopping.signal.aborted) return;
        await sleep(pause, undefined, { ref: false });
      }
    }
  }

  /** Sends what is about no event. Answers what came of it. */
  async tell({ row, wanted }: Subscriber, type: NotificationType): Promise<Sent> {
    const body = this.bodyOf({ row, wanted }, type, []);
    const key = `${row.id}:${type}`;
    const sent = await this.post({ row, wanted }, { method: "POST", url: wanted.endpoint, body, key });
    await this.note(row.id, sent.fault);
    return sent;
  }

  /** The same without waiting for it. */
  tellLater(one: Subscriber, type: NotificationType): void {
    this.run(
      one.row.id,
      this.tell(one, type).then(() => undefined),
    );
  }

  /** Lets go of what is on its way; it will be sent again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private leaseOf({ wanted }: Subscriber): number {
    return wanted.timeoutSeconds + (this.options.spareSeconds ?? SPARE_SECONDS);
  }

  private busy(id: string): number {
    return this.inFlight.get(id) ?? 0;
  }

  /** Counts work of a subscription until it is done; when the engine stops it is waited for. */
  run(id: string, work: Promise<void>): void {
    this.inFlight.set(id, this.busy(id) + 1);
    const running = work
      .catch((error: unknown) => this.options.onFault?.(error)) // the claim runs out, and then it is sent again
      .then(() => {
        this.running.delete(running);
        const left = this.busy(id) - 1;
        if (left > 0) this.inFlight.set(id, left);
        else this.inFlight.delete(id);
        this.onProgress();
      });
    this.running.add(running);
  }

  private async deliver(one: Subscriber, claim: ClaimedLine): Promise<void> {
    const { store } = this.options.journal;
    const { row } = one;
    const events = await store.read("*", (look) => look.subscribers.waiting(row.id, claim.line, EVENTS_PER_CLAIM));
    if (events.length === 0) await store.write("*", (tx) => tx.subscribers.finish(claim, []));
    for (const [at, event] of events.entries()) {
      const sent = await this.sendEvent(one, claim, event);
      if (sent === undefined) return;
      if (this.stopping.signal.aborted && sent.fault !== undefined) return;
      if (sent.fault !== undefined) {
        await this.fail(claim, sent);
        return;
      }
      const keep = at + 1 < events.length ? this.leaseOf(one) : 0;
      if (!(await store.write("*", (tx) => tx.subscribers.finish(claim, [event.number], keep)))) return;
      await this.note(row.id, undefined);
    }
  }

  private async fail(claim: ClaimedLine, { fault = "", retryAfterSeconds = 0 }: Sent): Promise<void> {
    const delay = Math.max(delayAfter(claim.attempts, this.options), retryAfterSeconds);
    const most = Math.min(delay, this.options.longestDelay ?? LONGEST_DELAY);
    await this.options.journal.store.write("*", (tx) => tx.subscribers.fail(claim, fault, most));
    await this.note(claim.subscriber, fault);
  }

  /** One event, as its owner may see it now; nothing when the line is another one's meanwhile. */
  private async sendEvent(one: Subscriber, claim: ClaimedLine, event: SubscriberEvent): Promise<Sent | undefined> {
    const { row, wanted } = one;
    const visit = await visitOf(this.options, row);
    const fault = visit === undefined ? NO_GROUNDS : groundsFault(visit, wanted);
    if (visit === undefined || fault !== undefined) return this.hold(row.id, fault ?? NO_GROUNDS);
    const told = await this.disclose(visit, event);
    if (typeof told === "string") return { fault: told };
    const message = this.messageOf(one, told);
    if (message === undefined) return { fault: "The version could not be read." };
    // Reading and logging may have taken longer than the claim: whoever has the line now may be ahead of this event.
    const began = performance.now();
    const lease = this.leaseOf(one);
    const isHeld = await this.options.journal.store.write("*", (tx) => tx.subscribers.renew(claim, lease));
    const leftMs = began + lease * 1000 - performance.now();
    return isHeld && leftMs > 0 ? this.post(one, message, leftMs) : undefined;
  }

  /** What is to be sent of an event, or nothing when its version is not there. */
  private messageOf(one: Subscriber, told: ToldEvent): Told | undefined {
    const { row, wanted } = one;
    const key = `${row.id}:${told.number}`;
    if (wanted.isBackport) {
      const body = this.bodyOf(one, "event-notification", [told]);
      return { method: "POST", url: wanted.endpoint, body, key };
    }
    // R4: without a payload a POST that says nothing; with one the endpoint is the base of an update.
    if (wanted.content === "empty") return { method: "POST", url: wanted.endpoint, body: "", key };
    if (told.content === undefined) return undefined;
    const url = `${wanted.endpoint.replace(/\/$/, "")}/${told.type}/${told.id}`;
    return { method: "PUT", url, body: told.content, key };
  }

  /** Reads and logs. What cannot be logged is not sent. */
  private async disclose(visit: Visit, event: SubscriberEvent): Promise<ToldEvent | string> {
    try {
      const { value } = await discloseVersions(visit, [event]);
      return { ...event, content: value[0]?.content };
    } catch (error) {
      if (error instanceof FhirError) return `The record could not be read (${error.code}).`;
      throw error;
    }
  }

  private async hold(id: string, why: string): Promise<Sent> {
    await this.options.journal.store.write("*", (tx) => tx.subscribers.hold(id, why, HOLD_SECONDS));
    return { fault: why, retryAfterSeconds: HOLD_SECONDS };
  }

  private bodyOf({ row, wanted }: Subscriber, type: NotificationType, events: readonly ToldEvent[]): string {
    const { journal } = this.options;
    const { topic, content } = wanted;
    const now = journal.clock().toISOString();
    return notificationText(row, { type, base: journal.base, topic, uuid: uuidOf(journal), now, content, events });
  }

  /** `leftMs`: the request is not to outlive the claim. */
  private post({ wanted }: Subscriber, { key, ...message }: Told, leftMs = Infinity): Promise<Sent> {
    const headers: Record<string, string> = { ...wanted.headers, "idempotency-key": key, "user-agent": "Eira" };
    if (message.body !== "") headers["content-type"] = "application/fhir+json; charset=utf-8";
    const timeoutMs = Math.max(1, Math.floor(Math.min(wanted.timeoutSeconds * 1000, leftMs)));
    return send(this.options.outbound, { ...message, headers, timeoutMs }, this.stopping.signal);
  }

  /** Failures always, successes once a second. */
  private async note(id: string, fault: string | undefined): Promise<void> {
    const now = performance.now();
    if (fault === undefined && now - (this.noted.get(id) ?? -NOTE_EVERY_MS) < NOTE_EVERY_MS) return;
    if (fault === undefined) this.noted.set(id, now);
    await this.options.journal.store.write("*", (tx) => tx.subscribers.note(id, fault ?? null));
  }
}

const FIRST_DELAY = 1;
const LONGEST_DELAY = 300;
const MOST_DOUBLINGS = 20;

/** Seconds until the next attempt: twice as long each time, up to a limit, and never for all lines at the same moment. */
export function delayAfter(
  attempts: number,
  { journal, firstDelay = FIRST_DELAY, longestDelay = LONGEST_DELAY }: SubscriberOptions,
): number {
  const whole = Math.min(firstDelay * 2 ** Math.min(attempts - 1, MOST_DOUBLINGS), longestDelay);
  return whole * (0.5 + (journal.random(10)[0] ?? 0) / 510);
}
