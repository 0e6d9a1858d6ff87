/** What goes to other systems and comes from them. SPEC: SPEC.md in this folder. */
export { parseHostList, type HostList } from "./subscribers/addresses.ts";
export { SubscriberEngine } from "./subscribers/engine.ts";
export type { SubscriberOptions } from "./subscribers/context.ts";
export { subscriptionEvents, subscriptionReplay, subscriptionStatus } from "./subscribers/operations.ts";
export type { Outbound } from "./subscribers/send.ts";
export { topicCanonicals } from "./subscribers/topics.ts";
