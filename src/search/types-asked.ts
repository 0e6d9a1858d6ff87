/**
 * The types whose rows decide an answer: those that match, and those that a chain looks at on the way. Whoever may not
 * search a type must not learn of it through another.
 *
 * SPEC SEARCH-CHAIN-2
 */
import type { Condition, SearchPlan } from "./plan.ts";

/** Every type that the plan's conditions look at. What is only included is not among them. */
export function typesAsked(plan: SearchPlan): ReadonlySet<string> {
  const types = new Set(plan.types.map(({ type }) => type));
  for (const { conditions } of plan.types) for (const condition of conditions) addTypes(condition, types);
  return types;
}

function addTypes(condition: Condition, types: Set<string>): void {
  switch (condition.kind) {
    case "all":
    case "any":
      for (const one of condition.of) addTypes(one, types);
      break;
    case "not":
      addTypes(condition.of, types);
      break;
    case "hierarchy":
      types.add(condition.of.type);
      break;
    case "has":
      types.add(condition.type);
      addTypes(condition.condition, types);
      break;
    case "chain":
      for (const target of condition.targets) {
        types.add(target.type);
        addTypes(target.condition, types);
      }
      break;
    default:
  }
}
