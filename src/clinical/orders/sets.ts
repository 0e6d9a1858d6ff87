/**
 * Sets that a unit or a person keeps for themselves: items with a priority and a question to begin with. They are never another unit's, and
 * what is taken out of use is kept.
 *
 * SPEC CLIN-ORDER-9
 */
import { fhirError, fhirErrorAt, listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { commit, readResource, type Command, type Disclosed, type Visit } from "../../journal/index.ts";

import { onceUnder } from "../acting.ts";
import { orderCatalogue, OWN_SETS, UNIT_SETS, type Catalogue, type SetLine } from "./catalogue.ts";
import { ordering } from "./may.ts";
import { isPriority, MOST_LINES } from "./wish.ts";

export type SetWish = {
  readonly title: string;
  readonly whose: "unit" | "own";
  readonly lines: readonly SetLine[];
  readonly key: string;
};

const LONGEST_TITLE = 80;
const LONGEST_QUESTION = 1_000;

/** Keeps a set. Answers the catalogue with it. Errors: ORDER_INVALID, FORBIDDEN. */
export async function saveSet(visit: Visit, wish: SetWish): Promise<Disclosed<Catalogue>> {
  const person = await ordering(visit, "create");
  const { items } = (await orderCatalogue(visit)).value;
  const title = wish.title.trim();
  if (title === "" || title.length > LONGEST_TITLE) throw fhirErrorAt("ORDER_INVALID", "title", { sv: `ett namn på högst ${LONGEST_TITLE} tecken`, en: `a name of at most ${LONGEST_TITLE} characters` }); // prettier-ignore
  if (wish.lines.length === 0 || wish.lines.length > MOST_LINES) throw fhirErrorAt("ORDER_INVALID", "lines", `1-${MOST_LINES}`); // prettier-ignore
  const known = new Map(items.map((one) => [one.url, one.title]));
  const action = wish.lines.map(({ item, priority, question }, at): JsonObject => {
    const name = known.get(item);
    if (name === undefined) throw fhirErrorAt("ORDER_INVALID", `lines[${at}].item`, { sv: "det finns inte i katalogen", en: "it is not in the catalogue" }); // prettier-ignore
    if (priority !== null && !isPriority(priority)) throw fhirErrorAt("ORDER_INVALID", `lines[${at}].priority`, "routine, urgent, asap, stat"); // prettier-ignore
    if ((question?.length ?? 0) > LONGEST_QUESTION) throw fhirErrorAt("ORDER_INVALID", `lines[${at}].question`, `1-${LONGEST_QUESTION}`); // prettier-ignore
    return {
      title: name,
      ...(priority === null ? {} : { priority }),
      ...(question === null || question.trim() === "" ? {} : { reason: [{ text: question.trim() }] }),
      definitionCanonical: item,
    };
  });
  const isOwn = wish.whose === "own";
  const resource: JsonObject = {
    resourceType: "PlanDefinition",
    identifier: [isOwn ? { system: OWN_SETS, value: person.hsaId } : { system: UNIT_SETS, value: person.assignment.unitHsaId }], // prettier-ignore
    version: "1",
    title,
    type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/plan-definition-type", code: "order-set" }] },
    status: "active",
    date: visit.clock().toISOString(),
    publisher: person.assignment.unit,
    action,
  };
  const create: Command = { kind: "create", type: "PlanDefinition", where: "PlanDefinition", resource };
  await commit(visit, [create], onceUnder(`order-set ${person.hsaId} ${wish.key}`, wish));
  return orderCatalogue(visit);
}

/** Takes a set of the own unit or one's own out of use. Errors: NOT_FOUND (also of another's), FORBIDDEN. */
export async function retireSet(visit: Visit, id: string): Promise<Disclosed<Catalogue>> {
  const person = await ordering(visit, "create");
  const { value } = await readResource(visit, "PlanDefinition", id);
  const owners = listOf((parseJson(value.content) as JsonObject)["identifier"]).map(objectOf);
  const isMine = owners.some((one) => (one["system"] === OWN_SETS && one["value"] === person.hsaId) || (one["system"] === UNIT_SETS && one["value"] === person.assignment.unitHsaId)); // prettier-ignore
  if (!isMine) throw fhirError("NOT_FOUND");
  const operations = [{ op: "replace", path: "/status", value: "retired" }];
  const command: Command = { kind: "patch", type: "PlanDefinition", where: "PlanDefinition", id, operations, ifMatch: String(value.version) }; // prettier-ignore
  await commit(visit, [command]);
  return orderCatalogue(visit);
}
