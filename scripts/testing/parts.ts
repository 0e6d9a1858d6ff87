/**
 * The parts of a test run and which files belong to each. Tests of pure modules, of the browser code outside a browser
 * and of the scripts need nothing but Node (unit); all other tests of src/ and test/ use a real PostgreSQL (database).
 * Tests in a browser and of faults are known by name or folder.
 */
import { availableParallelism } from "node:os";
import { readTable } from "../checks/architecture.ts";
import { moduleOf, type Table } from "../checks/architecture/table.ts";
import { filesUnder } from "../checks/check.ts";

/** Parts that run test files; those that are chosen run together. */
export const PART_NAMES = ["unit", "database", "browser", "faults"] as const;
export type PartName = (typeof PART_NAMES)[number];

/** How files are run: how many at a time, and how long one file and all of them may take. */
export interface Limits {
  readonly atOnce: number;
  readonly fileMinutes: number;
  readonly runMinutes: number;
}

/** Twice as many files as processors: they wait for half of their time (docs/decisions/0042). */
export const LIMITS: Limits = {
  atOnce: Math.max(4, 2 * availableParallelism()),
  fileMinutes: 10,
  runMinutes: 45,
};

/** The part that a test file belongs to; undefined when it is no test file. */
export function partOf(table: Table, path: string): PartName | undefined {
  if (!/\.test\.tsx?$/.test(path)) return undefined;
  if (/\.browser\.test\.tsx?$/.test(path) || path.startsWith("test/browser/")) return "browser";
  if (/\.(drill|fault)\.test\.ts$/.test(path) || /^test\/(faults|drills)\//.test(path)) return "faults";
  if (path.startsWith("scripts/")) return "unit";
  const module = table.modules[moduleOf(table, path) ?? ""];
  return module?.pure || module?.browser ? "unit" : "database";
}

/** The files of each part. */
export function filesOfParts(): ReadonlyMap<PartName, readonly string[]> {
  const table = readTable();
  const files = new Map<PartName, string[]>(PART_NAMES.map((name) => [name, []]));
  for (const path of filesUnder("src", "test", "scripts")) {
    const part = partOf(table, path);
    if (part !== undefined) files.get(part)?.push(path);
  }
  return files;
}

/**
 * Files that take long, longest first but for the first, which loads the region that the others in a browser copy: begun before all
 * others, so that none of them is left running alone at the end.
 */
export const LONG_FILES: readonly string[] = [
  "test/browser/axe.test.ts",
  "test/faults/kill.test.ts",
  "src/store/backup.test.ts",
  "test/faults/backup.test.ts",
  "src/cli/bench/bench.test.ts",
  "test/browser/chart.test.ts",
  "src/cli/serve.test.ts",
  "test/browser/portal.test.ts",
  "test/browser/blocks.test.ts",
  "src/loop/simulation/simulation.test.ts",
  "test/browser/care.test.ts",
  "test/search/every/every.test.ts",
  "test/browser/work.test.ts",
  "test/browser/keys.test.ts",
  "test/browser/inbox.test.ts",
  "test/browser/day-one.test.ts",
  "test/browser/results.test.ts",
  "test/browser/search.test.ts",
  "test/browser/sign-in.test.ts",
  "test/browser/leaks-work.test.ts",
  "src/store/embedded/supervise.test.ts",
  "src/cli/traffic.test.ts",
  "src/store/migrate.test.ts",
  "test/faults/loops.test.ts",
  "test/faults/hl7.test.ts",
];

/** The files in the order in which they begin. */
export function inOrder(files: readonly string[]): readonly string[] {
  const long = LONG_FILES.filter((path) => files.includes(path));
  return [...long, ...files.filter((path) => !long.includes(path))];
}
