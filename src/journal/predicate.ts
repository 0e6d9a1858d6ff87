/**
 * The access predicate of one visit: the grounds' reach, and FALSE for every type that the actor may not search. Chains,
 * `_has`, `_include` and `_revinclude` bring it with each table, so criteria betray nothing that answers would not.
 *
 * SPEC JRN-PREDICATE
 */
import { decide, predicateOf, type AccessPredicate, type Grounds } from "../access/index.ts";
import { timeColumnsOf } from "../search/index.ts";
import { today, type Visit } from "./context.ts";

/** The condition on every table of a statement in this visit's name; each type is decided once. */
export function predicateFor(visit: Visit, grounds: Grounds): AccessPredicate {
  const within = predicateOf(grounds.reach, timeColumnsOf);
  const day = today(visit);
  const known = new Map<string, boolean>();
  const predicate: AccessPredicate = (alias, type, bind, isVersion) => {
    const may = known.get(type) ?? "grounds" in decide(visit.actor, { interaction: "search", type, today: day });
    known.set(type, may);
    return may ? within(alias, type, bind, isVersion) : "FALSE";
  };
  return visit.store.isSpread ? Object.assign(predicate, { isSpread: true }) : predicate;
}
