/** An order of a made-up patient at a unit, its laboratory, and the messages that the laboratory sends of it. */
import type { ClientActor } from "../../../access/index.ts";
import type { JsonObject } from "../../../fhir/index.ts";
import type { Visit } from "../../../journal/index.ts";
import { OURS, type JournalOfTest } from "../../../journal/testing/index.ts";
import {
  buildMessage,
  parseMessage,
  type Charset,
  type Hl7Message,
  type NewField,
  type NewSegment,
} from "../../hl7v2/codec/index.ts";
import { actorOf } from "../actor.ts";
import type { Partner } from "../partner.ts";
import { PERSONNUMMER_SYSTEM } from "../../../base/index.ts";

/** Official test numbers of Skatteverket. */
export const NUMBER = "189001019802";
export const OTHER_NUMBER = "189001029819";

export const LAB: Partner = {
  name: "labb",
  kind: "laboratory",
  theirs: { application: "LABSYS", facility: "KEMLAB" },
  ours: { application: "EIRA", facility: "REGION" },
  unit: "SE2321000131-E000000000012",
  organization: { reference: "Organization/lab", display: "Klinisk kemi" },
  owner: { careProvider: OURS.careProvider, careUnit: "SE2321000131-E000000000012" },
  channels: { in: "labb-in", out: "labb-ut" },
  charset: "utf-8",
  orders: "OML",
};

export const RADIOLOGY: Partner = {
  ...LAB,
  name: "rontgen",
  kind: "radiology",
  organization: { reference: "Organization/rtg", display: "Röntgenkliniken" },
  orders: "ORM",
};

export function visitOf(journal: JournalOfTest, partner: Partner = LAB): Visit {
  const actor: ClientActor = actorOf(partner);
  return { ...journal.client(), actor };
}

/** The patient, the laboratory, a specimen and an order of it, as they stand in the record of the unit that ordered. */
export async function putOrder(journal: JournalOfTest, id = "order1", more: JsonObject = {}): Promise<void> {
  for (const one of resourcesOf(id, more)) await journal.put(one);
}

function resourcesOf(id: string, more: JsonObject): readonly JsonObject[] {
  const lab = { resourceType: "Organization", id: "lab", name: "Klinisk kemi" };
  const rtg = { resourceType: "Organization", id: "rtg", name: "Röntgenkliniken" };
  return [lab, rtg, patientResource("anna", NUMBER), specimenResource(id), orderResource(id, more)];
}

export function patientResource(id: string, number: string): JsonObject {
  return {
    resourceType: "Patient",
    id,
    identifier: [{ system: PERSONNUMMER_SYSTEM, value: number }],
    name: [{ family: "Ek", given: ["Anna"] }],
  };
}

function specimenResource(order: string): JsonObject {
  return {
    resourceType: "Specimen",
    id: `prov-${order}`,
    accessionIdentifier: { system: "urn:eira:demo:provnummer", value: `P-${order}` },
    type: { text: "Venöst blod" },
    subject: { reference: "Patient/anna" },
  };
}

export function orderResource(id: string, more: JsonObject = {}): JsonObject {
  return {
    resourceType: "ServiceRequest",
    id,
    status: "active",
    intent: "order",
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }],
    priority: "routine",
    code: { coding: [{ system: "urn:oid:1.2.752.108.1", code: "NPU03230", display: "P-Kalium" }], text: "P-Kalium" },
    subject: { reference: "Patient/anna" },
    authoredOn: "2026-11-21T09:00:00+01:00",
    performer: [{ reference: "Organization/lab" }],
    specimen: [{ reference: `Specimen/prov-${id}` }],
    ...more,
  };
}

export type Answer = {
  readonly order?: string;
  readonly number?: string;
  readonly specimen?: string | null;
  readonly status?: string;
  /** When what the answer says held (OBR-22); null says nothing of it. */
  readonly at?: string | null;
  readonly sent?: string;
  readonly control?: string;
  readonly observations?: readonly Readonly<Record<number, NewField>>[];
  readonly more?: readonly NewSegment[];
  readonly obr?: Readonly<Record<number, NewField>>;
};

export const POTASSIUM: NewField = ["NPU03230", "P-Kalium", "NPU"];

/** A value of the potassium that is ordered, as OBX. */
export function potassium(
  value: string,
  more: Readonly<Record<number, NewField>> = {},
): Readonly<Record<number, NewField>> {
  return { 2: "NM", 3: POTASSIUM, 5: value, 6: ["mmol/L", undefined, "UCUM"], 7: "3,5-4,4", 11: "F", ...more };
}

/** An ORU^R01 of the laboratory, written and read again as it would be on its way. */
export function answer(given: Answer = {}, charset: Charset = "utf-8"): Hl7Message {
  const { order = "order1", status = "F", at = "20261121103000", observations = [potassium("4.1")] } = given;
  const specimen = given.specimen === undefined ? `P-${order}` : given.specimen;
  const segments: NewSegment[] = [
    header("ORU", "R01", given),
    pid(given.number ?? NUMBER),
    ["ORC", { 1: "RE", 2: [order, "EIRA"], 3: [`F-${order}`, "LABSYS"] }],
    [
      "OBR",
      {
        2: [order, "EIRA"],
        3: [`F-${order}`, "LABSYS"],
        4: POTASSIUM,
        7: "20261121091500",
        22: at,
        24: "LAB",
        25: status,
        ...given.obr,
      },
    ],
    ...observations.map((fields, at_): NewSegment => ["OBX", { 1: String(at_ + 1), ...fields }]),
    ...(specimen === null ? [] : [spm(specimen)]),
    ...(given.more ?? []),
  ];
  return parseMessage(buildMessage(segments, { charset }).bytes());
}

export function header(kind: string, event: string, { sent = "20261121103100", control = "1" }: Answer): NewSegment {
  return [
    "MSH",
    { 3: "LABSYS", 4: "KEMLAB", 5: "EIRA", 6: "REGION", 7: sent, 9: [kind, event], 10: control, 11: "P", 12: "2.5" },
  ];
}

export function pid(number: string): NewSegment {
  return [
    "PID",
    {
      3: [number, undefined, undefined, { parts: [undefined, "1.2.752.129.2.1.3.1", "ISO"] }],
      5: ["Någon", "Helt annan"],
    },
  ];
}

export function spm(value: string, more: Readonly<Record<number, NewField>> = {}): NewSegment {
  const name: NewField = [{ parts: [value, undefined, "urn:eira:demo:provnummer", "URI"] }];
  return ["SPM", { 1: "1", 2: name, ...more }];
}

/** What a laboratory says of an order: ORC-1, ORC-5 and more. */
export function status(control: string, orc: Readonly<Record<number, NewField>> = {}, given: Answer = {}): Hl7Message {
  const { order = "order1", number = NUMBER } = given;
  const segments: NewSegment[] = [
    header("ORL", "O22", given),
    pid(number),
    ["ORC", { 1: control, 2: [order, "EIRA"], 3: [`F-${order}`, "LABSYS"], 9: "20261121093000", ...orc }],
    ["OBR", { 2: [order, "EIRA"], 4: POTASSIUM }],
    ...(given.more ?? [spm(`P-${order}`)]),
  ];
  return parseMessage(buildMessage(segments).bytes());
}

/** Waits until the change log can be read to its end: other tests on the same server may have transactions open. */
export async function logIsOpen({ sql }: Pick<JournalOfTest, "sql">): Promise<void> {
  for (const end = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const [row] = await sql<{ held: number }>(
      "SELECT count(*)::int AS held FROM change_log WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())",
    );
    if (row?.held === 0) return;
    if (Date.now() > end) throw new Error("the change log is held by a transaction of somebody else");
  }
}

/** Has feeds read all that was written until now. */
export async function toldAll(
  journal: Pick<JournalOfTest, "sql">,
  feeds: { round: () => Promise<boolean> },
): Promise<void> {
  await logIsOpen(journal);
  while (await feeds.round());
}
