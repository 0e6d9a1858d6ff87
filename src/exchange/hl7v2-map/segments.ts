/** What the mapping asks of segments: plain texts, repetitions, groups of an order with its observations. SPEC EXCH-MAP */
import type { Hl7Message, Segment } from "../hl7v2/codec/index.ts";

/** The text at a place; undefined when nothing stands there, or HL7's null, which says that there is nothing. */
export function textAt(segment: Segment | undefined, place: string): string | undefined {
  return segment?.maybeOne(place) ?? undefined;
}

/** True when HL7's null stands there: "delete what you have". */
export function isNullAt(segment: Segment, place: string): boolean {
  return segment.maybeOne(place) === null;
}

/** The places of a field's repetitions: `3[1]`, `3[2]`. */
export function repeatsOf(segment: Segment, field: number): readonly string[] {
  return segment.repetitions(field).map((_, at) => `${field}[${at + 1}]`);
}

/** All that stands in a text field; repetitions are lines. */
export function linesAt(segment: Segment, place: string): string | undefined {
  const lines = segment.many(place).filter((one) => one !== null);
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** The comment of NTE segments, word for word; several are lines. */
export function noteOf(notes: readonly Segment[]): string | undefined {
  const texts = notes.map((note) => linesAt(note, "3")).filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join("\n");
}

export type Observed = { readonly obx: Segment; readonly notes: Segment[] };

/** One order of a message with what belongs to it. */
export type OrderGroup = {
  orc: Segment | undefined;
  obr: Segment | undefined;
  timing: Segment | undefined;
  readonly notes: Segment[];
  readonly observations: Observed[];
  readonly specimens: Segment[];
};

export type Grouped = { readonly patientNotes: readonly Segment[]; readonly groups: readonly OrderGroup[] };

/** Parts a message of orders or results into its orders. In O33 and O34 the specimen stands before the orders that it is for. */
export function groupsOf(message: Hl7Message): Grouped {
  const isBySpecimen = /^O3[34]$/.test(textAt(message.all("MSH")[0], "9.2") ?? "");
  const patientNotes: Segment[] = [];
  const groups: OrderGroup[] = [];
  let shared: Segment[] = [];
  for (const segment of message.segments) {
    const last = groups.at(-1);
    if (segment.name === "SPM" && isBySpecimen) shared = [segment];
    else if (segment.name === "ORC") groups.push(newGroup(segment, shared));
    else if (segment.name === "OBR") {
      if (last === undefined || last.obr !== undefined) groups.push({ ...newGroup(undefined, shared), obr: segment });
      else last.obr = segment;
    } else if (segment.name === "NTE" && last === undefined) patientNotes.push(segment);
    else if (last !== undefined) attach(last, segment);
  }
  return { patientNotes, groups };
}

function newGroup(orc: Segment | undefined, specimens: readonly Segment[]): OrderGroup {
  return { orc, obr: undefined, timing: undefined, notes: [], observations: [], specimens: [...specimens] };
}

function attach(group: OrderGroup, segment: Segment): void {
  if (segment.name === "OBX") group.observations.push({ obx: segment, notes: [] });
  else if (segment.name === "NTE") (group.observations.at(-1)?.notes ?? group.notes).push(segment);
  else if (segment.name === "SPM") group.specimens.push(segment);
  else if (segment.name === "TQ1") group.timing = segment;
}
