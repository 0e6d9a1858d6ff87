/**
 * What an owner asks about its own subscription: how it stands, what it was told, and to be told again.
 *
 * SPEC EXCH-OPERATION · https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-status.html
 */
import type { Parameters, ParametersParameter } from "fhir/r4";
import {
  askSubscription,
  askSubscriptions,
  discloseVersions,
  disclosedTogether,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import type { SubscriberEvent, SubscriberLoad, SubscriberRow, WriteTx } from "../../store/index.ts";
import { notificationText, statusCode, statusParameters } from "./bundles.ts";
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
  const asked = await askSubscription(visit, { id, what: "$status" }, standingOf);
  return disclosedTogether([asked], ([one]) => searchset([one], visit));
}

/** The same of several of one's own: those with the ids and statuses, all when none is named. Errors: FORBIDDEN. */
export async function ownSubscriptionStatus(
  visit: Visit,
  { ids, statuses }: { readonly ids: readonly string[]; readonly statuses: readonly string[] },
): Promise<Disclosed<string>> {
  const asked = await askSubscriptions(visit, "$status", standingOf);
  const isMeant = ({ row }: Standing): boolean =>
    (ids.length === 0 || ids.includes(row.id)) && (statuses.length === 0 || statuses.includes(statusCode(row)));
  return disclosedTogether([asked], ([all]) => searchset(all.filter(isMeant), visit));
}

type Standing = { readonly row: SubscriberRow; readonly load: SubscriberLoad };

async function standingOf(row: SubscriberRow, { subscribers }: WriteTx): Promise<Standing> {
  return { row, load: await subscribers.load(row.id) };
}

function searchset(standings: readonly Standing[], visit: Visit): string {
  const entry = standings.map(({ row, load }) => {
    const resource = standingParameters(row, load, visit);
    return { fullUrl: `urn:uuid:${resource.id}`, resource, search: { mode: "match" } };
  });
  const found = { resourceType: "Bundle", type: "searchset", total: entry.length };
  return JSON.stringify(entry.length === 0 ? found : { ...found, entry });
}

/** The status with what an operator of the receiver wants to know beside it. */
function standingParameters(row: SubscriberRow, load: SubscriberLoad, visit: Visit): Parameters {
  const topic = topicOf(row, visit);
  const uuid = uuidOf(visit);
  const { base } = visit;
  const status = statusParameters(row, { type: "query-status", base, topic, uuid, content: "empty", events: [] });
  const more: ParametersParameter[] = [
    { name: "waiting", valueString: String(load.waiting) },
    { name: "parked-lines", valueString: String(load.parkedCount) }, // how many; whose they are is the operator's to see
    ...(row.lastSuccess === null ? [] : [{ name: "last-success", valueInstant: row.lastSuccess }]),
    ...(row.lastError === null ? [] : [{ name: "last-error", valueString: row.lastError }]),
    ...(row.lastErrorAt === null ? [] : [{ name: "last-error-at", valueInstant: row.lastErrorAt }]),
  ];
  return { ...status, parameter: [...(status.parameter ?? []), ...more] };
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
