/**
 * `eira fuzz access [--requests N] [--seed S]`: generated cells of people, facts, times and records, each decided by the access
 * engine and by an independent reference, and claims that the two never differ. A class of answers that never came is a failure.
 *
 * SPEC CLI-FUZZ, ACC-ORACLE
 */
import { seededRandom } from "../../../base/index.ts";
import { numberFlag, type Command } from "../../command.ts";
import { compare, emptyComparison, unseen } from "./compare.ts";
import { cells } from "./generate.ts";

const CELLS = 1_000_000;
const SHOWN = 10;

export const fuzzAccessCommand: Command = async ({ args, terminal, clock }) => {
  const requests = numberFlag(args, "requests", CELLS);
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  terminal.tell(`seed ${seed}: ${requests} cells`);
  const comparison = emptyComparison();
  const source = cells(seededRandom(seed));
  while (comparison.cells < requests) {
    const difference = compare(comparison, source.next().value);
    if (difference !== undefined && comparison.differences <= SHOWN) terminal.tell(difference);
    if (comparison.cells % Math.ceil(requests / 20) === 0) terminal.progress(`${comparison.cells} of ${requests}`);
  }
  const missing = unseen(comparison);
  for (const outcome of missing) terminal.tell(`never seen: ${outcome}`);
  const { differences, alarms, seen } = comparison;
  terminal.print(
    JSON.stringify({
      cells: comparison.cells,
      differences,
      seed,
      alarms,
      unseen: missing.length,
      outcomes: Object.fromEntries(seen),
    }),
  );
  return differences === 0 && missing.length === 0 ? 0 : 1;
};
