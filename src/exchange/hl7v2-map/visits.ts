/**
 * Visits: an Encounter for each unit that a visit passes, owned by that unit, since a care contact opens the patient's records there. A move
 * ends one and begins the next; whatever is taken back stands as it did. SPEC EXCH-MAP-VISIT
 */
import { isHsaId } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import type { Command } from "../../journal/index.ts";
import type { Segment } from "../hl7v2/codec/index.ts";
import type { EventContext } from "./event.ts";
import { NotMapped } from "./exceptions.ts";
import { find, escaped } from "./find.ts";
import { entityAt, identifierOf, type AssignedNumber } from "./identifiers.ts";
import { nameOf, objectIn, objectsIn, said, textIn } from "./json.ts";
import { unitNamed, type DirectoryUnit } from "./partner.ts";
import { textAt } from "./segments.ts";
import { derivedId, isNews, lastTold, writeOver, type News } from "./standing.ts";
import { PATIENT_CLASS, VISIT_EVENT } from "./tables/index.ts";
import { momentOf, toDateTime } from "./time.ts";

const CLASS_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/** What an event is about: the visit, its unit, and what stands here of it. */
type Event = EventContext & {
  readonly pv1: Segment;
  readonly patient: string;
  readonly unit: DirectoryUnit;
  readonly number: AssignedNumber;
  readonly class: string;
  readonly visits: readonly JsonObject[];
};

/** The commands of a visit's event. @throws NotMapped */
export async function planVisit(
  pv1: Segment | undefined,
  patient: JsonObject,
  context: EventContext,
): Promise<readonly Command[]> {
  if (pv1 === undefined) throw new NotMapped("code-missing", "PV1");
  const named = entityAt(pv1, "19");
  if (named === undefined || "own" in named) throw new NotMapped("code-missing", `${pv1.place}-19`);
  const code = PATIENT_CLASS.toFhir(textAt(pv1, "2") ?? "");
  if (code === undefined) throw new NotMapped("code-unknown", `${pv1.place}-2`);
  const told = ["3.4.1", "3.4.2", "3.1"]
    .map((place) => textAt(pv1, place))
    .find((one) => one !== undefined && isHsaId(one));
  const hsaId = told ?? context.partner.owner.careUnit;
  const found = await unitNamed(context.visit, hsaId);
  if (found === undefined) throw new NotMapped("unit-unknown", `${pv1.place}-3`);
  const standing = await find(context.visit, "Encounter", [
    ["identifier", `${escaped(named.system)}|${escaped(named.value)}`],
  ]);
  const visits = [...standing.values()];
  const event: Event = { ...context, pv1, patient: nameOf(patient), unit: found, number: named, class: code, visits };
  const owner = { careProvider: found.careProvider, careUnit: hsaId };
  const news = [here(event, hsaId), ...elsewhere(event, hsaId)];
  return news.filter(isNews).map((one) => writeOver(one, owner));
}

function idAt(event: Event, hsaId: string): string {
  const { patient, partner, number } = event;
  return derivedId(
    patient.replace("Patient/", ""),
    patient,
    "Encounter",
    partner.name,
    `${number.system}|${number.value}`,
    hsaId,
  );
}

/** The visit at the unit that the message names. */
function here(event: Event, hsaId: string): News {
  const { origin, pv1, patient, unit, number, visits } = event;
  const id = idAt(event, hsaId);
  const before = visits.find((one) => one["id"] === id);
  const { meta: _meta, text: _text, ...kept } = before ?? {};
  const later = before === undefined ? laterOf(event) : undefined;
  const status = VISIT_EVENT.toFhir(event.event) ?? textIn(before?.["status"]) ?? "in-progress";
  const place = placeAt(pv1);
  const next = said({
    ...kept,
    resourceType: "Encounter",
    id,
    identifier: [identifierOf(number, "VN")],
    status: later === undefined ? status : "finished", // it was moved on before this became known
    class: { system: CLASS_SYSTEM, code: event.class },
    subject: { reference: patient },
    period: periodOf(event, before, later),
    location: place === undefined ? kept["location"] : [{ location: { display: place } }],
    serviceProvider: { reference: unit.reference, display: unit.name },
  });
  return { next, before, origin: { ...origin, place: pv1.place }, says: `${event.event} ${pv1.fields.join("|")}` };
}

/** When the visit is known to have gone on to another unit after this. */
function laterOf({ visits, origin }: Event): string | undefined {
  return visits.map(lastTold).find((told) => momentOf(told) > momentOf(origin.asOf));
}

function periodOf(
  { event, pv1, origin, occurred = origin.asOf }: Event,
  before: JsonObject | undefined,
  later: string | undefined,
): JsonObject {
  const period = objectIn(before?.["period"]);
  const [admitted, discharged] = ["44", "45"].map((field) => toDateTime(textAt(pv1, field) ?? ""));
  const moved = event === "A02" || event === "A12";
  const start = period["start"] ?? (moved ? occurred : (admitted ?? (event === "A05" ? undefined : occurred)));
  if (event === "A03") return said({ start, end: discharged ?? occurred });
  if (event === "A11") return said({ start, end: period["end"] });
  return said({ start, end: later });
}

/** What becomes of the visit at the other units: a move ends it there, and whatever ends it ends it everywhere. */
function elsewhere(event: Event, hsaId: string): readonly News[] {
  const id = idAt(event, hsaId);
  const becomes = { A02: "finished", A03: "finished", A11: "cancelled", A12: "cancelled" }[event.event];
  if (becomes === undefined) return [];
  const going = event.visits.filter(
    (one) => one["id"] !== id && (one["status"] === "in-progress" || event.event === "A11"),
  );
  return going.map((before): News => {
    const { meta: _meta, text: _text, ...kept } = before;
    const end = becomes === "finished" ? (event.occurred ?? event.origin.asOf) : undefined;
    const next = said({ ...kept, status: becomes, period: said({ ...objectIn(kept["period"]), end }) });
    return { next, before, origin: event.origin, says: `${event.event} ${event.pv1.fields.join("|")}` };
  });
}

/** Ward, room and bed as they are written. */
function placeAt(pv1: Segment): string | undefined {
  const parts = ["3.1", "3.2", "3.3"]
    .map((place) => textAt(pv1, place))
    .filter((one) => one !== undefined && !isHsaId(one));
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** The visit number of an Encounter, for messages. */
export function visitNumberOf(encounter: JsonObject): AssignedNumber | undefined {
  const [one] = objectsIn(encounter["identifier"]); // the first is the visit's own number
  const [system, value] = [textIn(one?.["system"]), textIn(one?.["value"])];
  return system === undefined || value === undefined ? undefined : { system, value };
}
