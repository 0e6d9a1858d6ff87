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
  "src/store/backup.test.ts",
  "src/cli/bench/bench.test.ts",
  "test/browser/portal.test.ts",
  "test/faults/kill.test.ts",
  "test/faults/backup.test.ts",
  "test/browser/day-one.test.ts",
  "test/browser/chart.test.ts",
  "test/browser/referral.test.ts",
  "test/browser/orders.test.ts",
  "src/cli/serve.test.ts",
  "src/loop/simulation/simulation.test.ts",
  "test/browser/notes.test.ts",
  "test/browser/specimens.test.ts",
  "src/store/embedded/supervise.test.ts",
  "src/store/access-log-verify.test.ts",
  "test/search/every/every.test.ts",
  "test/search/statements.test.ts",
  "test/browser/work.test.ts",
  "test/browser/smart-app.test.ts",
  "src/store/migrate.test.ts",
  "src/cli/traffic.test.ts",
  "test/browser/letters.test.ts",
  "test/browser/signing.test.ts",
  "test/browser/care.test.ts",
  "scripts/prepare/prepare.test.ts",
  "src/http/interference-time.test.ts",
  "test/faults/loops.test.ts",
  "test/faults/hl7.test.ts",
];

/** How many files share a process. */
const TOGETHER = 8;

/** Files that need a process of their own: they look at it, change what all in it share, or share what the file puts down (src/store). */
const ALONE: readonly RegExp[] = [/^test\//, /^scripts\//, /^src\/store\//];

/**
 * The files in the order in which they begin, those together that share a process: first each that takes long, then the others that
 * are alone, then the groups, each of one module, and of these last those that wait for nothing: they fill the end.
 */
export function inOrder(files: readonly string[]): readonly (readonly string[])[] {
  const long = LONG_FILES.filter((path) => files.includes(path));
  const others = files.filter((path) => !long.includes(path));
  const isAlone = (path: string): boolean => ALONE.some((pattern) => pattern.test(path));
  const modules = new Map<string, string[]>();
  for (const path of others.filter((one) => !isAlone(one))) {
    const name = path.split("/").slice(0, 2).join("/");
    modules.set(name, [...(modules.get(name) ?? []), path]);
  }
  const alone = [...long, ...others.filter(isAlone)].map((path) => [path]);
  const unit = new Set(filesOfParts().get("unit"));
  const groups = [...modules.values()].flatMap(inEvenGroups);
  const isUnit = ([first = ""]: readonly string[]): boolean => unit.has(first);
  return [...alone, ...groups.filter((group) => !isUnit(group)), ...groups.filter(isUnit)];
}

/** As few groups as can be, none much smaller than another. */
function inEvenGroups(files: readonly string[]): string[][] {
  const groups = Math.ceil(files.length / TOGETHER);
  return Array.from({ length: groups }, (_, n) => files.filter((__, at) => at % groups === n));
}
