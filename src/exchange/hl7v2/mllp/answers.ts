/**
 * Acknowledgements: built for what was received, and read when they come for what was sent. Original mode (AA, AE, AR) when
 * MSH-15 asks for no accept acknowledgement, enhanced mode (CA, CE, CR) when it does.
 *
 * SPEC EXCH-HL7-ACK · HL7 v2.5.1 chapter 2.9
 */
import {
  buildMessage,
  Hl7Error,
  parseMessage,
  type Hl7Message,
  type NewSegment,
  type ParseOptions,
} from "../codec/index.ts";

/** Taken; cannot be taken as it is; is none of this system's. */
export type Verdict = "accept" | "error" | "reject";

export type AnswerCode = "AA" | "AE" | "AR" | "CA" | "CE" | "CR";

const ORIGINAL = { accept: "AA", error: "AE", reject: "AR" } as const;
const ENHANCED = { accept: "CA", error: "CE", reject: "CR" } as const;

/** What a message says of itself. */
export type Header = {
  readonly controlId: string;
  /** MSH-3 and MSH-4, as `LAB|HUS`. */
  readonly sender: string;
  /** MSH-5 and MSH-6. */
  readonly receiver: string;
  /** `ORU^R01` */
  readonly type: string;
  readonly isEnhanced: boolean;
  /** MSH-15 and MSH-16: AL, NE, ER, SU or nothing. */
  readonly accept: string;
  readonly application: string;
};

const first = (message: Hl7Message, place: string): string => message.many(place)[0] ?? "";

/** With these and no accept acknowledgement there is one answer, as in original mode. */
const ANSWERED: ReadonlySet<string> = new Set(["AL", "ER", "SU"]);

/** A header may repeat what it should not: only the first counts here, since it decides nothing but the answer. */
export function headerOf(message: Hl7Message): Header {
  const accept = first(message, "MSH-15");
  const application = first(message, "MSH-16");
  const structure = [first(message, "MSH-9.1"), first(message, "MSH-9.2")].filter((one) => one !== "").join("^");
  return {
    controlId: first(message, "MSH-10"),
    sender: `${first(message, "MSH-3")}|${first(message, "MSH-4")}`,
    receiver: `${first(message, "MSH-5")}|${first(message, "MSH-6")}`,
    type: structure,
    isEnhanced: accept !== "" && !(accept === "NE" && ANSWERED.has(application)),
    accept,
    application,
  };
}

/** The header alone of a message that cannot be read whole, so that it can be answered; nothing when not even that can be read. */
export function headerAlone(bytes: Uint8Array, options: ParseOptions): Hl7Message | undefined {
  const end = bytes.findIndex((byte) => byte === 13 || byte === 10);
  const line = end < 0 ? bytes.subarray(0, 4096) : bytes.subarray(0, end);
  for (const charset of [options.charset, "iso-8859-1"] as const) {
    try {
      return parseMessage(line, charset === undefined ? {} : { charset });
    } catch (error) {
      if (!(error instanceof Hl7Error)) throw error;
    }
  }
  return undefined;
}

export type Answer = {
  readonly verdict: Verdict;
  /** For a person who reads it; nothing of a patient. */
  readonly why?: string;
  /** Segment and field. */
  readonly place?: string;
  /** The answer of the application, after the message was worked on: AA, AE or AR also in enhanced mode. */
  readonly isOfApplication?: boolean;
};

/** Whether the sender wants this answer (MSH-15, MSH-16: always, never, on error, on success). */
export function isWanted(header: Header, { verdict, isOfApplication = false }: Answer): boolean {
  if (!header.isEnhanced && isOfApplication) return false; // it was the first answer
  const told = header.isEnhanced && !isOfApplication ? header.accept : header.application;
  if (told === "ER") return verdict !== "accept";
  if (told === "SU") return verdict === "accept";
  return header.isEnhanced ? told === "AL" : true;
}

/** What is the answer's own: its control id and time. */
export type Mark = { readonly controlId: string; readonly time: string };

/** The answer to a message; `message` is what could be read of it, nothing when not even its header could. */
export function answerTo(message: Hl7Message | undefined, answer: Answer, mark: Mark): Hl7Message {
  const header = message && headerOf(message);
  const codes = header?.isEnhanced === true && answer.isOfApplication !== true ? ENHANCED : ORIGINAL;
  const code = codes[answer.verdict];
  const side = (place: string): string | null | undefined => message?.many(place)[0];
  const event = message?.many("MSH-9.2")[0] ?? undefined;
  const segments: NewSegment[] = [
    [
      "MSH",
      {
        3: side("MSH-5"),
        4: side("MSH-6"),
        5: side("MSH-3"),
        6: side("MSH-4"),
        7: mark.time,
        9: ["ACK", event, "ACK"],
        10: mark.controlId,
        11: side("MSH-11") ?? "P",
        12: side("MSH-12") ?? "2.5.1",
      },
    ],
    ["MSA", { 1: code, 2: header?.controlId, 3: answer.why }],
  ];
  if (answer.verdict !== "accept") segments.push(errorSegment(answer));
  const options = message === undefined ? {} : { delimiters: message.delimiters, charset: message.charset };
  return buildMessage(segments, options);
}

function errorSegment({ verdict, why, place = "" }: Answer): NewSegment {
  const [, segment = "", number = "1", field = ""] = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+))?$/.exec(place) ?? [];
  const code =
    verdict === "reject"
      ? ["200", "Unsupported message type", "HL70357"]
      : ["207", "Application internal error", "HL70357"];
  return ["ERR", { 2: segment === "" ? undefined : [segment, number, field], 3: code, 4: "E", 8: why }];
}

/** What an acknowledgement says. */
export type Acknowledged = {
  readonly code: AnswerCode;
  /** MSA-2: the control id of what it answers. */
  readonly controlId: string;
  readonly why: string | undefined;
};

const CODES: ReadonlySet<string> = new Set(["AA", "AE", "AR", "CA", "CE", "CR"]);

/** Reads an acknowledgement; nothing when the message is none. */
export function acknowledgementIn(message: Hl7Message): Acknowledged | undefined {
  const code = message.many("MSA-1")[0] ?? "";
  if (!CODES.has(code)) return undefined;
  const why = message.many("MSA-3")[0] ?? message.many("ERR-8")[0] ?? undefined;
  return { code: code as AnswerCode, controlId: message.many("MSA-2")[0] ?? "", why };
}

/** A time as HL7 writes it, with its offset: `20261122143000.000+0000`. */
export function hl7Time(now: Date): string {
  return `${now.toISOString().replace(/[-:T]/g, "").replace("Z", "")}+0000`;
}
