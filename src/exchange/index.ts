/** What goes to other systems and comes from them. SPEC: SPEC.md in this folder. */
export { parseHostList, type HostList } from "./subscribers/addresses.ts";
export { SubscriberEngine } from "./subscribers/engine.ts";
export type { SubscriberOptions } from "./subscribers/context.ts";
export {
  ownSubscriptionStatus,
  subscriptionEvents,
  subscriptionReplay,
  subscriptionStatus,
} from "./subscribers/operations.ts";
export { systemLookup, type Outbound } from "./subscribers/send.ts";
export { topicCanonicals } from "./subscribers/topics.ts";
