/**
 * What is to be collected, as whoever stands there needs it: the unit's list of patients with open laboratory orders, and one patient's tubes
 * with their numbers. From the ledger's open orders of the unit; what nothing opens to the reader is not there.
 *
 * SPEC CLIN-SPECIMEN-1, CLIN-SPECIMEN-3 · F40
 */
import { listOf, objectOf, parseJson, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import { loopsOf, loopsOfPatient, type Loop } from "../../loop/index.ts";
import {
  disclosedTogether,
  readResource,
  requireNeed,
  searchResources,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { actingPerson } from "../acting.ts";
import { inParts, ofType, referenceIn, resourcesIn, textIn } from "../said.ts";
import {
  dueOf,
  grouped,
  lateAt,
  needsSpecimen,
  orderIn,
  planTubes,
  specimenIn,
  type KnownSpecimen,
  type PlannedOrder,
  type PlannedTube,
} from "./plan.ts";
import { tubeCatalogue, type TubeCatalogue } from "./tubes.ts";

export type CollectionRow = {
  readonly patient: string;
  readonly person: JsonObject | null;
  /** Room and bed, where the visit says so. */
  readonly place: string | null;
  readonly orders: readonly { readonly id: string; readonly title: string; readonly isUrgent: boolean }[];
  readonly tubes: number;
  /** The nearest time of its orders, and whether it has passed by more than it may. */
  readonly due: number | null;
  readonly isLate: boolean;
  /** Drawn once in vain: lost, or it could not be used. */
  readonly isAgain: boolean;
};
export type CollectionList = { readonly items: readonly CollectionRow[]; readonly more: boolean };

const PAGE = 200;
const MOST_PAGES = 5;

/** Who of the unit's patients is to be drawn, what is late first, then the nearest time. Errors: FORBIDDEN. */
export async function collectionList(visit: Visit): Promise<Disclosed<CollectionList>> {
  actingPerson(visit);
  const [{ loops, more }, catalogue] = await Promise.all([openOrders(visit), tubeCatalogue(visit)]);
  const ids = loops.map(({ subject }) => subject.id);
  const pages = await Promise.all(inParts(ids, PAGE).map((part) => searchResources(visit, "ServiceRequest", [["_id", part.join(",")], ...ALONG]))); // prettier-ignore
  const now = visit.clock().getTime();
  return disclosedTogether(pages, (found) => {
    const seen = resourcesIn(found);
    return { items: rowsOf(seen, { catalogue, now }).toSorted(byNeed), more };
  });
}

const ALONG = [
  ["_count", String(PAGE)],
  ["_include", "ServiceRequest:subject"],
  ["_include", "ServiceRequest:encounter"],
  ["_include:iterate", "Encounter:location"],
  ["_include", "ServiceRequest:specimen"],
] as const;

type OpenOrders = { readonly loops: readonly Loop[]; readonly more: boolean };

/** The open orders that the unit has sent, and those that it was asked for. A list that is longer than can be shown says so. */
async function openOrders(visit: Visit): Promise<OpenOrders> {
  const sides = await Promise.all([ordersOn(visit, "sender"), ordersOn(visit, "owner")]);
  const loops = new Map(sides.flatMap((side) => side.loops.map((one) => [one.id, one] as const)));
  return { loops: [...loops.values()], more: sides.some(({ more }) => more) };
}

async function ordersOn(visit: Visit, side: "sender" | "owner"): Promise<OpenOrders> {
  const loops: Loop[] = [];
  let after: Parameters<typeof loopsOf>[1]["after"] = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const ask = { side, mine: false, kinds: ["order"], late: false, doneSince: null, limit: PAGE } as const;
    const { value } = await loopsOf(visit, { ...ask, after });
    loops.push(...value.loops);
    after = value.next;
    if (after === null) break;
  }
  return { loops: loops.filter(({ subject }) => subject.type === "ServiceRequest"), more: after !== null };
}

function rowsOf(
  seen: ReadonlyMap<string, JsonObject>,
  { catalogue, now }: { readonly catalogue: TubeCatalogue; readonly now: number },
): readonly CollectionRow[] {
  const orders = ofType(seen, "ServiceRequest").filter((one) => isToCollect(one, catalogue));
  const specimens = ofType(seen, "Specimen").map(specimenIn);
  return [...grouped(orders, (one) => referenceIn(one["subject"]) ?? "")].flatMap(([subject, some]) => {
    const own = some.map(orderIn);
    const tubes = planTubes(own, specimens, catalogue);
    const due = waitingOf(own, specimens, catalogue);
    const person = seen.get(subject);
    if (due.length === 0) return [];
    return [
      {
        patient: subject.replace("Patient/", ""),
        person: person === undefined ? null : toldOf(person),
        place: placeOf(due, seen),
        orders: due.map(({ id, title, isUrgent }) => ({ id, title, isUrgent })),
        tubes: tubes.length,
        due: least(due.map(({ resource }) => dueOf(resource))),
        isLate: due.some(({ resource }) => (lateAt(resource) ?? Infinity) < now),
        isAgain: tubes.some(({ instead }) => instead !== null),
      },
    ];
  });
}

function byNeed(a: CollectionRow, b: CollectionRow): number {
  return Number(b.isLate) - Number(a.isLate) || (a.due ?? Infinity) - (b.due ?? Infinity) || (a.patient < b.patient ? -1 : 1); // prettier-ignore
}

function isToCollect(order: JsonObject, catalogue: TubeCatalogue): boolean {
  return order["status"] === "active" && needsSpecimen(order, catalogue);
}

/** The last place of the visit is where the patient is. */
function placeOf(orders: readonly PlannedOrder[], seen: ReadonlyMap<string, JsonObject>): string | null {
  for (const { resource } of orders) {
    const visits = listOf(seen.get(referenceIn(resource["encounter"]) ?? "")?.["location"]).map(objectOf);
    const named = visits.map(({ location }) => seen.get(referenceIn(location) ?? "")?.["name"] ?? objectOf(location)["display"]); // prettier-ignore
    const place = named.findLast((one) => textIn(one) !== undefined);
    if (typeof place === "string") return place;
  }
  return null;
}

/** One patient's collection. */
export type Collection = {
  readonly person: JsonObject;
  readonly isProtected: boolean;
  readonly orders: readonly PlannedOrder[];
  readonly tubes: readonly PlannedTube[];
  /** Specimens of these orders that have been drawn. */
  readonly drawn: readonly KnownSpecimen[];
  /** Attempts that came to nothing and that somebody still has to see to. */
  readonly attempts: readonly JsonObject[];
  /** How labels were printed, the latest first: completed is handed over to a printer, requested is not known, failed did not come out. */
  readonly prints: readonly JsonObject[];
  /** Open orders of other units that are not taken along, of those that the reader may see. */
  readonly others: number;
};
export type CollectionAsk = {
  /** Take the other units' orders along: the patient is here, and is drawn from once. */
  readonly withOthers?: boolean;
};

export const FOLLOW_UP = "urn:eira:provtagning|ej-taget";
export const PRINT = "urn:eira:provtagning|etikett";

/** What is to be drawn from a patient at the reader's unit: its own orders, what it was asked for, and others' when they are taken along. Errors: NO_CARE_RELATION, NOT_FOUND, FORBIDDEN. */
export async function collectionOf(
  visit: Visit,
  patient: string,
  { withOthers = false }: CollectionAsk = {},
): Promise<Disclosed<Collection>> {
  const { assignment } = actingPerson(visit);
  await requireNeed(visit, patient, `Patient/${patient} specimens`);
  const { value } = await loopsOfPatient(visit, patient, visit.clock().getTime());
  const unit = assignment.unitHsaId;
  const ids = value.loops.flatMap(({ kind, subject, sender, owner }) =>
    kind === "order" && (sender === unit || owner === unit) ? [subject.id] : [],
  );
  const [catalogue, ...parts] = await Promise.all([
    tubeCatalogue(visit),
    readResource(visit, "Patient", patient),
    searchResources(visit, "ServiceRequest", [["_id", ids.join(",") || "-"], ["_count", String(PAGE)], ["_include", "ServiceRequest:specimen"]]), // prettier-ignore
    searchResources(visit, "ServiceRequest", [["patient", patient], ["status", "active"], ["_count", String(PAGE)], ["_include", "ServiceRequest:specimen"]]), // prettier-ignore
    searchResources(visit, "Specimen", [
      ["patient", patient],
      ["status:missing", "true"],
      ["_count", String(PAGE)],
    ]), // labels
    searchResources(visit, "Task", [["patient", patient], ["code", `${FOLLOW_UP},${PRINT}`], ["status", "requested,failed,completed"], ["_sort", "-_lastUpdated"], ["_count", String(PAGE)]]), // prettier-ignore
  ]);
  return disclosedTogether(parts, ([known, found, all, labels, tasks]) => {
    const person = parseJson(known.content) as JsonObject;
    const seen = resourcesIn([found, all, labels]);
    const open = ofType(seen, "ServiceRequest").filter((one) => isToCollect(one, catalogue)).map(orderIn); // prettier-ignore
    // Ids of one patient grow with time: the latest that was lost is the one that is replaced.
    const of = ofType(seen, "Specimen").map(specimenIn).toSorted((a, b) => (a.id < b.id ? -1 : 1)); // prettier-ignore
    const taken = takenAlong(open, of, new Set(ids));
    const orders = withOthers ? open : open.filter(({ id }) => taken.has(id));
    const others = open.filter((one) => !orders.includes(one));
    const left = new Set(others.map(({ id }) => id));
    const specimens = of.filter(({ requests }) => requests.length === 0 || requests.some((id) => !left.has(id)));
    const asked = resourcesIn([tasks]);
    return {
      person: toldOf(person),
      isProtected: protectionLabels(person).length > 0,
      orders,
      tubes: planTubes(orders, specimens, catalogue),
      drawn: specimens.filter(({ state }) => state !== "labelled" && state !== "mistaken"),
      attempts: [...asked.values()].filter((one) => hasCode(one, FOLLOW_UP) && one["status"] === "requested"),
      prints: [...asked.values()].filter((one) => hasCode(one, PRINT)),
      others: waitingOf(others, of, catalogue).length,
    };
  });
}

/** The unit's own, and whatever shares a label with one of them: a tube that is drawn is drawn for all that it is for. */
function takenAlong(
  open: readonly PlannedOrder[],
  specimens: readonly KnownSpecimen[],
  own: ReadonlySet<string>,
): ReadonlySet<string> {
  const shared = specimens.filter((one) => one.state === "labelled" && one.requests.some((id) => own.has(id)));
  const ids = new Set(shared.flatMap(({ requests }) => requests));
  return new Set(open.flatMap(({ id }) => (own.has(id) || ids.has(id) ? [id] : [])));
}

/** The orders that have tubes to draw. */
function waitingOf(
  orders: readonly PlannedOrder[],
  specimens: readonly KnownSpecimen[],
  catalogue: TubeCatalogue,
): readonly PlannedOrder[] {
  const waiting = new Set(planTubes(orders, specimens, catalogue).flatMap(({ requests }) => requests));
  return orders.filter(({ id }) => waiting.has(id));
}

function hasCode(task: JsonObject, token: string): boolean {
  const [system, code] = token.split("|");
  return listOf(objectOf(task["code"])["coding"])
    .map(objectOf)
    .some((one) => one["system"] === system && one["code"] === code);
}

/** What tells one patient from another; the rest is in the chart. */
function toldOf(patient: JsonObject): JsonObject {
  const names = ["resourceType", "id", "meta", "identifier", "name", "birthDate", "gender", "deceasedDateTime", "deceasedBoolean"]; // prettier-ignore
  return Object.fromEntries(Object.entries(patient).filter(([name]) => names.includes(name)));
}

function least(times: readonly (number | null)[]): number | null {
  const known = times.filter((one) => one !== null);
  return known.length === 0 ? null : Math.min(...known);
}
