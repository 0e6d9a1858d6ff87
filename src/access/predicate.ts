/**
 * The grounds as SQL: the first lock on every statement that touches patient data. Row-level security is the second and
 * says the same thing in the database (migration 0002); a test holds them against each other.
 *
 * SPEC ACC-PREDICATE
 */
import type { GroundsReach } from "./decide.ts";

/** Answers a condition on the table `alias` of `type`; `bind` turns a value into a placeholder. */
export type AccessPredicate = (alias: string, type: string, bind: (value: unknown) => string) => string;

/** The condition that the rows of one statement must meet. */
export function predicateOf(reach: GroundsReach): AccessPredicate {
  if (reach.kind === "region") return () => "TRUE";
  return (alias, type, bind) =>
    // Who a person is comes from the population register and is the same for every care provider.
    type === "Patient"
      ? "TRUE"
      : `(${alias}.care_provider = ${bind(reach.careProvider)} OR (${alias}.care_provider IS NULL AND ${alias}.patient IS NULL))`;
}

/** The setting that row-level security goes by. */
export function reachSetting(reach: GroundsReach): string {
  return reach.kind === "region" ? "*" : reach.careProvider;
}
