/**
 * "Det här är samma person": one record stands for both, and both are kept as they are. Whoever has what opens both says so, with a reason;
 * from then on the chart of either shows all of it, blocks and protection of either hold for both, and the way back leaves every byte as it was.
 *
 * SPEC CLIN-MERGE-PERSON · https://hl7.org/fhir/R4/patient.html#links
 */
import type { PersonActor } from "../../access/index.ts";
import { fhirErrorAt, listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  joinCommands,
  partCommands,
  readResource,
  refuseVisit,
  replacedBy,
  replacesIn,
  requireNeed,
  samePersonAs,
  searchResources,
  type Command,
  type Disclosed,
  type JoinWish,
  type Visit,
} from "../../journal/index.ts";
import { onceUnder, roleReference } from "../acting.ts";
import { ofType, resourcesIn, textIn } from "../said.ts";
import { refuseBadKey } from "./unknown.ts";

export const REGISTRATION_SYSTEM = "urn:eira:registrering";
const LONGEST_REASON = 500;

export type MergeWish = JoinWish & { readonly reason: string; readonly key: string };

/** Another record of the same person. */
export type OtherRecord = {
  /** The patient as it stands, as text. */
  readonly patient: string;
  readonly id: string;
  readonly version: string;
  /** How the two stand to each other directly; null when they are joined by others. */
  readonly how: "replaced" | "survivor" | null;
  readonly reason: string | null;
  readonly by: string | null;
  readonly at: string | null;
};
export type SamePerson = {
  readonly version: string;
  readonly others: readonly OtherRecord[];
  /** The children that the record says that the person has given birth to, and the mother whom it names. */
  readonly family: readonly Relative[];
};
export type Relative = { readonly id: string; readonly patient: string; readonly how: "child" | "mother" };

/** Says that two records are the same person's. Errors: JOIN_*, REGISTER_INVALID, NO_CARE_RELATION, NOT_FOUND, FORBIDDEN, VERSION_CONFLICT. */
export function mergePatients(visit: Visit, wish: MergeWish): Promise<Disclosed<SamePerson>> {
  return changed(visit, wish, "join");
}

/** Takes it back. Errors: as `mergePatients`. */
export function unmergePatients(visit: Visit, wish: MergeWish): Promise<Disclosed<SamePerson>> {
  return changed(visit, wish, "part");
}

async function changed(visit: Visit, wish: MergeWish, how: "join" | "part"): Promise<Disclosed<SamePerson>> {
  const person = await joining(visit);
  const { survivor, replaced, key } = wish;
  refuseBadKey(key);
  const reason = wish.reason.trim();
  if (reason === "" || reason.length > LONGEST_REASON) throw fhirErrorAt("REGISTER_INVALID", "reason", `1-${LONGEST_REASON}`); // prettier-ignore
  for (const { id } of [survivor, replaced]) await requireNeed(visit, id, `Patient/${id} ${how}`);
  const options = onceUnder(`${how} ${person.hsaId} ${key}`, { survivor, replaced, reason });
  const commands: readonly Command[] =
    how === "join" ? await joinCommands(visit, wish) : await partCommands(visit, wish);
  if (commands.length > 0)
    await commit(visit, commands, { ...options, provenance: provenanceOf(visit, person, { how, reason }) });
  return sameAs(visit, how === "join" ? survivor.id : replaced.id);
}

/** Who says so: staff in Eira itself, who are no students. */
async function joining(visit: Visit): Promise<PersonActor> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "join", "Journaler förs samman av personal med medarbetaruppdrag, i Eira.");
  if (actor.assignment.footing?.kind === "student")
    return refuseVisit(visit, "join", "En student för inte samman journaler.");
  return actor;
}

const WORDS = { join: "Förd samman: samma person", part: "Isärförd: inte samma person" } as const;

function provenanceOf(
  visit: Visit,
  person: PersonActor,
  { how, reason }: { readonly how: "join" | "part"; readonly reason: string },
): JsonObject {
  return {
    resourceType: "Provenance",
    recorded: visit.clock().toISOString(),
    activity: { coding: [{ system: REGISTRATION_SYSTEM, code: how, display: WORDS[how] }] },
    reason: [{ text: reason }],
    agent: [{ who: roleReference(person) }],
  };
}

/** The other records of the same person, and how each came to be. Errors: NO_CARE_RELATION, NOT_FOUND, FORBIDDEN. */
export async function sameAs(visit: Visit, patient: string): Promise<Disclosed<SamePerson>> {
  const own = await readResource(visit, "Patient", patient);
  await requireNeed(visit, patient, `Patient/${patient} same person`);
  const ids = await samePersonAs(visit, patient);
  const known = parseJson(own.value.content) as JsonObject;
  const others = await Promise.all(ids.map((id) => readResource(visit, "Patient", id)));
  const said = await searchResources(visit, "Provenance", [["target", [patient, ...ids].map((one) => `Patient/${one}`).join(",")], ["_sort", "-recorded"], ["_count", "200"]]); // prettier-ignore
  const joins = ofType(resourcesIn([said.value]), "Provenance").filter(isJoin);
  const family = await familyOf(visit, patient, ids);
  return disclosedTogether(
    [own, said, family, disclosedTogether(others, (all) => all)],
    ([first, , relatives, all]) => ({
      version: versionOf(first.content),
      others: all.map(({ id, content }) => otherOf({ id, content, own: known, joins })),
      family: relatives,
    }),
  );
}

type Making = {
  readonly id: string;
  readonly content: string;
  readonly own: JsonObject;
  readonly joins: readonly JsonObject[];
};

function otherOf({ id, content, own, joins }: Making): OtherRecord {
  const other = parseJson(content) as JsonObject;
  const ownId = textIn(own["id"]) ?? "";
  const isReplaced = replacedBy(other) === ownId || replacesIn(own).includes(id);
  const isSurvivor = replacedBy(own) === id || replacesIn(other).includes(ownId);
  const both = (one: JsonObject): boolean =>
    [ownId, id].every((each) => listOf(one["target"]).some((target) => (textIn(objectOf(target)["reference"]) ?? "").startsWith(`Patient/${each}/`))); // prettier-ignore
  const join = joins.find(both); // the newest stands first
  const [agent] = listOf(join?.["agent"]); // one says so
  const [reason] = listOf(join?.["reason"]);
  return {
    patient: content,
    id,
    version: versionOf(content),
    how: isReplaced ? "replaced" : isSurvivor ? "survivor" : null,
    reason: textIn(objectOf(reason)["text"]) ?? null,
    by: textIn(objectOf(objectOf(agent)["who"])["display"]) ?? null,
    at: textIn(join?.["recorded"]) ?? null,
  };
}

function isJoin({ activity }: JsonObject): boolean {
  return listOf(objectOf(activity)["coding"]).some((one) => objectOf(one)["system"] === REGISTRATION_SYSTEM && objectOf(one)["code"] === "join"); // prettier-ignore
}

function versionOf(content: string): string {
  return textIn(objectOf((parseJson(content) as JsonObject)["meta"])["versionId"]) ?? "";
}

/** Children and mother, by the relatives that the records name. */
async function familyOf(
  visit: Visit,
  patient: string,
  others: readonly string[],
): Promise<Disclosed<readonly Relative[]>> {
  const people = [patient, ...others];
  const own = await Promise.all(people.map((id) => readResource(visit, "Patient", id)));
  const named = own.flatMap(({ value }) =>
    listOf((parseJson(value.content) as JsonObject)["link"]).flatMap((link) => {
      const reference = textIn(objectOf(objectOf(link)["other"])["reference"]) ?? "";
      return reference.startsWith("RelatedPerson/") ? [reference.slice("RelatedPerson/".length)] : [];
    }),
  );
  const mothers = await searchResources(visit, "RelatedPerson", [["patient", `Patient/${patient}`], ["relationship", "MTH"], ["_count", "20"]]); // prettier-ignore
  const relatives = mothers.value.rows.map(({ id }) => `RelatedPerson/${id}`);
  const mother = relatives.length === 0 ? undefined : await searchResources(visit, "Patient", [["link", relatives.join(",")], ["_count", "20"]]); // prettier-ignore
  const children = named.length === 0 ? undefined : await searchResources(visit, "Patient", [["_has:RelatedPerson:patient:_id", named.join(",")], ["_count", "20"]]); // prettier-ignore
  const told = (found: typeof mother, how: Relative["how"]): readonly Relative[] =>
    (found?.value.rows ?? []).flatMap(({ type, id, content }) => (type === "Patient" ? [{ id, patient: content, how }] : [])); // prettier-ignore
  const parts = [...own, mothers, ...(mother === undefined ? [] : [mother]), ...(children === undefined ? [] : [children])]; // prettier-ignore
  return disclosedTogether(parts as readonly Disclosed<unknown>[], () => [...told(children, "child"), ...told(mother, "mother")]); // prettier-ignore
}
