/** An order as a simulator takes it: what it must send back is copied from the message as it stood. SPEC EXCH-SIM */
import { unescapeText, type Hl7Message, type NewField, type Segment } from "../hl7v2/codec/index.ts";

export type SimulatedOrder = {
  /** ORC-1: NW, XO or CA. */
  readonly control: string;
  /** ORC-2 as one text, by which orders are told apart. */
  readonly key: string;
  readonly placer: NewField;
  readonly number: NewField;
  readonly code: string;
  readonly name: string;
  readonly ordered: NewField;
  readonly specimens: readonly { readonly number: NewField; readonly kind: NewField }[];
  /** The ward collects, by OBR-11, and has not yet: there is nothing to examine. */
  readonly isAwaited: boolean;
  readonly isWoman: boolean;
  readonly born: string;
};

/** The order of a message; nothing when it is none. */
export function orderIn(message: Hl7Message): SimulatedOrder | undefined {
  const [orc] = message.all("ORC"); // Eira sends one order in a message
  const [obr] = message.all("OBR");
  const [pid] = message.all("PID");
  if (orc === undefined || obr === undefined || pid === undefined) return undefined;
  return {
    control: first(orc, "1"),
    key: orc.fields[2] ?? "",
    placer: copied(orc, 2),
    number: copied(pid, 3),
    code: first(obr, "4.1"),
    name: first(obr, "4.2") || first(obr, "4.9"),
    ordered: copied(obr, 4),
    specimens: message.all("SPM").map((spm) => ({ number: copied(spm, 2), kind: copied(spm, 4) })),
    isAwaited: isAwaited(obr, message.all("SPM")),
    isWoman: first(pid, "8") === "F",
    born: first(pid, "7"),
  };
}

/** HL7 table 0065: somebody else than the laboratory obtains the specimen. */
const COLLECTED_BY_OTHERS = "O";

function isAwaited(obr: Segment, specimens: readonly Segment[]): boolean {
  if (first(obr, "11") !== COLLECTED_BY_OTHERS) return false;
  return specimens.length === 0 || specimens.some((spm) => first(spm, "17") === "");
}

function first(segment: Segment, place: string): string {
  return segment.many(place)[0] ?? "";
}

/** A field with all its parts, to be written in another message. */
export function copied(segment: Segment, field: number): NewField {
  const { delimiters } = segment.syntax;
  const text = (raw: string): string => unescapeText(raw, segment.syntax);
  const repeats = segment
    .repetitions(field)
    .map((one) =>
      one.split(delimiters.component).map((part) => ({ parts: part.split(delimiters.subcomponent).map(text) })),
    );
  return { repeats };
}
