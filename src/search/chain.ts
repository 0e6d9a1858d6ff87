/**
 * Names of criteria: a parameter, a chain through references (`subject:Patient.name`), or the same backwards
 * (`_has:Observation:subject:code`), in any mixture up to a few steps; `_list` and `_filter` stand in the same places.
 *
 * SPEC SEARCH-CHAIN · https://hl7.org/fhir/R4/search.html#chaining
 */
import { fhirErrorAt, isFhirId } from "../fhir/index.ts";
import { tooCostly, type ParseContext } from "./context.ts";
import { conditionOf } from "./criteria.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import { filterCondition } from "./filter-condition.ts";
import { LIMITS } from "./limits.ts";
import type { Condition } from "./plan.ts";
import { guarded, tellingOf } from "./protected.ts";
import { askedOf, chainCondition, hasCondition, hasParts, refuseDepth, type Place } from "./steps.ts";

type Criterion = Place & { readonly name: string; readonly value: string };

/** The condition that one name and value of a query string put on resources of a type. */
export function criterionOf(type: string, name: string, value: string, context: ParseContext): Condition {
  return conditionFor({ type, name, value, written: name, context, depth: 0 });
}

function conditionFor(criterion: Criterion): Condition {
  const { name, value } = criterion;
  refuseDepth(criterion);
  if (name.startsWith("_has:")) {
    const { step, rest } = hasParts(name, criterion.written);
    return hasCondition(criterion, step, (place) => {
      // A Patient that refers to somebody tells where the person goes, however it is named.
      const telling = place.type === "Patient" ? "telling" : tellingOf(place.type, rest, value);
      return guarded(place.type, telling, conditionFor({ ...place, name: rest, value }));
    });
  }
  if (name === "_list") return listCondition(criterion);
  if (name === "_filter") return filterCondition(criterion, value);
  const dot = name.indexOf(".");
  if (dot < 0) return conditionOf(askedOf(criterion, name, value));
  const rest = name.slice(dot + 1);
  return chainCondition(criterion, name.slice(0, dot), (place) =>
    guarded(place.type, tellingOf(place.type, rest, value), conditionFor({ ...place, name: rest, value })),
  );
}

/** What a List here refers to. Lists by what they are for (`$current-problems`) are nobody's to keep here. */
function listCondition(criterion: Criterion): Condition {
  const ids = splitEscaped(criterion.value, ",").map(unescaped);
  if (ids.length > LIMITS.alternatives) throw tooCostly(criterion.written, `${ids.length} > ${LIMITS.alternatives}`);
  if (ids.some((id) => id.startsWith("$"))) throw fhirErrorAt("NOT_SUPPORTED", criterion.written, "_list=$current-…");
  const known = ids.map((id) => id.replace(/^List\//, "")).filter(isFhirId);
  return hasCondition(criterion, { source: "List", link: "item" }, () => ({ kind: "id", ids: known, negated: false }));
}
