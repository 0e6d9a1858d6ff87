/**
 * What is to be drawn from one patient: the open orders, the tubes that each needs and does not have, and one tube for all orders that can
 * share it. Pure: from orders, specimens and the catalogue of tubes.
 *
 * SPEC CLIN-SPECIMEN-1, CLIN-SPECIMEN-5
 */
import { listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { SENT_CODE, SPECIMEN_SYSTEM } from "../../loop/index.ts";
import { codesIn, nameIn, referenceIn, textIn } from "../said.ts";
import { NUMBER_SYSTEM } from "./number.ts";
import { tubesFor, TUBE_SYSTEM, UNKNOWN_TUBE, type Tube, type TubeCatalogue } from "./tubes.ts";

/** `labelled` has a number and is not drawn yet; `lost` and `unusable` are to be drawn again. */
export const SPECIMEN_STATES = ["labelled", "collected", "sent", "received", "lost", "unusable", "mistaken"] as const;
export type SpecimenState = (typeof SPECIMEN_STATES)[number];

export type PlannedOrder = {
  readonly id: string;
  readonly version: string;
  readonly resource: JsonObject;
  readonly title: string;
  readonly isUrgent: boolean;
};
export type KnownSpecimen = {
  readonly id: string;
  readonly version: string;
  readonly resource: JsonObject;
  readonly number: string | null;
  readonly tube: string | null;
  readonly requests: readonly string[];
  readonly state: SpecimenState;
};
/** A tube to draw: what it is for, and its specimen when its label has been made. */
export type PlannedTube = {
  readonly tube: Tube;
  readonly requests: readonly string[];
  readonly within: number;
  readonly specimen: KnownSpecimen | null;
  /** The one that was lost or could not be used, which this one is instead of. */
  readonly instead: KnownSpecimen | null;
};

export function orderIn(resource: JsonObject): PlannedOrder {
  const priority = textIn(resource["priority"]) ?? "routine";
  return {
    id: textIn(resource["id"]) ?? "",
    version: textIn(objectOf(resource["meta"])["versionId"]) ?? "",
    resource,
    title: nameIn(resource["code"]) ?? nameIn(resource["category"]) ?? "Provtagning",
    isUrgent: priority !== "routine",
  };
}

export function specimenIn(resource: JsonObject): KnownSpecimen {
  const { system, value } = objectOf(resource["accessionIdentifier"]);
  const tube = listOf(resource["container"])
    .flatMap((one) => listOf(objectOf(objectOf(one)["type"])["coding"]))
    .map(objectOf)
    .find((one) => one["system"] === TUBE_SYSTEM);
  return {
    id: textIn(resource["id"]) ?? "",
    version: textIn(objectOf(resource["meta"])["versionId"]) ?? "",
    resource,
    number: system === NUMBER_SYSTEM ? (textIn(value) ?? null) : null,
    tube: textIn(tube?.["code"]) ?? null,
    requests: listOf(resource["request"]).flatMap((one) => referenceIn(one)?.split("/")[1] ?? []),
    state: stateOf(resource),
  };
}

/** How far a specimen has come, by its own words. */
export function stateOf(resource: JsonObject): SpecimenState {
  if (resource["status"] === "entered-in-error") return "mistaken";
  if (resource["status"] === "unsatisfactory") return "unusable";
  if (resource["status"] === "unavailable") return "lost";
  if (resource["receivedTime"] !== undefined) return "received";
  if (processedAt(resource, SENT_CODE) !== undefined) return "sent";
  const { collectedDateTime, collectedPeriod } = objectOf(resource["collection"]);
  return collectedDateTime === undefined && collectedPeriod === undefined ? "labelled" : "collected";
}

/** When something was done with a specimen on its way; nothing when it was not. */
export function processedAt(resource: JsonObject, code: string): string | undefined {
  const done = listOf(resource["processing"])
    .map(objectOf)
    .find(({ procedure }) =>
      listOf(objectOf(procedure)["coding"])
        .map(objectOf)
        .some((one) => one["system"] === SPECIMEN_SYSTEM && one["code"] === code),
    );
  return done === undefined ? undefined : (textIn(done["timeDateTime"]) ?? "");
}

const FAILED: ReadonlySet<SpecimenState> = new Set(["lost", "unusable"]);
const DRAWN: ReadonlySet<SpecimenState> = new Set(["collected", "sent", "received"]);

/** The tubes to draw, in the order of drawing. An order whose tubes are all drawn has none. */
export function planTubes(
  orders: readonly PlannedOrder[],
  specimens: readonly KnownSpecimen[],
  catalogue: TubeCatalogue,
): readonly PlannedTube[] {
  const planned = new Map<string, PlannedTube>();
  for (const order of orders)
    for (const { tube, within } of tubesFor(catalogue, order.resource)) {
      const own = specimens.filter((one) => one.requests.includes(order.id) && (one.tube ?? tube.code) === tube.code);
      if (own.some(({ state }) => DRAWN.has(state))) continue;
      const specimen = own.find(({ state }) => state === "labelled") ?? null;
      const instead = own.findLast(({ state }) => FAILED.has(state)) ?? null;
      const key = `${tube.code} ${specimen?.id ?? ""}`;
      const before = planned.get(key);
      planned.set(key, {
        tube,
        specimen,
        requests: [...(before?.requests ?? []), order.id],
        within: Math.min(before?.within ?? within, order.isUrgent ? Math.min(within, URGENT_WITHIN) : within),
        instead: before?.instead ?? instead,
      });
    }
  return [...planned.values()].toSorted((a, b) => a.tube.rank - b.tube.rank || a.tube.code.localeCompare(b.tube.code));
}

/** What is urgent is missed after an hour, whatever tube it is in. */
const URGENT_WITHIN = 60;

const LABORATORY: ReadonlySet<string> = new Set(["108252007", "laboratory", "LAB"]);

/** What has the same name, together, in the order in which the names came. */
export function grouped<T>(all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(nameOf(one), [...(found.get(nameOf(one)) ?? []), one]);
  return found;
}

/** Whether an order is for the laboratory, by its category, or by what the catalogue of tubes knows. */
export function needsSpecimen(resource: JsonObject, catalogue: TubeCatalogue): boolean {
  const categories = codesIn(resource["category"]);
  if (categories.length > 0) return categories.some((code) => LABORATORY.has(code));
  return tubesFor(catalogue, resource).some(({ tube }) => tube !== UNKNOWN_TUBE);
}

/** When it is to be drawn, in milliseconds: when the order says, else when it was written. */
export function dueOf(resource: JsonObject): number | null {
  const { occurrenceDateTime, occurrencePeriod, authoredOn } = resource;
  const said = textIn(occurrenceDateTime) ?? textIn(objectOf(occurrencePeriod)["start"]) ?? textIn(authoredOn);
  const ms = said === undefined ? Number.NaN : Date.parse(said);
  return Number.isNaN(ms) ? null : ms;
}

const MINUTE = 60_000;
/** How long after its time an order may wait before it is late. */
const PATIENCE: Readonly<Record<string, number>> = { stat: 15, asap: 30, urgent: 60 };
const USUAL_PATIENCE = 240;

export function lateAt(resource: JsonObject): number | null {
  const due = dueOf(resource);
  const patience = PATIENCE[textIn(resource["priority"]) ?? ""] ?? USUAL_PATIENCE;
  return due === null ? null : due + patience * MINUTE;
}
