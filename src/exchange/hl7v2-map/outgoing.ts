/** What every message that leaves has: its header. SPEC EXCH-MAP-OUT */
import { isoLocal } from "../../base/index.ts";
import { buildMessage, Hl7Error, parseMessage, type Hl7Message, type NewSegment } from "../hl7v2/codec/index.ts";
import { judgeMessageWords, sealSegment } from "../hl7v2/words.ts";
import type { Partner } from "./partner.ts";
import { toHl7Time } from "./time.ts";

export type Outgoing = {
  readonly partner: Partner;
  /** MSH-10: the same for the same message, however often it is sent. */
  readonly control: string;
  readonly now: Date;
};

/** MSH of a message to a partner. Both acknowledgements are asked for: that it was kept, and what was done with it. */
export function headerOf({ partner, control, now }: Outgoing, kind: readonly [string, string, string?]): NewSegment {
  const { ours, theirs } = partner;
  return [
    "MSH",
    {
      3: ours.application,
      4: ours.facility,
      5: theirs.application,
      6: theirs.facility,
      7: timeOf(now),
      9: [...kind],
      10: control,
      11: "P",
      12: "2.5.1",
      17: "SWE",
      19: "sv",
    },
  ];
}

/** A moment as messages have it: Swedish time with its offset. */
export function timeOf(now: Date): string {
  return toHl7Time(isoLocal(now.getTime())) ?? "";
}

/**
 * The message of segments, with the seal of its texts, in the partner's character set; it is read again before anybody keeps it, so that no
 * message leaves whose words are others than those that were put in. Errors: Hl7Error with the place of what the set lacks, or of the seal.
 */
export function messageOf(segments: readonly NewSegment[], { partner }: Outgoing): Hl7Message {
  const seal = sealSegment(buildMessage(segments, { charset: partner.charset }));
  const sealed = seal === undefined ? segments : [...segments, seal];
  const message = buildMessage(sealed, { charset: partner.charset });
  const read = parseMessage(message.bytes(), { charset: partner.charset });
  if (judgeMessageWords(read) !== (seal === undefined ? "unsealed" : "sealed"))
    throw new Hl7Error("segment", "ZEW", "its words read differently");
  return message;
}
