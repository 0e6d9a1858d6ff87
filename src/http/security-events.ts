/**
 * What a watch over the installation needs to see on the technical log besides faults of ours: failed sign-ins, credentials that open
 * nothing, calls from other sites, callers who are too many, requests that cannot be understood. Each line says what, by which address
 * and on which request; nothing of what was sent. Of one kind at most so many lines a minute are written, and then how many more there were: whoever floods the server
 * shall not flood its log.
 *
 * SPEC HTTP-EVENT
 */
import type { FastifyRequest } from "fastify";
import type { HttpOptions } from "./options.ts";

export type SecurityEvent =
  | "sign-in failed"
  | "credentials refused"
  | "client refused"
  | "call from another site refused"
  | "request not understood"
  | "too many calls"
  | "words not as sealed";

/** Told as an error, so that operations are alarmed: somebody may act on words that nobody wrote. */
const ALARMS: ReadonlySet<SecurityEvent> = new Set<SecurityEvent>(["words not as sealed"]);

type Tell = (level: "info" | "error", message: string, about: Readonly<Record<string, unknown>>) => void;
type Minute = { readonly from: number; told: number; withheld: number };

const MINUTE_MS = 60_000;
/** Lines of one kind in a minute, in each process. */
const MOST_A_MINUTE = 60;

class EventLog {
  private readonly tell: Tell;
  private readonly minutes = new Map<SecurityEvent, Minute>();

  constructor(tell: Tell) {
    this.tell = tell;
  }

  note(event: SecurityEvent, now: number, about: Readonly<Record<string, unknown>>): void {
    const minute = this.minuteOf(event, now);
    if (minute.told >= MOST_A_MINUTE) minute.withheld += 1;
    else {
      minute.told += 1;
      this.tell(ALARMS.has(event) ? "error" : "info", event, about);
    }
  }

  private minuteOf(event: SecurityEvent, now: number): Minute {
    const known = this.minutes.get(event);
    if (known !== undefined && now - known.from < MINUTE_MS) return known;
    if (known !== undefined && known.withheld > 0) this.tell("info", event, { more: known.withheld });
    const fresh: Minute = { from: now, told: 0, withheld: 0 };
    this.minutes.set(event, fresh);
    return fresh;
  }
}

const logs = new WeakMap<HttpOptions, EventLog>();

/** From now on the events of a server are told there. */
export function tellEvents(options: HttpOptions, tell: Tell): void {
  logs.set(options, new EventLog(tell));
}

/** Notes that what came on a connection is no request. */
export function noteBroken(options: HttpOptions, address: string | undefined, code: string | undefined): void {
  logs.get(options)?.note("request not understood", options.journal.clock().getTime(), { address, code });
}

/** Notes that something happened on a request; `about` may say more, and nothing that the caller wrote. */
export function noteEvent(
  options: HttpOptions,
  request: FastifyRequest,
  event: SecurityEvent,
  about: Readonly<Record<string, unknown>> = {},
): void {
  const { id, ip, method, routeOptions } = request;
  const where = { request: id, address: ip, method, route: routeOptions.url };
  logs.get(options)?.note(event, options.journal.clock().getTime(), { ...where, ...about });
}
