/**
 * The grounds as SQL: the first lock on every statement that touches patient data. Row-level security is the second and
 * says the same thing in the database (migrations 0002, 0011, 0014 and 0019); a test holds them against each other.
 *
 * SPEC ACC-PREDICATE
 */
import { blockedSql, type BlockedRow } from "./blocked.ts";
import type { GroundsReach } from "./decide.ts";
import { openedSql } from "./opened.ts";
import { doorPredicateSql, doorSetting } from "./patient/door-reach.ts";

/**
 * Answers a condition on the table `alias` of `type`; `bind` turns a value into a placeholder. Rows of the history and the
 * change log are asked for as versions: they have fewer columns.
 */
export type AccessPredicate = (
  alias: string,
  type: string,
  bind: (value: unknown) => string,
  isVersion?: boolean,
) => string;

/**
 * The condition that the rows of one statement must meet. `timeOf` tells the columns of a type's own time, by which a block
 * may be limited to a period.
 */
export function predicateOf(reach: GroundsReach, timeOf: (type: string) => BlockedRow["time"]): AccessPredicate {
  if (reach.kind === "region") return () => "TRUE";
  if (reach.kind === "door")
    return (alias, type, bind, isVersion = false) => doorPredicateSql(reach, { alias, type, isVersion }, bind);
  return (alias, type, bind, isVersion = false) => {
    // Who a person is comes from the population register and is the same for every care provider.
    if (type === "Patient") return "TRUE";
    const blocked = blockedSql({ alias, type, time: timeOf(type), isVersion }, reach, bind);
    const opened = openedSql({ alias, type, isVersion }, reach, bind);
    const others = isVersion ? "" : ` AND ${alias}.other_patients IS NULL`;
    const ofNobody = `${alias}.patient IS NULL${others} AND (${alias}.care_provider IS NULL OR ${alias}.care_provider = ${bind(reach.careProvider)})`;
    return `((${opened} AND NOT ${blocked}) OR (${ofNobody}))`;
  };
}

/** The setting that row-level security goes by: care provider, care unit and employee, or `*`. */
export function reachSetting(reach: GroundsReach): string {
  if (reach.kind === "door") return doorSetting(reach);
  return reach.kind === "region" ? "*" : `${reach.careProvider} ${reach.careUnit} ${reach.employee}`;
}
