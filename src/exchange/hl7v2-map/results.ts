/**
 * Results in: an ORU^R01's order with its observations as DiagnosticReport and Observations of the order's patient, owned by the unit that
 * ordered. Pure: facts in, commands out. SPEC EXCH-MAP-RESULT · failure modes F11, F17 to F19, F41
 */
import type { JsonObject, JsonValue } from "../../fhir/index.ts";
import type { Command } from "../../journal/index.ts";
import type { Segment } from "../hl7v2/codec/index.ts";
import { conceptAt, keyOf } from "./coded.ts";
import { NotMapped } from "./exceptions.ts";
import { entityAt, identifierOf, nameText } from "./identifiers.ts";
import { isSaid, listOf, nameOf, objectIn, objectsIn, said, textIn } from "./json.ts";
import { specimensOf, subjectOf, type OrderFacts } from "./match.ts";
import { isText, itemsOf, type Item } from "./lines.ts";
import type { Partner } from "./partner.ts";
import { linesAt, noteOf, repeatsOf, textAt, type OrderGroup } from "./segments.ts";
import { derivedId, isNews, standingOf, union, writeOver, type News, type Origin } from "./standing.ts";
import { ABNORMAL_FLAG, OBSERVATION_STATUS, REPORT_STATUS, SECTION } from "./tables/index.ts";
import { toDateTime } from "./time.ts";
import { referenceRangeAt, valueOf, type ReadValue } from "./values.ts";

export type ResultContext = {
  readonly partner: Partner;
  readonly facts: OrderFacts;
  readonly pid: Segment | undefined;
  /** `urn:eira:hl7v2:<name>#<control id>` and when the message was sent. */
  readonly source: string;
  readonly sent: string;
};

/** What all resources of one order's answer share. */
type Answer = ResultContext & {
  readonly group: OrderGroup;
  readonly obr: Segment;
  readonly order: JsonObject;
  readonly patient: string;
  readonly origin: Origin;
  readonly shared: JsonObject;
};

/** OBR-22, which is when what is said held and no part of what is said. */
const RESULT_TIME = 22;
const V3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
const V2_SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074";
const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";

/** The commands that an answer to its order makes; none when it says nothing new. @throws NotMapped when it must not be taken in. */
export function planResult(group: OrderGroup, context: ResultContext, order: JsonObject): readonly Command[] {
  const answer = answerOf(group, context, order);
  const status = reportStatusOf(answer.obr);
  if (status === "registered") return []; // no answer yet; what it says of the order is the order's status
  const read = itemsOf(group.observations).map((item) => readItem(item, answer));
  const texts = read.flatMap((one) => (one.kind === "text" ? [one.text] : []));
  const observations = read.flatMap((one) => (one.kind === "observation" ? [one.news] : []));
  const attachments = read.flatMap((one) => (one.kind === "attachment" ? [one.attachment] : []));
  const report = reportOf(answer, { status, texts, attachments, observations });
  refuseEmpty(answer, report.next, observations);
  const changed = observations.filter((news) => isNews(news));
  const commands = changed.map((news) => writeOver(news, context.facts.owner));
  return [...commands, ...reportCommands(answer, report), ...orderCommands(answer, status)];
}

function answerOf(group: OrderGroup, context: ResultContext, order: JsonObject): Answer {
  const { facts, partner, source, sent } = context;
  const { obr } = group;
  if (obr === undefined) throw new NotMapped("code-missing", "OBR");
  const subject = subjectOf(order);
  const patient = (textIn(subject["reference"]) ?? "").replace("Patient/", "");
  const dated = toDateTime(textAt(obr, "22") ?? "");
  const isDated = dated !== undefined && dated.includes("T");
  if (textAt(obr, "22") !== undefined && dated === undefined) throw new NotMapped("time-unreadable", `${obr.place}-22`);
  const effective = textAt(obr, "7");
  const effectiveDateTime = effective === undefined ? undefined : toDateTime(effective);
  if (effective !== undefined && effectiveDateTime === undefined)
    throw new NotMapped("time-unreadable", `${obr.place}-7`);
  const origin = { source, asOf: isDated ? dated : sent, isDated, place: obr.place };
  const specimens = specimensOf(group, facts.specimens).map((one) => ({ reference: nameOf(one) }));
  const { encounter } = order;
  const shared = said({
    basedOn: [{ reference: nameOf(order) }],
    subject,
    encounter,
    effectiveDateTime,
    issued: origin.asOf,
    performer: [{ ...partner.organization }],
    specimen: specimens,
  });
  return { ...context, group, obr, order, patient, origin, shared };
}

function reportStatusOf(obr: Segment): string {
  const status = REPORT_STATUS.toFhir(textAt(obr, "25") ?? "");
  if (status === undefined) throw new NotMapped("code-unknown", `${obr.place}-25`);
  return status;
}

/** What tells this answer's report from others of the order: the laboratory's number, else what was examined. */
function reportKey({ obr, group, partner }: Answer): string {
  const filler = entityAt(obr, "3") ?? entityAt(group.orc, "3");
  return `${partner.name}|${filler === undefined ? keyOf(conceptAt(obr, "4") ?? {}) : nameText(filler)}`;
}

type Parts = {
  readonly status: string;
  readonly texts: readonly string[];
  readonly attachments: readonly JsonObject[];
  readonly observations: readonly News[];
};

function reportOf(answer: Answer, { status, texts, attachments, observations }: Parts): News {
  const { obr, order, group, facts, origin, shared, partner, patient } = answer;
  const id = derivedId(patient, nameOf(order), "DiagnosticReport", reportKey(answer));
  const filler = entityAt(obr, "3") ?? entityAt(group.orc, "3");
  const section = SECTION.toFhir(textAt(obr, "24") ?? "") ?? (partner.kind === "radiology" ? "RAD" : "LAB");
  const note = noteOf(group.notes);
  const reader = readerOf(obr);
  const next = said({
    resourceType: "DiagnosticReport",
    id,
    identifier: filler === undefined || "own" in filler ? undefined : [identifierOf(filler, "FILL")],
    status: status === "corrected" && isAddendum(group) ? "appended" : status,
    category: [{ coding: [{ system: V2_SECTION, code: section }] }],
    code: conceptAt(obr, "4") ?? order["code"],
    ...shared,
    resultsInterpreter: reader === undefined ? undefined : [reader],
    result: observations.map(({ next: one }) => ({ reference: nameOf(one) })),
    conclusion: [...texts, note].filter(isSaid).join("\n\n"),
    presentedForm: attachments,
  });
  return { next, before: facts.others.get(`DiagnosticReport/${id}`), origin, says: saidIn(answer) };
}

/** All that an answer says, its values too: a value that is corrected is a new version of the report, which somebody has to read again. */
function saidIn({ obr, group }: Answer): string {
  const [report, ...others] = [obr, ...group.observations.flatMap(({ obx, notes }) => [obx, ...notes]), ...group.notes];
  const untimed = report?.fields.map((field, at) => (at === RESULT_TIME ? "" : field)) ?? [];
  return [untimed, ...others.map(({ fields }) => fields)].map((fields) => fields.join("|")).join("\r");
}

/** Radiology adds to what it has said; the report is then not corrected but longer. */
function isAddendum({ observations }: OrderGroup): boolean {
  return observations.some(({ obx }) => textAt(obx, "3.1.2") === "ADT" || textAt(obx, "3.1") === "ADT");
}

/** OBR-32: who answers for the report. A name is shown, and matches nobody. */
function readerOf(obr: Segment): JsonObject | undefined {
  const [place] = repeatsOf(obr, 32); // the first one is the principal
  if (place === undefined) return undefined;
  const display = [textAt(obr, `${place}.1.3`), textAt(obr, `${place}.1.2`)]
    .filter((one) => one !== undefined)
    .join(" ");
  return display === "" ? undefined : { display };
}

type Read =
  | { readonly kind: "observation"; readonly news: News }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "attachment"; readonly attachment: JsonObject };

const WITHDRAWN: ReadonlySet<string> = new Set(["cancelled", "entered-in-error", "registered"]);

function readItem(item: Item, answer: Answer): Read {
  const { obx, notes } = item;
  const code = conceptAt(obx, "3");
  if (code === undefined) throw new NotMapped("code-missing", `${obx.place}-3`);
  const id = observationId(answer, code, textAt(obx, "4") ?? "");
  const before = answer.facts.others.get(`Observation/${id}`);
  const status = observationStatus(obx, before);
  const value = itemValue(item);
  if ("fault" in value) throw new NotMapped("value-unreadable", `${obx.place}-${value.fault.slice(4)}`);
  const kept = "empty" in value ? keptValue(obx, status, before) : {};
  if ("attachment" in value) return { kind: "attachment", attachment: value.attachment };
  if (isReportText(obx, answer) && "members" in value)
    return {
      kind: "text",
      text: [textIn(value.members["valueString"]) ?? "", noteOf(notes)].filter(isSaid).join("\n"),
    };
  const members = "members" in value ? value.members : kept;
  const next = said({
    resourceType: "Observation",
    id,
    status,
    category: [
      { coding: [{ system: CATEGORY, code: answer.partner.kind === "radiology" ? "imaging" : "laboratory" }] },
    ],
    code,
    ...observationShared(obx, answer),
    ...members,
    interpretation: flagsOf(obx),
    note: notesOf(notes),
    referenceRange: listOf(referenceRangeAt(obx)),
  });
  return { kind: "observation", news: { next, before, origin: { ...answer.origin, place: obx.place } } };
}

function itemValue({ obx, text }: Item): ReadValue {
  if (text === undefined) return valueOf(obx);
  return text.trim() === "" ? { empty: true } : { members: { valueString: text } };
}

function observationId(answer: Answer, code: JsonObject, sub: string): string {
  return derivedId(answer.patient, nameOf(answer.order), "Observation", reportKey(answer), keyOf(code), sub);
}

/** `U` makes final what was sent before; without it there is nothing that could be final. */
function observationStatus(obx: Segment, before: JsonObject | undefined): string {
  const code = textAt(obx, "11") ?? "";
  const status = code === "U" && before !== undefined ? "final" : OBSERVATION_STATUS.toFhir(code);
  if (status === undefined) throw new NotMapped("code-unknown", `${obx.place}-11`);
  return status;
}

/** A radiologist's words are the report; a laboratory's words are the result of their analysis. */
function isReportText(obx: Segment, { partner, obr }: Answer): boolean {
  return isText(obx) && (partner.kind === "radiology" || textAt(obr, "24") === "RAD" || textAt(obr, "24") === "PAT");
}

function observationShared(obx: Segment, { shared, group }: Answer): JsonObject {
  const { specimen, ...rest } = shared;
  const told = textAt(obx, "14");
  const effectiveDateTime = told === undefined ? rest["effectiveDateTime"] : toDateTime(told);
  if (effectiveDateTime === undefined && told !== undefined) throw new NotMapped("time-unreadable", `${obx.place}-14`);
  const [one, other] = objectsIn(specimen);
  // An Observation has one specimen; of several it is not known which.
  return said({
    ...rest,
    effectiveDateTime,
    specimen: group.specimens.length === 1 && other === undefined ? one : undefined,
  });
}

/** The value of an OBX that has none: what stood before where it stays, nothing where it is withdrawn. @throws NotMapped for what is blank. */
function keptValue(obx: Segment, status: string, before: JsonObject | undefined): JsonObject {
  const stays = textAt(obx, "11") === "U" || status === "entered-in-error";
  if (before !== undefined && stays)
    return Object.fromEntries(Object.entries(before).filter(([name]) => name.startsWith("value")));
  if (!WITHDRAWN.has(status)) throw new NotMapped("answer-empty", `${obx.place}-5`);
  return {};
}

function flagsOf(obx: Segment): readonly JsonValue[] {
  return repeatsOf(obx, 8).flatMap((place) => {
    const flag = textAt(obx, place);
    if (flag === undefined) return [];
    const code = ABNORMAL_FLAG.toFhir(flag);
    if (code === undefined) throw new NotMapped("code-unknown", `${obx.place}-8`);
    return [{ coding: [{ system: V3, code }] }];
  });
}

function notesOf(notes: readonly Segment[]): readonly JsonValue[] {
  return notes.flatMap((note) => {
    const text = linesAt(note, "3");
    return text === undefined ? [] : [{ text }];
  });
}

/** An answer that is said to be there says something (F19). */
function refuseEmpty({ obr }: Answer, report: JsonObject, observations: readonly News[]): void {
  const isWithdrawn = WITHDRAWN.has(textIn(report["status"]) ?? "");
  const says = observations.length > 0 || textIn(report["conclusion"])?.trim() || report["presentedForm"] !== undefined;
  if (!isWithdrawn && !says) throw new NotMapped("answer-empty", obr.place);
}

/** An older message may have results that no newer one had: they are the report's, too, and nothing else of it changes. */
function reportCommands({ facts }: Answer, report: News): readonly Command[] {
  const { next, before } = report;
  const found = standingOf(report);
  const result = union(before?.["result"], next["result"]);
  if (found === "new" || found === "newer")
    return [writeOver(report, facts.owner, result.length === 0 ? {} : { result })];
  if (before === undefined || found === "same" || result.length === objectsIn(before["result"]).length) return [];
  const version = textIn(objectIn(before["meta"])["versionId"]) ?? "";
  const shared = {
    kind: "update",
    type: "DiagnosticReport",
    id: textIn(next["id"]) ?? "",
    where: "DiagnosticReport",
  } as const;
  return [{ ...shared, resource: { ...before, result }, owner: facts.owner, ifMatch: version }];
}

const ANSWERED: ReadonlySet<string> = new Set(["final", "corrected", "appended"]);

/** The order is done when it has its final answer. */
function orderCommands({ order, facts }: Answer, status: string): readonly Command[] {
  if (order["status"] !== "active" || !ANSWERED.has(status)) return [];
  const version = textIn(objectIn(order["meta"])["versionId"]) ?? "";
  const id = textIn(order["id"]) ?? "";
  const resource = { ...order, status: "completed" };
  return [
    {
      kind: "update",
      type: "ServiceRequest",
      id,
      where: "ServiceRequest",
      resource,
      owner: facts.owner,
      ifMatch: version,
    },
  ];
}
