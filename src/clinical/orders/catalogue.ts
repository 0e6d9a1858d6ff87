/**
 * What can be ordered: the region's catalogue of ActivityDefinitions, which only its keepers change, with who takes each item and what
 * they must be told; and sets of items, which units and people keep for themselves as PlanDefinitions.
 *
 * SPEC CLIN-ORDER-CATALOGUE · https://hl7.org/fhir/R4/activitydefinition.html · https://hl7.org/fhir/R4/plandefinition.html
 */
import { listOf, objectOf, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { destinationsOf, type Destination } from "../../loop/index.ts";
import { actingPerson } from "../acting.ts";
import { nameIn, referenceIn, textIn } from "../said.ts";

export const ORDER_URL = "urn:eira:bestallning";
export const UNIT_SETS = `${ORDER_URL}:enhet`;
export const OWN_SETS = `${ORDER_URL}:person`;

export const CATEGORIES = { "108252007": "laboratory", "363679005": "imaging", "3457005": "consultation" } as const;
export type Category = (typeof CATEGORIES)[keyof typeof CATEGORIES];
export const NEEDS = ["question", "history", "contact"] as const;
export type Need = (typeof NEEDS)[number];

/** An analysis and what tells it from others: `system|code`. */
export type Part = { readonly key: string; readonly name: string };
export type Orderable = {
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly title: string;
  readonly category: Category;
  readonly key: string;
  /** What a panel consists of; nothing of a single analysis. */
  readonly parts: readonly Part[];
  readonly receivers: readonly Receiver[];
  readonly questions: readonly string[];
  readonly needs: readonly Need[];
  /** Ordered at once for somebody who bleeds and whom nobody knows. */
  readonly isEmergencyBlood: boolean;
  /** Who answers for the item. */
  readonly publisher: string | null;
};
export type Receiver = { readonly reference: string; readonly name: string; readonly goesTo: Destination | null };
export type SetLine = {
  readonly item: string;
  readonly priority: string | null;
  readonly question: string | null;
};
export type OrderSet = {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly whose: "unit" | "own";
  readonly lines: readonly SetLine[];
  readonly publisher: string | null;
};
export type Catalogue = {
  readonly items: readonly Orderable[];
  readonly sets: readonly OrderSet[];
  /** There is more in the catalogue than is told. */
  readonly more: boolean;
};

const MOST_ITEMS = 1000;
const MOST_SETS = 200;

/** The catalogue with where each item would come if it were sent now. Errors: FORBIDDEN. */
export async function orderCatalogue(visit: Visit): Promise<Disclosed<Catalogue>> {
  const { hsaId, assignment } = actingPerson(visit);
  const mine = `${UNIT_SETS}|${assignment.unitHsaId},${OWN_SETS}|${hsaId}`;
  const [items, sets] = await Promise.all([
    searchResources(visit, "ActivityDefinition", [["status", "active"], ["_count", String(MOST_ITEMS)]]), // prettier-ignore
    searchResources(visit, "PlanDefinition", [["status", "active"], ["identifier", mine], ["_count", String(MOST_SETS)]]), // prettier-ignore
  ]);
  const known = items.value.rows.flatMap(({ content }) => orderableIn(parseJson(content) as JsonObject));
  const places = await destinationsOf(
    visit,
    known.flatMap(({ receivers }) => receivers.map(({ reference }) => reference)),
  );
  return disclosedTogether([items, sets, places] as const, ([found, own, goesTo]) => ({
    items: known.map((one) => withPlaces(one, goesTo)).toSorted(byTitle),
    sets: own.rows.flatMap(({ content }) => setIn(parseJson(content) as JsonObject)).toSorted(byTitle),
    more: found.cursor !== null,
  }));
}

/** Some items of the catalogue as they stand, by id. */
export async function orderablesOf(visit: Visit, ids: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const { value } = await searchResources(visit, "ActivityDefinition", [["_id", wanted.join(",")], ["status", "active"], ["_count", String(MOST_ITEMS)]]); // prettier-ignore
  return new Map(
    value.rows.flatMap(({ content }) => {
      const resource = parseJson(content) as JsonObject;
      return orderableIn(resource).map((one) => [one.id, { ...one, resource }] as const);
    }),
  );
}

export type Kept = Orderable & { readonly resource: JsonObject };

function withPlaces(one: Orderable, goesTo: ReadonlyMap<string, Destination>): Orderable {
  return {
    ...one,
    receivers: one.receivers.map((each) => ({ ...each, goesTo: goesTo.get(each.reference) ?? null })),
  };
}

function byTitle(one: { readonly title: string }, other: { readonly title: string }): number {
  return one.title.localeCompare(other.title, "sv");
}

/** What an ActivityDefinition means; nothing when it is no item that can be ordered. */
export function orderableIn(resource: JsonObject): readonly Orderable[] {
  const [id, url, title] = [textIn(resource["id"]), textIn(resource["url"]), textIn(resource["title"])];
  const category = listOf(resource["topic"]).flatMap(categoryIn)[0]; // an item is of one kind
  const key = keyOf(resource["code"]);
  if (id === undefined || url === undefined || title === undefined || category === undefined || key === undefined)
    return [];
  const said = (name: string): readonly JsonObject[] =>
    listOf(resource["extension"]).map(objectOf).filter((one) => one["url"] === `${ORDER_URL}:${name}`); // prettier-ignore
  return [
    {
      id,
      url,
      title,
      category,
      key,
      version: textIn(resource["version"]) ?? "",
      publisher: textIn(resource["publisher"]) ?? null,
      parts: said("ingar").flatMap(({ valueCodeableConcept }) => {
        const part = keyOf(valueCodeableConcept);
        return part === undefined ? [] : [{ key: part, name: nameIn(valueCodeableConcept) ?? part }];
      }),
      receivers: said("mottagare").flatMap(({ valueReference }) => {
        const reference = referenceIn(valueReference);
        const name = textIn(objectOf(valueReference)["display"]);
        return reference === undefined ? [] : [{ reference, name: name ?? reference, goesTo: null }];
      }),
      questions: said("fragestallning").flatMap(({ valueString }) => textIn(valueString) ?? []),
      isEmergencyBlood: said("akut").some(({ valueCode }) => valueCode === "blod"),
      needs: NEEDS.filter((one) => said("kraver").some(({ valueCode }) => valueCode === one)),
    },
  ];
}

function categoryIn(concept: JsonValue): readonly Category[] {
  const codes = listOf(objectOf(concept)["coding"]).map((one) => textIn(objectOf(one)["code"]) ?? "");
  return codes.flatMap((code) => (code in CATEGORIES ? [CATEGORIES[code as keyof typeof CATEGORIES]] : []));
}

/** What tells an analysis from another: system and code of its first coding, else its words. */
export function keyOf(concept: JsonValue | undefined): string | undefined {
  const [coding] = listOf(objectOf(concept)["coding"]).map(objectOf); // the first is the one that it is ordered by
  const code = textIn(coding?.["code"]);
  const text = textIn(objectOf(concept)["text"]);
  return code === undefined ? text && `|${text}` : `${textIn(coding?.["system"]) ?? ""}|${code}`;
}

function setIn(resource: JsonObject): readonly OrderSet[] {
  const [id, title] = [textIn(resource["id"]), textIn(resource["title"])];
  const systems = listOf(resource["identifier"]).map((one) => objectOf(one)["system"]);
  if (id === undefined || title === undefined) return [];
  const lines = listOf(resource["action"])
    .map(objectOf)
    .flatMap((action): readonly SetLine[] => {
      const item = textIn(action["definitionCanonical"])?.split("|")[0];
      const [reason] = listOf(action["reason"]); // one question to begin with
      return item === undefined ? [] : [{ item, priority: textIn(action["priority"]) ?? null, question: textIn(objectOf(reason)["text"]) ?? null }]; // prettier-ignore
    });
  return [
    {
      id,
      title,
      lines,
      version: textIn(objectOf(resource["meta"])["versionId"]) ?? "",
      whose: systems.includes(OWN_SETS) ? "own" : "unit",
      publisher: textIn(resource["publisher"]) ?? null,
    },
  ];
}
