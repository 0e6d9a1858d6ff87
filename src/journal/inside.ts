/**
 * Chains in a search are followed into what resources contain, as R4 has it; with `_contained` nowhere else. One small
 * statement more for each type that is searched by a chain; when nothing is contained, the search is what it was.
 *
 * SPEC JRN-CONTAINED-3 · https://hl7.org/fhir/R4/search.html#contained
 */
import { parseJson, type Issue, type JsonObject } from "../fhir/index.ts";
import { chainsOf, compileHolders, MOST_CONTAINERS, withHeld, type SearchPlan } from "../search/index.ts";
import type { Looking } from "./includes.ts";
import { searchRows } from "./rows.ts";

const NOT_ALL_INSIDE: Issue = {
  severity: "warning",
  code: "incomplete",
  sv: `Fler än ${MOST_CONTAINERS} resurser innehåller sådana som kedjan kan leda till; resten är inte genomsökta. Sök snävare.`,
  en: `More than ${MOST_CONTAINERS} resources contain such as the chain may lead to; the rest was not looked into. Narrow the search.`,
};

const BY_ID: SearchPlan["sort"] = [{ parameter: "_id", descending: false, as: "text" }];

/** The search as it is to be run. Without chains it is the same. */
export async function withInside(looking: Looking): Promise<Looking> {
  const { plan } = looking;
  if (plan.types.every(({ conditions }) => chainsOf(conditions).length === 0)) return looking;
  const only = plan.contained.search === "true";
  const types: SearchPlan["types"][number][] = [];
  let isCut = false;
  for (const typePlan of plan.types) {
    const isAsked = chainsOf(typePlan.conditions).length > 0;
    const rows = isAsked ? await holdersOf(typePlan, looking) : [];
    isCut ||= rows.length > MOST_CONTAINERS;
    const how = { only, base: looking.base };
    types.push(isAsked ? { ...typePlan, conditions: withHeld(typePlan.conditions, rows, how) } : typePlan);
  }
  const ignored = isCut ? [...plan.ignored, NOT_ALL_INSIDE] : plan.ignored;
  const contained = { ...plan.contained, search: "false" } as const;
  // What is contained has no order but by its place; these are rows again, and one key keeps the form of the cursor.
  const sort = plan.contained.search === "false" ? plan.sort : BY_ID;
  return { ...looking, plan: { ...plan, types, ignored, sort, contained } };
}

async function holdersOf(
  typePlan: SearchPlan["types"][number],
  { look, predicate }: Looking,
): Promise<{ readonly type: string; readonly id: string; readonly resource: JsonObject }[]> {
  const rows = searchRows(await look.search(compileHolders(typePlan, predicate)));
  return rows.map(({ type, id, content }) => ({ type, id, resource: parseJson(content) as JsonObject }));
}
