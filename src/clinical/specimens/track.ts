/**
 * Where a tube is: what has been done with it, by whom and when, who answers for it and until when; and the next thing that is done with it.
 *
 * SPEC CLIN-SPECIMEN-6 · F40
 */
import { fhirError, fhirErrorAt, listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { loopsOfPatient, SENT_CODE, SPECIMEN_SYSTEM, type Loop } from "../../loop/index.ts";
import { commit, disclosedAfter, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { actingPerson, neededText, roleReference } from "../acting.ts";
import { nameIn, referenceIn, resourcesIn, textIn } from "../said.ts";
import { keyed, refuseBadKey, update } from "./collect.ts";
import { NUMBER_SYSTEM, readSpecimenNumber } from "./number.ts";
import { processedAt, specimenIn, stateOf, type KnownSpecimen, type SpecimenState } from "./plan.ts";

const DISCARDED_CODE = "discarded";
const FINAL: ReadonlySet<unknown> = new Set(["final", "amended", "corrected", "appended"]);

export type TrackStep = {
  readonly what: "ordered" | "collected" | "sent" | "received" | "analysed" | "answered" | "discarded" | "lost" | "unusable"; // prettier-ignore
  readonly at: string | null;
  readonly by: string | null;
  readonly note: string | null;
};
export type Tracked = {
  readonly id: string;
  readonly version: string;
  readonly number: string | null;
  readonly tube: string | null;
  readonly state: SpecimenState;
  readonly patient: string;
  readonly person: JsonObject | null;
  readonly orders: readonly string[];
  readonly steps: readonly TrackStep[];
  readonly can: readonly SpecimenDeed[];
  /** Who answers for it until it is received, and by when. */
  readonly loop: Held | null;
};
/** A loop with the name of the list that has it. */
type Held = Pick<Loop, "id" | "owner" | "responsible" | "deadline" | "level"> & { readonly title: string | null };

/** What can be done with a tube, by what has been done. */
export const SPECIMEN_DEEDS = ["sent", "received", "lost", "unusable", "discarded"] as const;
export type SpecimenDeed = (typeof SPECIMEN_DEEDS)[number];
const OPEN: Readonly<Record<SpecimenState, readonly SpecimenDeed[]>> = {
  labelled: [],
  collected: ["sent", "received", "lost", "unusable"],
  sent: ["received", "lost", "unusable"],
  received: ["unusable", "discarded"],
  lost: ["received"],
  unusable: [],
  mistaken: [],
};

/** The tube with a number, as it stands. Errors: NOT_FOUND (also of what nothing opens to the reader), FORBIDDEN. */
export async function trackSpecimen(visit: Visit, typed: string): Promise<Disclosed<Tracked>> {
  actingPerson(visit);
  const number = readSpecimenNumber(typed);
  if (number === undefined) throw fhirError("NOT_FOUND");
  const found = await searchResources(visit, "Specimen", [
    ["accession", `${NUMBER_SYSTEM}|${number}`],
    ["_include", "Specimen:subject"],
    ["_revinclude", "DiagnosticReport:specimen"],
    ["_revinclude", "ServiceRequest:specimen"],
  ]);
  const seen = [...resourcesIn([found.value]).values()];
  const resource = seen.find(({ resourceType }) => resourceType === "Specimen");
  if (resource === undefined) throw fhirError("NOT_FOUND");
  const patient = (referenceIn(resource["subject"]) ?? "").replace("Patient/", "");
  const { loops, worklists } = (await loopsOfPatient(visit, patient, 0)).value;
  return disclosedAfter(visit, [], trackedOf(resource, { seen, loops, worklists, patient }));
}

type Beside = {
  readonly seen: readonly JsonObject[];
  readonly loops: readonly Loop[];
  readonly worklists: ReadonlyMap<string, { readonly title: string }>;
  readonly patient: string;
};

function trackedOf(resource: JsonObject, { seen, loops, worklists, patient }: Beside): Tracked {
  const specimen = specimenIn(resource);
  const person = seen.find(({ resourceType }) => resourceType === "Patient");
  const orders = seen.filter(({ resourceType }) => resourceType === "ServiceRequest");
  const reports = seen.filter(({ resourceType }) => resourceType === "DiagnosticReport");
  const loop = loops.find(({ kind, subject }) => kind === "specimen" && subject.id === specimen.id);
  const { identifier, name, birthDate, meta, id } = person ?? {};
  const told = { resourceType: "Patient", id, meta, identifier, name, birthDate };
  return {
    id: specimen.id,
    version: specimen.version,
    number: specimen.number,
    tube:
      textIn(objectOf(listOf(objectOf(objectOf(listOf(resource["container"])[0])["type"])["coding"])[0])["display"]) ??
      null, // one tube, one coding
    state: specimen.state,
    patient,
    person: person === undefined ? null : Object.fromEntries(Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))), // prettier-ignore
    orders: orders.map(({ code }) => nameIn(code) ?? ""),
    steps: stepsOf(resource, { orders, reports }),
    can: deedsOf(resource),
    loop: loop === undefined ? null : heldOf(loop, worklists),
  };
}

function heldOf({ id, owner, responsible, deadline, level }: Loop, worklists: Beside["worklists"]): Held {
  const title = owner === null ? undefined : worklists.get(owner)?.title;
  return { id, owner, responsible, deadline, level, title: title ?? null };
}

function deedsOf(resource: JsonObject): readonly SpecimenDeed[] {
  const isDiscarded = processedAt(resource, DISCARDED_CODE) !== undefined;
  return OPEN[stateOf(resource)].filter((one) => one !== "discarded" || !isDiscarded);
}

function stepsOf(
  resource: JsonObject,
  { orders, reports }: { readonly orders: readonly JsonObject[]; readonly reports: readonly JsonObject[] },
): readonly TrackStep[] {
  const step = (what: TrackStep["what"], at: unknown, by: unknown = null, note: string | null = null): TrackStep[] =>
    typeof at === "string" ? [{ what, at: at === "" ? null : at, by: typeof by === "string" ? by : null, note }] : [];
  const { collector, collectedDateTime } = objectOf(resource["collection"]);
  const failed = textIn(objectOf(listOf(resource["condition"])[0])["text"]) ?? null; // the latest reason
  const state = stateOf(resource);
  const performed = (one: JsonObject): unknown => objectOf(listOf(one["performer"])[0])["display"]; // who signs stands first
  return [
    ...orders.flatMap((one) => step("ordered", one["authoredOn"], objectOf(one["requester"])["display"])),
    ...step("collected", collectedDateTime, objectOf(collector)["display"]),
    ...step("sent", processedAt(resource, SENT_CODE), sayProcessing(resource, SENT_CODE)),
    ...step("received", resource["receivedTime"]),
    ...reports.filter(({ status }) => !FINAL.has(status)).flatMap((one) => step("analysed", one["issued"], performed(one))), // prettier-ignore
    ...reports.filter(({ status }) => FINAL.has(status)).flatMap((one) => step("answered", one["issued"], performed(one))), // prettier-ignore
    ...step("discarded", processedAt(resource, DISCARDED_CODE), sayProcessing(resource, DISCARDED_CODE)),
    ...(state === "lost" || state === "unusable" ? step(state, "", null, failed) : []),
  ];
}

/** Who did it stands in its words. */
function sayProcessing(resource: JsonObject, code: string): string | null {
  const done = listOf(resource["processing"])
    .map(objectOf)
    .find(({ procedure }) => listOf(objectOf(procedure)["coding"]).some((one) => objectOf(one)["code"] === code));
  return textIn(done?.["description"]) ?? null;
}

export type DeedWish = {
  readonly did: SpecimenDeed;
  readonly note: string;
  readonly seen: string;
  readonly key: string;
};

const SAYS_WHY: ReadonlySet<SpecimenDeed> = new Set(["lost", "unusable"]);
const LONGEST_NOTE = 500;

/** Does the next thing with a tube, in the version that was seen. Errors: NOT_FOUND, SPECIMEN_STATE, SPECIMEN_INVALID, those of `commit`. */
export async function moveSpecimen(visit: Visit, typed: string, wish: DeedWish): Promise<void> {
  const { did, seen, key } = wish;
  refuseBadKey(key);
  const note = SAYS_WHY.has(did)
    ? neededText(wish.note, "note", LONGEST_NOTE)
    : wish.note.trim().slice(0, LONGEST_NOTE);
  const number = readSpecimenNumber(typed) ?? "";
  const found = await searchResources(visit, "Specimen", [["accession", `${NUMBER_SYSTEM}|${number || "-"}`]]);
  const resource = [...resourcesIn([found.value]).values()].find((one) => one["resourceType"] === "Specimen");
  if (resource === undefined) throw fhirError("NOT_FOUND");
  const specimen = specimenIn(resource);
  // The same scan again, by whoever did it or by the next one in the row.
  if (isDone(specimen, did)) return;
  if (!deedsOf(resource).includes(did)) throw fhirErrorAt("SPECIMEN_STATE", "did", specimen.state);
  const moved = update({ ...specimen, version: seen }, movedBy(visit, specimen, { did, note }));
  await commit(visit, [moved], keyed(visit, `specimen ${specimen.id} ${key}`, [number, did]));
}

function isDone({ state, resource }: KnownSpecimen, did: SpecimenDeed): boolean {
  return state === did || (did === "discarded" && processedAt(resource, DISCARDED_CODE) !== undefined);
}

function movedBy(
  visit: Visit,
  { resource }: KnownSpecimen,
  { did, note }: { readonly did: SpecimenDeed; readonly note: string },
): JsonObject {
  // prettier-ignore
  const at = visit.clock().toISOString();
  const { display } = roleReference(actingPerson(visit));
  const done = (code: string): JsonObject => ({
    ...resource,
    processing: [
      ...listOf(resource["processing"]),
      {
        ...(typeof display === "string" ? { description: note === "" ? display : `${display}: ${note}` } : {}),
        procedure: { coding: [{ system: SPECIMEN_SYSTEM, code }] },
        timeDateTime: at,
      },
    ],
  });
  if (did === "sent") return done(SENT_CODE);
  if (did === "discarded") return done(DISCARDED_CODE);
  const { condition: _condition, ...rest } = resource;
  if (did === "received") return { ...rest, status: "available", receivedTime: at };
  const status = did === "lost" ? "unavailable" : "unsatisfactory";
  return { ...rest, status, condition: [{ coding: [{ system: SPECIMEN_SYSTEM, code: did }], text: note }] };
}
