/**
 * Which locks a write takes before it looks. PostgreSQL's lock table is one for the whole server and of some thousands of
 * places: a large bundle must not fill it, or everybody else's writes would fail.
 *
 * SPEC JRN-LOCK · measured: three transactions of 10,000 updates with a lock each ran out of the 6,400 places of 100 connections
 */
import { homeOf } from "../base/index.ts";
import { criteriaOf, nameOf, type Command } from "./commands.ts";
import { conditionName } from "./conditional.ts";

const MOST_NAMED = 100;
const CONDITIONS = 512;

/**
 * A change of few resources waits for others on each of them. A larger one does not: if somebody is quicker, the store
 * refuses its stale version and it begins again (`commit`). Conditions share a fixed number of locks, always, since two
 * writes on one condition may have nothing else to meet on.
 */
export function locksOf(commands: readonly Command[]): string[] {
  const names: string[] = [];
  const conditions: string[] = [];
  for (const command of commands) {
    const name = nameOf(command);
    const criteria = criteriaOf(command);
    if (name !== undefined) names.push(name);
    if (criteria !== undefined)
      conditions.push(`condition ${homeOf(conditionName(command.type, criteria)) % CONDITIONS}`);
  }
  return [...fewNames(names), ...conditions];
}

/** The names, unless they are too many to lock each of them. */
export function fewNames(names: readonly string[]): readonly string[] {
  return names.length <= MOST_NAMED ? names : [];
}
