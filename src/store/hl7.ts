/**
 * HL7 v2 in the database: what came in, what is to go out, and the channels. What a message means is decided above.
 *
 * SPEC STORE-HL7
 */
import type { Talk } from "./connection.ts";
import { Hl7ChannelTables } from "./hl7-channels.ts";
import { Hl7FeedTables } from "./hl7-feeds.ts";
import { Hl7ReceivedLook, Hl7ReceivedTables } from "./hl7-received.ts";
import { Hl7SentLook, Hl7SentTables } from "./hl7-sent.ts";
import { Hl7TextLook } from "./hl7-texts.ts";

/** What can be seen of it. */
export class Hl7Look {
  readonly received: Hl7ReceivedLook;
  readonly sent: Hl7SentLook;
  readonly texts: Hl7TextLook;
  readonly channels: Pick<Hl7ChannelTables, "alarms" | "all" | "volumes" | "lastPassed" | "faultOwners">;

  constructor(talk: Talk) {
    this.received = new Hl7ReceivedLook(talk);
    this.sent = new Hl7SentLook(talk);
    this.texts = new Hl7TextLook(talk);
    this.channels = new Hl7ChannelTables(talk);
  }
}

/** What changes it, inside a transaction. */
export class Hl7Tables {
  readonly received: Hl7ReceivedTables;
  readonly sent: Hl7SentTables;
  readonly channels: Hl7ChannelTables;
  readonly feeds: Hl7FeedTables;

  constructor(talk: Talk) {
    this.received = new Hl7ReceivedTables(talk);
    this.sent = new Hl7SentTables(talk);
    this.channels = new Hl7ChannelTables(talk);
    this.feeds = new Hl7FeedTables(talk);
  }
}
