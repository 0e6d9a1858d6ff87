/**
 * Orders out: a ServiceRequest as OML^O21 or ORM^O01, new, changed or cancelled; and read back, for the other end and for showing that
 * nothing is lost on the way. SPEC EXCH-MAP-ORDER
 */
import type { JsonObject } from "../../fhir/index.ts";
import type { NewField, NewRepetition, NewSegment, Segment } from "../hl7v2/codec/index.ts";
import { codeIn, conceptAt, cweOf } from "./coded.ts";
import { eiOf, entityAt, identifierIn, placerOf, type Named } from "./identifiers.ts";
import { isSaid, objectIn, objectsIn, said, textIn } from "./json.ts";
import { specimenAt } from "./match.ts";
import { headerOf, type Outgoing } from "./outgoing.ts";
import { briefPidOf } from "./patient.ts";
import { linesAt, repeatsOf, textAt, type OrderGroup } from "./segments.ts";
import { ORDER_CATEGORY, ORDER_CONTROL_OUT, PRIORITY } from "./tables/index.ts";
import { toDateTime, toHl7Time } from "./time.ts";

export type OrderAction = "new" | "change" | "cancel";

export type OrderOut = {
  readonly action: OrderAction;
  readonly order: JsonObject;
  readonly patient: JsonObject;
  readonly specimens: readonly JsonObject[];
  /** Who ordered, as the receiver shows it. */
  readonly requester?: { readonly hsaId?: string; readonly family?: string; readonly given?: string };
  /** The unit that ordered, by HSA-id, and its name. */
  readonly unit: { readonly hsaId: string; readonly name: string };
};

const SNOMED = "http://snomed.info/sct";

/** The segments of an order; the message is written by the codec. */
export function orderSegments(out: OrderOut, outgoing: Outgoing): readonly NewSegment[] {
  const { order, patient, specimens } = out;
  const isLab = outgoing.partner.orders === "OML";
  return [
    headerOf(outgoing, isLab ? ["OML", "O21", "OML_O21"] : ["ORM", "O01", "ORM_O01"]),
    briefPidOf(patient),
    orcOf(out),
    ...(isLab ? [timingOf(order)] : []),
    obrOf(out, isLab),
    ...objectsIn(order["note"]).map((note, at): NewSegment => ["NTE", { 1: String(at + 1), 3: textIn(note["text"]) }]),
    ...specimens.map((one, at) => spmOf(one, at)),
  ];
}

function orcOf({ action, order, requester, unit }: OrderOut): NewSegment {
  const filler = identifierIn(order, "FILL");
  return [
    "ORC",
    {
      1: ORDER_CONTROL_OUT.toHl7(action),
      2: eiOf(placerOf(order)),
      3: filler === undefined ? undefined : eiOf(filler),
      9: toHl7Time(textIn(order["authoredOn"]) ?? ""),
      12: requesterField(requester),
      21: [
        unit.name,
        undefined,
        undefined,
        undefined,
        undefined,
        { parts: [undefined, "1.2.752.29.4.19", "ISO"] },
        undefined,
        undefined,
        undefined,
        unit.hsaId,
      ],
    },
  ];
}

function requesterField(requester: OrderOut["requester"]): NewField {
  if (requester === undefined) return undefined;
  const { hsaId, family, given } = requester;
  return [
    hsaId,
    family,
    given,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    { parts: [undefined, "1.2.752.29.4.19", "ISO"] },
  ];
}

function timingOf(order: JsonObject): NewSegment {
  return ["TQ1", { 1: "1", 7: toHl7Time(textIn(order["occurrenceDateTime"]) ?? ""), 9: priorityOf(order) }];
}

function priorityOf(order: JsonObject): string | undefined {
  return PRIORITY.toHl7(textIn(order["priority"]) ?? "");
}

/** ORM has no TQ1: when and how urgent stand in OBR-27. */
function obrOf({ order }: OrderOut, hasTiming: boolean): NewSegment {
  const when = toHl7Time(textIn(order["occurrenceDateTime"]) ?? "");
  const reasons = objectsIn(order["reasonCode"]).map((one): NewRepetition => cweOf(one));
  const section = objectsIn(order["category"]).map((one) => ORDER_CATEGORY.toHl7(codeIn(one, SNOMED) ?? ""))[0];
  return [
    "OBR",
    {
      1: "1",
      2: eiOf(placerOf(order)),
      4: cweOf(objectIn(order["code"])),
      13: textIn(order["patientInstruction"]),
      24: section,
      27: hasTiming ? undefined : [undefined, undefined, undefined, when, undefined, priorityOf(order)],
      31: { repeats: reasons },
    },
  ];
}

/** The specimen that was taken, or is to be: the number on its label, what it is, and when it was collected. */
function spmOf(specimen: JsonObject, at: number): NewSegment {
  const label = objectIn(specimen["accessionIdentifier"]);
  const value = textIn(label["value"]);
  const system = textIn(label["system"]);
  const oid = system?.startsWith("urn:oid:") === true ? system.slice("urn:oid:".length) : undefined;
  const authority = system === undefined ? [] : [undefined, oid ?? system, oid === undefined ? "URI" : "ISO"];
  const parts = value === undefined ? [textIn(specimen["id"]), "EIRA"] : [value, ...authority];
  const collected = objectIn(specimen["collection"])["collectedDateTime"];
  return [
    "SPM",
    {
      1: String(at + 1),
      2: [{ parts }],
      4: cweOf(objectIn(specimen["type"])),
      17: toHl7Time(textIn(collected) ?? ""),
    },
  ];
}

/** An order as the other end reads it. */
export type OrderRead = {
  readonly control: string | undefined;
  readonly placer: Named | undefined;
  /** What of the ServiceRequest stands in the message. */
  readonly order: JsonObject;
  readonly specimens: readonly JsonObject[];
};

export function orderRead({ orc, obr, timing, notes, specimens }: OrderGroup): OrderRead {
  const section = textAt(obr, "24");
  const snomed = section === undefined ? undefined : ORDER_CATEGORY.toFhir(section);
  const priority = textAt(timing, "9") ?? textAt(obr, "27.6");
  const when = textAt(timing, "7") ?? textAt(obr, "27.4");
  const order = said({
    resourceType: "ServiceRequest",
    category: snomed === undefined ? undefined : [{ coding: [{ system: SNOMED, code: snomed }] }],
    priority: priority === undefined ? undefined : PRIORITY.toFhir(priority),
    code: conceptAt(obr, "4"),
    occurrenceDateTime: when === undefined ? undefined : toDateTime(when),
    authoredOn: toDateTime(textAt(orc, "9") ?? ""),
    patientInstruction: textAt(obr, "13"),
    reasonCode:
      obr === undefined
        ? []
        : repeatsOf(obr, 31)
            .map((place) => conceptAt(obr, place))
            .filter(isSaid),
    note: notes.flatMap((note) => noteRead(note)),
  });
  return { control: textAt(orc, "1"), placer: entityAt(orc, "2"), order, specimens: specimens.map(specimenRead) };
}

function noteRead(note: Segment): JsonObject[] {
  const text = linesAt(note, "3");
  return text === undefined ? [] : [{ text }];
}

function specimenRead(spm: Segment): JsonObject {
  const name = specimenAt(spm);
  const number = name === undefined || "own" in name ? undefined : said({ system: name.system, value: name.value });
  const collectedDateTime = toDateTime(textAt(spm, "17") ?? "");
  return said({
    resourceType: "Specimen",
    id: name !== undefined && "own" in name ? name.own : undefined,
    accessionIdentifier: number,
    type: conceptAt(spm, "4"),
    collection: said({ collectedDateTime }),
  });
}
