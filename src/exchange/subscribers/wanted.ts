/**
 * A Subscription as what it asks for: R4's own, whose criteria are a search, or one of the R5 backport, whose criteria
 * name a topic that extensions narrow. What cannot be understood is told in words.
 *
 * SPEC EXCH-WANTED · https://hl7.org/fhir/R4/subscription.html · https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/
 */
import type { Extension, Subscription } from "fhir/r4";
import { FhirError, isJsonObject, isResourceType, parseJson } from "../../fhir/index.ts";
import { parametersOf, type QueryParameters } from "../../journal/index.ts";
import { channelHeaders } from "./channel-headers.ts";
import { triggersOf, type Trigger } from "./topics.ts";

export type Content = "empty" | "id-only" | "full-resource";

export type Wanted = {
  readonly isBackport: boolean;
  readonly isOff: boolean;
  /** The owner itself wrote that it is in error. */
  readonly saidError: string | undefined;
  readonly topic: string | undefined;
  readonly triggers: readonly Trigger[];
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Content;
  readonly heartbeatSeconds: number | undefined;
  readonly timeoutSeconds: number;
  /** When it ends by itself (ISO). */
  readonly end: string | undefined;
};

const BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";
const USUAL_TIMEOUT = 10;
const LONGEST_TIMEOUT = 60;
const SHORTEST_HEARTBEAT = 5;
const MOST_FILTERS = 20;
const FHIR_JSON = /^application\/(fhir\+json|json)\s*(;|$)/;

type WithExtensions = { readonly extension?: Extension[] };
type Backported = Omit<Subscription, "channel"> & {
  readonly _criteria?: WithExtensions;
  readonly channel: Subscription["channel"] & { readonly _payload?: WithExtensions };
};

/** What the text of a Subscription asks for, or why it cannot be done. */
export function wantedOf(text: string, base: string): Wanted | string {
  const parsed = parseJson(text);
  if (!isJsonObject(parsed) || !isJsonObject(parsed["channel"])) return "It is no Subscription.";
  return readSubscription(JSON.parse(text) as Backported, base);
}

function readSubscription(subscription: Backported, base: string): Wanted | string {
  const { criteria, channel, status, end } = subscription;
  const isBackport = /^[a-z][a-z0-9+.-]*:/i.test(criteria) || filtersOf(subscription).length > 0;
  if (channel.type !== "rest-hook") return `The channel ${channel.type} is not offered; rest-hook is.`;
  if (channel.endpoint === undefined) return "The channel has no endpoint.";
  const headers = channelHeaders(channel.header ?? []);
  if (typeof headers === "string") return headers;
  const triggers = isBackport ? backportTriggers(subscription, base) : searchTriggers(criteria);
  if (typeof triggers === "string") return triggers;
  const content = isBackport ? backportContent(channel) : searchContent(channel.payload);
  if (typeof content !== "string" || !CONTENTS.has(content)) return contentFault(isBackport, channel.payload);
  return {
    isBackport,
    isOff: status === "off",
    saidError: status === "error" ? (subscription.error ?? "") : undefined,
    topic: isBackport ? criteria : undefined,
    triggers,
    endpoint: channel.endpoint,
    headers,
    content: content as Content,
    ...timesOf(channel),
    end,
  };
}

function timesOf(channel: WithExtensions): Pick<Wanted, "heartbeatSeconds" | "timeoutSeconds"> {
  const heartbeat = numberOf(channel, "backport-heartbeat-period") || undefined;
  const timeout = numberOf(channel, "backport-timeout") || USUAL_TIMEOUT;
  return {
    heartbeatSeconds: heartbeat === undefined ? undefined : Math.max(heartbeat, SHORTEST_HEARTBEAT),
    timeoutSeconds: Math.min(timeout, LONGEST_TIMEOUT),
  };
}

const CONTENTS: ReadonlySet<string> = new Set<Content>(["empty", "id-only", "full-resource"]);

function searchTriggers(criteria: string): readonly Trigger[] | string {
  const [type = "", ...query] = criteria.split("?");
  const current = queryOf(query.join("?"));
  if (!isResourceType(type) || current === undefined)
    return "The criteria are to be a search of one type, such as Observation?code=1234, or the address of a topic.";
  return [{ type, methods: ["create", "update"], current }];
}

/** R4 sends the whole resource when a payload is named, and nothing otherwise. */
function searchContent(payload: string | undefined): string | undefined {
  if (payload === undefined) return "empty";
  return FHIR_JSON.test(payload) ? "full-resource" : undefined;
}

function backportTriggers(subscription: Backported, base: string): readonly Trigger[] | string {
  const triggers = triggersOf(subscription.criteria, base);
  if (triggers === undefined) return `There is no topic ${subscription.criteria.slice(0, 200)} here.`;
  const filters = filtersOf(subscription);
  if (filters.length > MOST_FILTERS) return `There are more than ${MOST_FILTERS} filters.`;
  let narrowed = triggers;
  for (const filter of filters) {
    const [, type, query = ""] = /^(?:([A-Z][A-Za-z]+)\?)?(.*)$/s.exec(filter) ?? [];
    const parameters = queryOf(query);
    if (parameters === undefined || parameters.length === 0) return "A filter is not of the form parameter=value.";
    if (type !== undefined && !triggers.some((one) => one.type === type))
      return `A filter is about ${type}, which the topic does not speak of.`;
    narrowed = narrowed.map((one) =>
      type === undefined || one.type === type ? { ...one, current: [...one.current, ...parameters] } : one,
    );
  }
  return narrowed;
}

function filtersOf({ _criteria }: Backported): string[] {
  const found = _criteria?.extension?.filter(({ url }) => url === `${BACKPORT}backport-filter-criteria`) ?? [];
  return found.map(({ valueString }) => valueString ?? "");
}

function backportContent({ payload, _payload }: Backported["channel"]): string | undefined {
  const said = _payload?.extension?.find(({ url }) => url === `${BACKPORT}backport-payload-content`)?.valueCode;
  return payload === undefined || FHIR_JSON.test(payload) ? (said ?? "empty") : undefined;
}

function contentFault(isBackport: boolean, payload: string | undefined): string {
  if (payload !== undefined && !FHIR_JSON.test(payload))
    return "The payload is to be application/fhir+json, or left out.";
  return isBackport ? "The payload's content is to be empty, id-only or full-resource." : "The payload is not offered.";
}

function numberOf({ extension }: WithExtensions, name: string): number | undefined {
  const found = extension?.find(({ url }) => url === `${BACKPORT}${name}`);
  return found?.valueUnsignedInt ?? found?.valuePositiveInt;
}

function queryOf(text: string): QueryParameters | undefined {
  try {
    return parametersOf(text);
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}
