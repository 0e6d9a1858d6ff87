/**
 * The seal of words in HL7 v2: a segment of our own, `ZEW|1|SHA-256|<seal>|<number of texts>`, at the end of a message. Whoever does not
 * know it passes over it; whoever does computes the seal of what has been read and takes nothing in when it is another.
 *
 * SPEC EXCH-HL7-WORDS · failure mode F17 · HL7 v2.5.1 chapter 2.11 (local segments)
 */
import { sealOfWords } from "../../base/index.ts";
import type { Hl7Message, NewSegment } from "./codec/index.ts";

const SEGMENT = "ZEW";

/** The fields whose texts are sealed: what was observed with its unit, comments, and what is asked and why. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  OBX: ["5", "6"],
  NTE: ["3"],
  OBR: ["13", "31"],
};

/** The texts of a message in their order, as they read: unescaped, each repetition by itself. */
export function wordsOfMessage(message: Hl7Message): readonly string[] {
  return message.segments.flatMap((segment) =>
    (FIELDS[segment.name] ?? []).flatMap((field) => segment.many(field).map((text) => text ?? '""')),
  );
}

/** The segment with the seal of a message's texts; nothing when it has none. */
export function sealSegment(message: Hl7Message): NewSegment | undefined {
  const words = wordsOfMessage(message);
  if (words.length === 0) return undefined;
  return [SEGMENT, { 1: "1", 2: "SHA-256", 3: sealOfWords(words), 4: String(words.length) }];
}

/** Whether a message's texts are those that were sealed; a message without a seal says nothing. */
export function judgeMessageWords(message: Hl7Message): "unsealed" | "sealed" | "differs" {
  const seals = message.all(SEGMENT);
  if (seals.length === 0) return "unsealed";
  const words = wordsOfMessage(message);
  const wanted = `1|SHA-256|${sealOfWords(words)}|${words.length}`;
  const stated = seals.map((seal) => [1, 2, 3, 4].map((field) => seal.many(String(field)).join()).join("|"));
  return stated.length === 1 && stated[0] === wanted ? "sealed" : "differs";
}
