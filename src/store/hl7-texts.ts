/**
 * The newest answers of each sender, for whoever looks at how long their texts are. SPEC STORE-HL7-10 · failure mode F19
 */
import type { Talk } from "./connection.ts";

export type AnswerReceived = {
  readonly position: number;
  readonly channel: string;
  /** MSH-3 and MSH-4. */
  readonly sender: string;
  readonly raw: Buffer;
};

/** What is larger has more than words in it, and is not looked at. */
const MOST_BYTES = 256 * 1024;

export class Hl7TextLook {
  private readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  /** The newest answers (ORU) of a channel that came after a position, oldest first. */
  async answersAfter(channel: string, position: number, limit: number): Promise<AnswerReceived[]> {
    const rows = await this.connection.many<AnswerReceived>({
      name: "hl7-answers-after",
      text: `SELECT position::float8 AS position, channel, sender, raw FROM hl7_received
             WHERE position > $2::int8 AND channel = $1 AND verdict = 'accept' AND starts_with(type, 'ORU') AND size <= $4
             ORDER BY hl7_received.position DESC LIMIT $3`,
      values: [channel, position, limit, MOST_BYTES],
    });
    return rows.toReversed();
  }
}
