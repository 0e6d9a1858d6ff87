/**
 * Lines that a unit or a person keeps to ordain by: a PlanDefinition each, whose title is the line and whose identifier says whose it is.
 *
 * SPEC CLIN-MED-13 · https://hl7.org/fhir/R4/plandefinition.html
 */
import { fhirError, fhirErrorAt, listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  readResource,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { actingPerson, onceUnder } from "../acting.ts";
import { objectIn, textIn } from "../said.ts";
import { KNOWLEDGE } from "./knowledge/index.ts";
import { ordaining, ordinationIn } from "./look.ts";
import { parseOrdination } from "./parse.ts";
import { lineOf, typedOf, type Line } from "./words.ts";

const UNIT = "urn:eira:lakemedel:favorit:enhet";
const OWN = "urn:eira:lakemedel:favorit:person";
const MOST = 200;

export type Favourite = {
  readonly id: string;
  readonly whose: "unit" | "own";
  readonly typed: string;
  readonly line: Line;
  /** What the drug is called, for finding it by any of its names. */
  readonly names: readonly string[];
};

/** Those of the own unit and one's own; what is not understood any more is left out. Errors: FORBIDDEN. */
export async function medicationFavourites(visit: Visit): Promise<Disclosed<readonly Favourite[]>> {
  await ordaining(visit, "search");
  const { hsaId, assignment } = actingPerson(visit);
  const mine = `${UNIT}|${assignment.unitHsaId},${OWN}|${hsaId}`;
  const found = await searchResources(visit, "PlanDefinition", [["status", "active"], ["identifier", mine], ["_count", String(MOST)]]); // prettier-ignore
  return disclosedTogether([found], ([{ rows }]) => rows.flatMap(({ content }) => favouriteIn(objectIn(content))).toSorted(byName)); // prettier-ignore
}

/** Errors: MEDICATION_INVALID, FORBIDDEN. */
export async function saveFavourite(
  visit: Visit,
  wish: { readonly line: string; readonly whose: "unit" | "own"; readonly key: string },
): Promise<Disclosed<readonly Favourite[]>> {
  const person = await ordaining(visit, "create");
  const title = typedOf(ordinationIn(wish.line, 0));
  const identifier = wish.whose === "own" ? { system: OWN, value: person.hsaId } : { system: UNIT, value: person.assignment.unitHsaId }; // prettier-ignore
  const resource: JsonObject = {
    resourceType: "PlanDefinition",
    identifier: [identifier],
    title,
    type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/plan-definition-type", code: "order-set" }] },
    status: "active",
    date: visit.clock().toISOString(),
    publisher: person.assignment.unit,
  };
  const create: Command = { kind: "create", type: "PlanDefinition", where: "PlanDefinition", resource };
  await commit(visit, [create], onceUnder(`medication favourite ${person.hsaId} ${wish.key}`, wish));
  return medicationFavourites(visit);
}

/** Takes one of the own unit or one's own out of use; it is kept. Errors: NOT_FOUND (also of another's), FORBIDDEN. */
export async function retireFavourite(visit: Visit, id: string): Promise<Disclosed<readonly Favourite[]>> {
  const { hsaId, assignment } = await ordaining(visit, "create");
  const { value } = await readResource(visit, "PlanDefinition", id);
  const owners = listOf(objectIn(value.content)["identifier"]).map(objectOf);
  const isMine = owners.some((one) => (one["system"] === OWN && one["value"] === hsaId) || (one["system"] === UNIT && one["value"] === assignment.unitHsaId)); // prettier-ignore
  if (!isMine) throw fhirError("NOT_FOUND");
  if (objectIn(value.content)["status"] !== "active") throw fhirErrorAt("MEDICATION_CHANGED", "favourite", "favoriten");
  const operations = [{ op: "replace", path: "/status", value: "retired" }];
  await commit(visit, [{ kind: "patch", type: "PlanDefinition", where: "PlanDefinition", id, operations, ifMatch: String(value.version) }]); // prettier-ignore
  return medicationFavourites(visit);
}

function favouriteIn(resource: JsonObject): readonly Favourite[] {
  const [id, title] = [textIn(resource["id"]), textIn(resource["title"])];
  const parsed = parseOrdination(title ?? "", KNOWLEDGE);
  if (id === undefined || title === undefined || !("ordination" in parsed)) return [];
  const isOwn = listOf(resource["identifier"]).some((one) => objectOf(one)["system"] === OWN);
  const { atc, name } = parsed.ordination.product;
  const names = [name, ...(KNOWLEDGE.substance(atc)?.names ?? [])];
  return [{ id, whose: isOwn ? "own" : "unit", typed: title, line: lineOf(parsed.ordination), names }];
}

function byName(one: Favourite, other: Favourite): number {
  return one.typed.localeCompare(other.typed, "sv");
}
