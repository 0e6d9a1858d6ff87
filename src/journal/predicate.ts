/**
 * The access predicate of one visit: the grounds' reach, and FALSE for every type that the actor may not search. Chains,
 * `_has`, `_include` and `_revinclude` bring it with each table, so criteria betray nothing that answers would not.
 *
 * SPEC JRN-PREDICATE
 */
import { decide, predicateOf, seesProtected, type AccessPredicate, type Grounds } from "../access/index.ts";
import { timeColumnsOf } from "../search/index.ts";
import { unsealedSql } from "../store/index.ts";
import { today, type Visit } from "./context.ts";
import { narrowedTo } from "./narrowed.ts";
import { isSignable } from "./signing/signable.ts";

/**
 * The condition on every table of a statement in this visit's name; each type is decided once. It can be narrowed to what nobody has
 * signed, of types that are signed.
 */
export function predicateFor(visit: Visit, grounds: Grounds, only?: "unsealed"): AccessPredicate {
  const within = narrowedTo(visit.actor, predicateOf(grounds.reach, timeColumnsOf), "s");
  const day = today(visit);
  const known = new Map<string, boolean>();
  const predicate: AccessPredicate = (alias, type, bind, isVersion) => {
    const may =
      known.get(type) ??
      "grounds" in decide(visit.actor, { interaction: "search", type, today: day, work: visit.work });
    known.set(type, may);
    if (!may) return "FALSE";
    const reached = within(alias, type, bind, isVersion);
    return only === "unsealed" && isSignable(type) ? `(${reached} AND ${unsealedSql(alias, type)})` : reached;
  };
  // Whoever may not see protected identities does not find them by what is withheld either.
  const withholds = !seesProtected(visit.actor);
  return Object.assign(predicate, { withholds, ...(visit.store.isSpread ? { isSpread: true } : {}) });
}

/** The condition on rows that are read by their names, of types that have been decided. */
export function readPredicateFor({ actor }: Visit, reach: Grounds["reach"]): AccessPredicate {
  return narrowedTo(actor, predicateOf(reach, timeColumnsOf), "r");
}
