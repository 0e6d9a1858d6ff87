/** The HL7 v2 edge. SPEC: SPEC.md in this folder. */
export { channelsIn, declarationOf, type Hl7Channel, type InChannel, type OutChannel } from "./channels.ts";
export { dispatchRound, type Compose } from "./dispatch.ts";
export { faultLedger } from "./fault-ledger.ts";
export { Intake } from "./intake.ts";
export { listenFor } from "./listeners.ts";
export { channelStatuses, type ChannelStatus } from "./status.ts";
export { MllpClient } from "./mllp/client.ts";
export { replayMessages, trafficFor, type Traffic } from "./operate.ts";
export { Hl7Sender } from "./sender.ts";
export { settled } from "./settled.ts";
export { aboutReceived, aboutSent } from "./faults.ts";
export { forgetTexts } from "./texts.ts";
export { reconciledSetting, watchChannels } from "./watch.ts";
export { Hl7Worker, type WorkStep, type WorkTogether } from "./worker.ts";
