/**
 * Notifications as the R5 backport writes them in R4: a history Bundle whose first entry is the subscription's status as
 * Parameters. Resources stand in it as they were stored, to the byte.
 *
 * SPEC EXCH-BUNDLE · https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/notifications.html
 */
import type { Parameters, ParametersParameter } from "fhir/r4";
import type { SubscriberEvent, SubscriberRow } from "../../store/index.ts";
import type { Content } from "./wanted.ts";

export type NotificationType = "handshake" | "heartbeat" | "event-notification" | "query-status" | "query-event";

/** An event with the text of its version, when there is one to be told. */
export type ToldEvent = SubscriberEvent & { readonly content: string | undefined };

export type Notification = {
  readonly type: NotificationType;
  readonly base: string;
  readonly topic: string | undefined;
  /** A UUID for the first entry. */
  readonly uuid: string;
  readonly now: string;
  readonly content: Content;
  readonly events: readonly ToldEvent[];
};

const PROFILE = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-";
const VERB = { create: "POST", update: "PUT", delete: "DELETE" } as const;
const STATUS = { create: "201 Created", update: "200 OK", delete: "204 No Content" } as const;

type Standing = Pick<SubscriberRow, "id" | "state" | "why" | "parked" | "lastNumber">;

/** FHIR's status of a subscription: one that is active but cannot be served now is in error. */
export function statusCode({ state, why, parked }: Standing): string {
  return state === "active" && (why !== null || parked !== null) ? "error" : state;
}

/** The status as Parameters. */
export function statusParameters(row: Standing, notification: Omit<Notification, "now">): Parameters {
  const { type, base, topic, uuid, events, content } = notification;
  const parameter: ParametersParameter[] = [
    { name: "subscription", valueReference: { reference: `${base}/Subscription/${row.id}` } },
    ...(topic === undefined ? [] : [{ name: "topic", valueCanonical: topic }]),
    { name: "status", valueCode: statusCode(row) },
    { name: "type", valueCode: type },
    { name: "events-since-subscription-start", valueString: String(sinceStart(row, events)) },
    ...events.map((event) => eventParameter(event, base, content)),
    ...errorParameters(row),
  ];
  return { resourceType: "Parameters", id: uuid, meta: { profile: [`${PROFILE}status-r4`] }, parameter };
}

/** The notification's text. */
export function notificationText(row: Standing, notification: Notification): string {
  const { uuid, base, now, events, content } = notification;
  const status = {
    fullUrl: `urn:uuid:${uuid}`,
    resource: statusParameters(row, notification),
    request: { method: "GET", url: `${base}/Subscription/${row.id}/$status` },
    response: { status: "200" },
  };
  const told = content === "empty" ? [] : events.map((event) => eventEntry(event, base, content));
  const head = `{"resourceType":"Bundle","meta":{"profile":["${PROFILE}notification-r4"]},"type":"history","timestamp":"${now}"`;
  return `${head},"entry":[${[JSON.stringify(status), ...told].join(",")}]}`;
}

function sinceStart({ lastNumber }: Standing, events: readonly ToldEvent[]): number {
  return Math.max(lastNumber, ...events.map(({ number }) => number));
}

function eventParameter(event: ToldEvent, base: string, content: Content): ParametersParameter {
  const part: ParametersParameter[] = [
    { name: "event-number", valueString: String(event.number) },
    { name: "timestamp", valueInstant: event.recorded },
  ];
  if (content !== "empty")
    part.push({ name: "focus", valueReference: { reference: `${base}/${event.type}/${event.id}` } });
  return { name: "notification-event", part };
}

function errorParameters({ why, parked, state }: Standing): ParametersParameter[] {
  const texts = [
    ...(why === null ? [] : [why]),
    ...(parked === null || state !== "active" ? [] : ["The subscription is set aside by a person."]),
  ];
  return texts.map((text) => ({ name: "error", valueCodeableConcept: { text } }));
}

function eventEntry(
  { type, id, version, method, content, recorded }: ToldEvent,
  base: string,
  wanted: Content,
): string {
  const resource = wanted === "full-resource" && content !== undefined ? `,"resource":${content}` : "";
  const request = { method: VERB[method], url: method === "create" ? type : `${type}/${id}` };
  const response = { status: STATUS[method], etag: `W/"${version}"`, lastModified: recorded };
  return `{"fullUrl":"${base}/${type}/${id}"${resource},"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`;
}
