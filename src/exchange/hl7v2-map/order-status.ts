/**
 * What a laboratory says of an order before it answers (accepted, specimen received, rejected, specimen missing), as a Task that follows
 * the order and belongs to the unit that ordered; and what it says of the specimen. SPEC EXCH-MAP-STATUS
 */
import type { JsonObject, JsonValue } from "../../fhir/index.ts";
import type { Command } from "../../journal/index.ts";
import { conceptAt } from "./coded.ts";
import { NotMapped } from "./exceptions.ts";
import { entityAt, identifierOf } from "./identifiers.ts";
import { nameOf, objectIn, objectsIn, said, textIn } from "./json.ts";
import { matchOrder, specimensOf, subjectOf } from "./match.ts";
import type { Partner } from "./partner.ts";
import type { ResultContext } from "./results.ts";
import { textAt, type OrderGroup } from "./segments.ts";
import { derivedId, isNews, writeOver, type News, type Origin } from "./standing.ts";
import { ORDER_CONTROL_IN, ORDER_STATUS, REPORT_STATUS } from "./tables/index.ts";
import { momentOf, toDateTime } from "./time.ts";

const FULFIL = { system: "http://hl7.org/fhir/CodeSystem/task-code", code: "fulfill", display: "Utför beställningen" };

/** The commands that a status of an order makes. @throws NotMapped when it is not this partner's order, or says what is not understood. */
export function planStatus(group: OrderGroup, context: ResultContext): readonly Command[] {
  const order = orderOf(group, context);
  const status = statusOf(group);
  const origin = originOf(group, context);
  const task = taskOf(group, context, { order, status, origin });
  const commands = isNews(task) ? [writeOver(task, context.facts.owner)] : [];
  return [...commands, ...specimenCommands(group, context, origin)];
}

/** The order that the group is about. @throws NotMapped as `matchOrder` does. */
export function orderOf(group: OrderGroup, { pid, facts, partner }: ResultContext): JsonObject {
  return matchOrder(group, pid, facts, partner);
}

/** What an answer says of its order: the Task that follows it is done when the answer is, or the examination was called off. */
export function planAnswered(group: OrderGroup, context: ResultContext, order: JsonObject): readonly Command[] {
  const status = REPORT_STATUS.toFhir(textAt(group.obr, "25") ?? "") ?? "";
  if (status === "registered") return planStatus(group, context);
  const isUnderWay = status === "preliminary" || status === "partial";
  const origin = originOf(group, context);
  const isFollowed = context.facts.others.has(`Task/${taskIdOf(order, context.partner)}`);
  if (!isFollowed && status !== "cancelled" && !isUnderWay) return []; // the order itself says that it is done
  const done = status === "cancelled" ? "cancelled" : "completed";
  const task = taskOf(group, context, {
    order,
    status: isUnderWay ? "in-progress" : done,
    origin,
  });
  return isNews(task) ? [writeOver(task, context.facts.owner)] : [];
}

const REFUSED = { UC: "order-not-cancelled", UX: "order-not-changed" } as const;
/** What says nothing of the order itself and sends on to ORC-5. */
const STATED: ReadonlySet<string | undefined> = new Set([undefined, "SC", "RE", "SN"]);

/** ORC-1 says it, or sends on to ORC-5; a result that is only registered says that it is in progress. */
function statusOf({ orc, obr }: OrderGroup): string {
  const control = textAt(orc, "1");
  const place = (orc ?? obr)?.place ?? "ORC";
  if (control === "UC" || control === "UX") throw new NotMapped(REFUSED[control], `${place}-1`);
  const isStated = STATED.has(control);
  const told = textAt(orc, "5");
  if (isStated && told === undefined && textAt(obr, "25") !== undefined) return "in-progress";
  const status = isStated ? ORDER_STATUS.toFhir(told ?? "") : ORDER_CONTROL_IN.toFhir(control ?? "");
  if (status === undefined) throw new NotMapped("code-unknown", `${place}-${isStated ? "5" : "1"}`);
  return status;
}

function originOf({ orc, obr }: OrderGroup, { source, sent }: ResultContext): Origin {
  const told = textAt(obr, "22") ?? textAt(orc, "9");
  const dated = told === undefined ? undefined : toDateTime(told);
  const place = (orc ?? obr)?.place ?? "ORC";
  if (told !== undefined && dated === undefined) throw new NotMapped("time-unreadable", `${place}-9`);
  const isDated = dated !== undefined && dated.includes("T");
  return { source, asOf: isDated ? dated : sent, isDated, place };
}

/** The one task that follows an order for a partner. */
function taskIdOf(order: JsonObject, partner: Partner): string {
  const patient = (textIn(subjectOf(order)["reference"]) ?? "").replace("Patient/", "");
  return derivedId(patient, nameOf(order), "Task", partner.name);
}

type Said = { readonly order: JsonObject; readonly status: string; readonly origin: Origin };

function taskOf({ orc, obr }: OrderGroup, { partner, facts }: ResultContext, { order, status, origin }: Said): News {
  const subject = subjectOf(order);
  const id = taskIdOf(order, partner);
  const filler = entityAt(orc, "3") ?? entityAt(obr, "3");
  const reason = conceptAt(orc, "16");
  // What is called off without having been asked for comes back to the one who ordered.
  const isReturned = status === "cancelled" && order["status"] !== "revoked";
  const reference = { reference: nameOf(order) };
  const next = said({
    resourceType: "Task",
    id,
    identifier: filler === undefined || "own" in filler ? undefined : [identifierOf(filler, "FILL")],
    basedOn: [reference],
    status: isReturned ? "failed" : status,
    statusReason: reason,
    intent: "order",
    code: { coding: [FULFIL] },
    focus: reference,
    for: subject,
    encounter: order["encounter"],
    authoredOn: order["authoredOn"],
    lastModified: notBefore(origin.asOf, order["authoredOn"]),
    requester: order["requester"],
    owner: { ...partner.organization },
  });
  return { next, before: facts.others.get(`Task/${id}`), origin };
}

/** R4 has no task that was changed before it was written; a laboratory's clock may be behind that of whoever ordered. */
function notBefore(told: string, authoredOn: JsonValue | undefined): string {
  const written = textIn(authoredOn);
  return written !== undefined && momentOf(told) < momentOf(written) ? written : told;
}

/** When the laboratory received the specimen (SPM-18), and why it cannot be used (SPM-21). */
function specimenCommands(group: OrderGroup, { facts }: ResultContext, origin: Origin): readonly Command[] {
  return specimensOf(group, facts.specimens).flatMap((before) => {
    const spm = group.specimens.find((one) => specimensOf({ ...group, specimens: [one] }, [before]).length > 0);
    const received = toDateTime(textAt(spm, "18") ?? "");
    const refused = conceptAt(spm, "21");
    if (received === undefined && refused === undefined) return [];
    const note = refused === undefined ? [] : [{ text: textIn(refused["text"]) ?? displayOf(refused) }];
    const { meta: _meta, ...kept } = before;
    const next = said({
      ...kept,
      status: refused === undefined ? "available" : "unsatisfactory",
      receivedTime: received ?? before["receivedTime"],
      note: refused === undefined ? before["note"] : note,
    });
    const news: News = { next, before, origin };
    return isNews(news) ? [writeOver(news, facts.owner)] : [];
  });
}

function displayOf(concept: JsonObject): string {
  const [first] = objectsIn(concept["coding"]);
  return textIn(first?.["display"]) ?? textIn(objectIn(first)["code"]) ?? "";
}
