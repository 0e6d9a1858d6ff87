/**
 * Documents: MDM^T02, T08 and T11 in as DocumentReference, and one out as MDM^T02. A document that is cancelled stays, marked as a mistake.
 * SPEC EXCH-MAP-DOCUMENT
 */
import type { JsonObject } from "../../fhir/index.ts";
import type { Command } from "../../journal/index.ts";
import type { Hl7Message, NewSegment, Segment } from "../hl7v2/codec/index.ts";
import { conceptAt, cweOf } from "./coded.ts";
import type { EventContext } from "./event.ts";
import { NotMapped } from "./exceptions.ts";
import { find } from "./find.ts";
import { eiOf, entityAt, nameText } from "./identifiers.ts";
import { idOf, nameOf, objectIn, objectsIn, said, textIn } from "./json.ts";
import { itemsOf } from "./lines.ts";
import { headerOf, timeOf, type Outgoing } from "./outgoing.ts";
import { briefPidOf } from "./patient.ts";
import { patientIn } from "./people.ts";
import { repeatsOf, textAt } from "./segments.ts";
import { derivedId, isNews, writeOver, type News } from "./standing.ts";
import { DOCUMENT_AVAILABILITY, DOCUMENT_COMPLETION } from "./tables/index.ts";
import { toDateTime, toHl7Time } from "./time.ts";
import { valueOf } from "./values.ts";

const TEXT = "text/plain; charset=utf-8";
const EVENTS: ReadonlySet<string> = new Set(["T02", "T08", "T11"]);

/** The commands of a MDM message. @throws NotMapped */
export async function planDocument(message: Hl7Message, context: EventContext): Promise<readonly Command[]> {
  const { visit, partner, origin, event } = context;
  if (!EVENTS.has(event)) throw new NotMapped("message-unknown", "MSH-9");
  const [txa] = message.all("TXA"); // the standard allows one
  if (txa === undefined) throw new NotMapped("code-missing", "TXA");
  const patient = await patientIn(visit, message);
  const named = entityAt(txa, "12");
  if (named === undefined || "own" in named) throw new NotMapped("code-missing", `${txa.place}-12`);
  const id = derivedId(idOf(patient), nameOf(patient), "DocumentReference", partner.name, nameText(named));
  const before = (await find(visit, "DocumentReference", [["_id", id]])).get(`DocumentReference/${id}`);
  const isGone = event === "T11";
  if (isGone && before === undefined) throw new NotMapped("document-unknown", `${txa.place}-12`);
  const { meta: _meta, text: _text, ...kept } = before ?? {};
  const next = isGone
    ? said({ ...kept, status: "entered-in-error" })
    : said({
        ...kept,
        resourceType: "DocumentReference",
        id,
        masterIdentifier: { system: named.system, value: named.value },
        ...statusOf(txa),
        type: conceptAt(txa, "2"),
        subject: { reference: nameOf(patient) },
        date: dateOf(txa) ?? origin.asOf,
        author: authorOf(txa),
        custodian: { ...partner.organization },
        content: contentOf(message),
      });
  const news: News = { next, before, origin: { ...origin, place: txa.place } };
  return isNews(news) ? [writeOver(news, partner.owner)] : [];
}

function statusOf(txa: Segment): JsonObject {
  const [completion, availability] = [textAt(txa, "17"), textAt(txa, "19")];
  const docStatus = completion === undefined ? undefined : DOCUMENT_COMPLETION.toFhir(completion);
  const status = DOCUMENT_AVAILABILITY.toFhir(availability ?? "AV");
  if (completion !== undefined && docStatus === undefined) throw new NotMapped("code-unknown", `${txa.place}-17`);
  if (status === undefined) throw new NotMapped("code-unknown", `${txa.place}-19`);
  return said({ docStatus, status });
}

function dateOf(txa: Segment): string | undefined {
  const told = textAt(txa, "6") ?? textAt(txa, "4");
  const date = told === undefined ? undefined : toDateTime(told);
  if (told !== undefined && date?.includes("T") !== true) throw new NotMapped("time-unreadable", `${txa.place}-6`);
  return date;
}

/** TXA-9, else TXA-5: who wrote it, as a name to be shown. */
function authorOf(txa: Segment): readonly JsonObject[] {
  const place = repeatsOf(txa, 9)[0] ?? repeatsOf(txa, 5)[0]; // the first is the one who wrote
  if (place === undefined) return [];
  const display = [textAt(txa, `${place}.3`), textAt(txa, `${place}.2`)].filter((one) => one !== undefined).join(" ");
  return display === "" ? [] : [{ display }];
}

/** The words and what is enclosed, each in its order. */
function contentOf(message: Hl7Message): readonly JsonObject[] {
  const items = itemsOf(message.all("OBX").map((obx) => ({ obx, notes: [] })));
  const attachments = items.map(({ obx, text }): JsonObject => {
    if (text !== undefined) return attachmentOf(text, obx.place);
    const value = valueOf(obx);
    if ("attachment" in value) return value.attachment;
    const words = "members" in value ? textIn(value.members["valueString"]) : undefined;
    if (words === undefined && !("empty" in value)) throw new NotMapped("value-unreadable", `${obx.place}-5`);
    return attachmentOf(words ?? "", obx.place);
  });
  if (attachments.length === 0) throw new NotMapped("answer-empty", "OBX");
  return attachments.map((attachment) => ({ attachment }));
}

function attachmentOf(text: string, place: string): JsonObject {
  if (text.trim() === "") throw new NotMapped("answer-empty", `${place}-5`);
  return { contentType: TEXT, data: Buffer.from(text, "utf8").toString("base64") };
}

export type DocumentOut = {
  readonly event: "T02" | "T08" | "T11";
  readonly document: JsonObject;
  readonly patient: JsonObject;
};

/** The segments of a document. Errors: RangeError for one whose content lies elsewhere. */
export function documentSegments({ event, document, patient }: DocumentOut, outgoing: Outgoing): readonly NewSegment[] {
  const number = objectIn(document["masterIdentifier"]);
  const [system, value] = [textIn(number["system"]), textIn(number["value"])];
  const named = system === undefined || value === undefined ? { own: textIn(document["id"]) ?? "" } : { system, value };
  const [author] = objectsIn(document["author"]); // TXA-9 is whoever wrote it
  const time = toHl7Time(textIn(document["date"]) ?? "");
  return [
    headerOf(outgoing, ["MDM", event, event === "T11" ? "MDM_T01" : "MDM_T02"]),
    ["EVN", { 1: event, 2: timeOf(outgoing.now) }],
    briefPidOf(patient),
    ["PV1", { 2: "N" }],
    [
      "TXA",
      {
        1: "1",
        2: cweOf(objectIn(document["type"])),
        6: time,
        9: [undefined, textIn(author?.["display"])],
        12: eiOf(named),
        17: DOCUMENT_COMPLETION.toHl7(textIn(document["docStatus"]) ?? ""),
        19: DOCUMENT_AVAILABILITY.toHl7(textIn(document["status"]) ?? ""),
      },
    ],
    // A document that is withdrawn is told of without its words.
    ...(event === "T11" ? [] : objectsIn(document["content"])).map((one, at) =>
      contentSegment(objectIn(one["attachment"]), at),
    ),
  ];
}

/** What is enclosed, as an OBX: a text as a text, anything else as it is. Errors: RangeError for what lies elsewhere. */
export function contentSegment(attachment: JsonObject, at: number): NewSegment {
  const data = textIn(attachment["data"]);
  const contentType = textIn(attachment["contentType"]) ?? "";
  if (data === undefined) throw new RangeError("the document's content lies elsewhere");
  const set = { 1: String(at + 1), 3: ["dokument", "Dokument", "L"], 4: String(at + 1), 11: "F" };
  if (contentType.startsWith("text/plain"))
    return ["OBX", { ...set, 2: "FT", 5: Buffer.from(data, "base64").toString("utf8") }];
  const [type, subtype] = contentType.split("/");
  return ["OBX", { ...set, 2: "ED", 5: [undefined, type, subtype, "Base64", data] }];
}
