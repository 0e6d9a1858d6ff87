/**
 * What a query may cost, judged before anything is asked: its length, depth, number of fields with fragments written
 * out, and how much of the schema it wants to be told.
 *
 * SPEC HTTP-GRAPHQL-5
 */
import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

export const LIMITS = {
  /** Characters of a query. */
  length: 20_000,
  tokens: 3000,
  depth: 20,
  /** Fields with every fragment written out. */
  fields: 2000,
} as const;

/** Lists of the schema whose members have lists of their own: asked for all types at once they would be a large answer. */
const OF_THE_SCHEMA: ReadonlySet<string> = new Set(["fields", "inputFields", "args", "possibleTypes", "interfaces"]);

type Cost = { readonly fields: number; readonly depth: number };

/** Refuses a valid document that costs too much; fragments in circles have been refused before. */
export function refuseCostly(document: DocumentNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const known = new Map<string, Cost>();
  for (const one of document.definitions) {
    if (one.kind !== Kind.OPERATION_DEFINITION) continue;
    const { fields, depth } = costOf(one.selectionSet, fragments, known);
    if (depth > LIMITS.depth) throw new GraphQLError(`The query is ${depth} levels deep; ${LIMITS.depth} are allowed.`);
    if (fields > LIMITS.fields) throw new GraphQLError(`The query has more than ${LIMITS.fields} fields.`);
    refuseWholeSchema(one.selectionSet, fragments, false);
  }
}

function costOf(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, Cost>,
): Cost {
  let fields = 0;
  let depth = 0;
  for (const one of set?.selections ?? []) {
    const inner = one.kind === Kind.FRAGMENT_SPREAD ? fragmentCost(one.name.value, fragments, known) : costOf(one.selectionSet, fragments, known); // prettier-ignore
    const own = one.kind === Kind.FIELD ? 1 : 0;
    fields = Math.min(fields + inner.fields + own, LIMITS.fields + 1);
    depth = Math.max(depth, inner.depth + own);
  }
  return { fields, depth };
}

function fragmentCost(
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, Cost>,
): Cost {
  const cost = known.get(name) ?? costOf(fragments.get(name)?.selectionSet, fragments, known);
  known.set(name, cost);
  return cost;
}

/** `__type` tells one type; `__schema` may list the types, but not what all of them have. */
function refuseWholeSchema(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  isWithin: boolean,
): void {
  for (const one of set?.selections ?? []) {
    if (isWithin && one.kind === Kind.FIELD && OF_THE_SCHEMA.has(one.name.value))
      throw new GraphQLError("The whole schema is too large an answer; ask for a type with __type.", { nodes: one });
    refuseWholeSchema(selectionsIn(one, fragments), fragments, isWithin || isSchema(one));
  }
}

function isSchema(one: SelectionNode): boolean {
  return one.kind === Kind.FIELD && one.name.value === "__schema";
}

function selectionsIn(
  one: SelectionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode | undefined {
  return one.kind === Kind.FRAGMENT_SPREAD ? fragments.get(one.name.value)?.selectionSet : one.selectionSet;
}
