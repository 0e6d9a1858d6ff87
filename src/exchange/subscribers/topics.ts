/**
 * The topics that can be subscribed to: for every resource type that something of it was written or removed, and some
 * that speak a clinic's language. A topic's name is its address below this server's FHIR base.
 *
 * SPEC EXCH-TOPIC · https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/components.html#subscription-topics-in-fhir-r4
 */
import { isResourceType, RESOURCE_TYPES } from "../../fhir/index.ts";
import type { QueryParameters } from "../../journal/index.ts";

type Method = "create" | "update" | "delete";

/** Which changes of one type are meant. */
export type Trigger = {
  readonly type: string;
  readonly methods: readonly Method[];
  /** What the changed version must meet: the subscriber's filters, and what the topic itself says. */
  readonly current: QueryParameters;
  /** What the version before must have met; where there is none, it holds. */
  readonly previous?: QueryParameters;
  /** Elements of which one must differ from the version before. */
  readonly changed?: readonly string[];
};

const WRITTEN: readonly Method[] = ["create", "update"];
const ANY: readonly Method[] = ["create", "update", "delete"];

const TOPICS: Readonly<Record<string, readonly Trigger[]>> = {
  "patient-results": [
    { type: "Observation", methods: ANY, current: [] },
    { type: "DiagnosticReport", methods: ANY, current: [] },
  ],
  "encounter-start": [
    {
      type: "Encounter",
      methods: WRITTEN,
      current: [["status", "in-progress"]],
      previous: [["status:not", "in-progress"]],
    },
  ],
  "encounter-end": [
    { type: "Encounter", methods: WRITTEN, current: [["status", "finished"]], previous: [["status:not", "finished"]] },
  ],
  "referral-state": [
    { type: "ServiceRequest", methods: ANY, current: [], changed: ["status"] },
    { type: "Task", methods: ANY, current: [], changed: ["status", "businessStatus", "owner"] },
  ],
};

const PLACE = "/SubscriptionTopic/";
const OF_TYPE = /^([A-Z][A-Za-z]+)-change$/;

/** What a topic means, or nothing when there is no such topic here. */
export function triggersOf(canonical: string, base: string): readonly Trigger[] | undefined {
  const [address = ""] = canonical.split("|");
  if (!address.startsWith(`${base}${PLACE}`)) return undefined;
  const name = address.slice(base.length + PLACE.length);
  if (Object.hasOwn(TOPICS, name)) return TOPICS[name];
  const type = OF_TYPE.exec(name)?.[1];
  return isResourceType(type) ? [{ type, methods: ANY, current: [] }] : undefined;
}

/** The addresses of all topics. */
export function topicCanonicals(base: string): string[] {
  const names = [...Object.keys(TOPICS), ...RESOURCE_TYPES.map((type) => `${type}-change`)];
  return names.map((name) => `${base}${PLACE}${name}`);
}
