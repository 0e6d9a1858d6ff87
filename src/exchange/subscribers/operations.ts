/**
 * What an owner asks about its own subscription: how it stands, what it was told, and to be told again.
 *
 * SPEC EXCH-OPERATION · https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-status.html
 */
import type { Parameters } from "fhir/r4";
import {
  askSubscription,
  discloseVersions,
  disclosedTogether,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import type { SubscriberEvent, SubscriberRow } from "../../store/index.ts";
import { notificationText, statusParameters } from "./bundles.ts";
import { uuidOf } from "./context.ts";
import { wantedOf, type Content } from "./wanted.ts";

const MOST_EVENTS = 100;

export type EventsAsk = {
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly content: Content | undefined;
};

/** A searchset with the status. Errors: FORBIDDEN, NOT_FOUND. */
export async function subscriptionStatus(visit: Visit, id: string): Promise<Disclosed<string>> {
  const asked = await askSubscription(visit, { id, what: "$status" }, async (row, { subscribers }) => ({
    row,
    load: await subscribers.load(id),
  }));
  return disclosedTogether([asked], ([{ row, load }]) => {
    const uuid = uuidOf(visit);
    const base = {
      type: "query-status",
      base: visit.base,
      topic: topicOf(row, visit),
      uuid,
      content: "empty",
    } as const;
    const status: Parameters = statusParameters(row, { ...base, events: [] });
    const more: Parameters["parameter"] = [
      { name: "waiting", valueString: String(load.waiting) },
      ...load.parkedLines.map((line) => ({ name: "parked", valueString: line })),
      ...(row.lastSuccess === null ? [] : [{ name: "last-success", valueInstant: row.lastSuccess }]),
      ...(row.lastError === null ? [] : [{ name: "last-error", valueString: row.lastError }]),
      ...(row.lastErrorAt === null ? [] : [{ name: "last-error-at", valueInstant: row.lastErrorAt }]),
    ];
    const resource = { ...status, parameter: [...(status.parameter ?? []), ...more] };
    const entry = [{ fullUrl: `urn:uuid:${uuid}`, resource, search: { mode: "match" } }];
    return JSON.stringify({ resourceType: "Bundle", type: "searchset", total: 1, entry });
  });
}

/** Events by their numbers, at most a hundred at a time. Errors: FORBIDDEN, NOT_FOUND. */
export async function subscriptionEvents(visit: Visit, id: string, ask: EventsAsk): Promise<Disclosed<string>> {
  const { since = 1, until = Number.MAX_SAFE_INTEGER } = ask;
  const asked = await askSubscription(visit, { id, what: "$events" }, async (row, { subscribers }) => ({
    row,
    events: await subscribers.events(id, since, until, MOST_EVENTS),
  }));
  const { row, events } = asked.value;
  const told = await discloseVersions(visit, events);
  return disclosedTogether([asked, told], ([, versions]) => {
    const content = ask.content ?? contentOf(row, visit);
    const full = events.map((event: SubscriberEvent, at) => ({ ...event, content: versions[at]?.content }));
    return notificationText(row, {
      type: "query-event",
      base: visit.base,
      topic: topicOf(row, visit),
      uuid: uuidOf(visit),
      now: visit.clock().toISOString(),
      content,
      events: full,
    });
  });
}

/** Sends everything from event `from` on again. Answers how many events that is. Errors: FORBIDDEN, NOT_FOUND. */
export function subscriptionReplay(visit: Visit, id: string, from: number): Promise<Disclosed<number>> {
  return askSubscription(visit, { id, what: "$replay" }, (_row, { subscribers }) => subscribers.replay(id, from));
}

function topicOf(row: SubscriberRow, { base }: Visit): string | undefined {
  const wanted = wantedOf(row.content, base);
  return typeof wanted === "string" ? undefined : wanted.topic;
}

function contentOf(row: SubscriberRow, { base }: Visit): Content {
  const wanted = wantedOf(row.content, base);
  return typeof wanted === "string" ? "empty" : wanted.content;
}
