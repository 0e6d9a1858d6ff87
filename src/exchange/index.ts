/** What goes to other systems and comes from them. SPEC: SPEC.md in this folder. */
export { buildMessage, Hl7Error, parseMessage, type NewSegment } from "./hl7v2/codec/index.ts";
export {
  aboutReceived,
  aboutSent,
  channelStatuses,
  channelsIn,
  declarationOf,
  dispatchRound,
  faultLedger,
  forgetTexts,
  Hl7Sender,
  Hl7Worker,
  Intake,
  replayMessages,
  trafficFor,
  listenFor,
  MllpClient,
  reconciledSetting,
  settled,
  watchChannels,
  type ChannelStatus,
  type Compose,
  type Hl7Channel,
  type InChannel,
  type OutChannel,
  type WorkStep,
  type WorkTogether,
} from "./hl7v2/index.ts";
export { mappingStep, mappingTogether, orderComposer, routeOrders } from "./hl7v2-map/edge.ts";
export { feedReader, Feeds } from "./hl7v2-map/feed/round.ts";
export { inDirectory, partnersIn } from "./hl7v2-map/partner.ts";
export { judgeMessageWords, sealSegment } from "./hl7v2/words.ts";
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
export { faultsIn } from "./simulators/faults.ts";
export { SCENARIOS, startSimulator, type Simulator, type SimulatorOptions } from "./simulators/simulator.ts";
export { bandZplOf, labelPlacesIn, sendToPrinter, zplOf, type LabelPlace } from "./printers/index.ts";
