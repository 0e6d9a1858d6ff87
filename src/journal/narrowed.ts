/**
 * What an application may see in a person's name, as a condition that goes with the person's own on every table.
 *
 * SPEC JRN-APP · SMART App Launch 2.2, scopes with search parameters
 */
import { isDirectory, narrowingOf, type AccessPredicate, type Actor, type AppGrant } from "../access/index.ts";
import { FhirError } from "../fhir/index.ts";
import { narrowedSql, narrowingKeys, type NarrowedRows } from "../search/index.ts";
import { parametersOf } from "./query-text.ts";

/** The predicate, narrowed to what the actor's application may do: searching (`s`) or reading (`r`). */
export function narrowedTo(actor: Actor, within: AccessPredicate, verb: "r" | "s"): AccessPredicate {
  const app = actor.kind === "person" ? actor.app : undefined;
  if (app === undefined) return within;
  return (alias, type, bind, isVersion = false) => {
    const rows = narrowedRows(app, type, verb);
    const reached = within(alias, type, bind, isVersion);
    return rows === "whole" ? reached : `(${reached} AND ${narrowedSql(rows, { alias, type, isVersion }, bind)})`;
  };
}

/** True when the actor's application may read only some of what the person may, of a type. */
export function isNarrowedFor(actor: Actor, type: string): boolean {
  return actor.kind === "person" && actor.app !== undefined && narrowingOf(actor.app, type, "r") !== "whole";
}

const known = new Map<string, readonly (readonly string[])[]>();
const MOST_KNOWN = 1000;

function narrowedRows(app: AppGrant, type: string, verb: "r" | "s"): "whole" | readonly NarrowedRows[] {
  const narrowing = narrowingOf(app, type, verb);
  if (narrowing === "whole") return "whole";
  if (narrowing === "none") return [];
  const isCommon = isDirectory(type);
  return narrowing.map(({ patient, criteria }) => ({
    patient,
    isCommon,
    keys: criteria === null ? [] : keysOf(type, criteria),
  }));
}

/** Worked out once for each scope. Errors: those of narrowingKeys; such a scope is not handed out. */
function keysOf(type: string, criteria: string): readonly (readonly string[])[] {
  const name = `${type}?${criteria}`;
  const found = known.get(name) ?? narrowingKeys(type, parametersOf(criteria));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, found);
  return found;
}

/** True for search parameters that a scope of the type may have. */
export function isNarrowable(type: string, criteria: string): boolean {
  try {
    return narrowingKeys(type, parametersOf(criteria)).length > 0;
  } catch (error) {
    if (error instanceof FhirError) return false;
    throw error;
  }
}
