/**
 * The parts of a test run and which files belong to each. Tests of pure modules, of the browser code outside a browser
 * and of the scripts need nothing but Node (unit); all other tests of src/ and test/ use a real PostgreSQL (database).
 * Tests in a browser and of faults are known by name or folder.
 */
import { readTable } from "../checks/architecture.ts";
import { moduleOf, type Table } from "../checks/architecture/table.ts";
import { filesUnder } from "../checks/check.ts";

/** Parts that run test files, in the order they run. */
export const PART_NAMES = ["unit", "database", "browser", "faults"] as const;
export type PartName = (typeof PART_NAMES)[number];

/** How a part is run: files at a time, and how long one file and the whole part may take. */
export interface PartLimits {
  readonly atOnce: number;
  readonly fileMinutes: number;
  readonly partMinutes: number;
}

export const LIMITS: Readonly<Record<PartName, PartLimits>> = {
  unit: { atOnce: 2, fileMinutes: 6, partMinutes: 15 },
  database: { atOnce: 3, fileMinutes: 8, partMinutes: 25 },
  browser: { atOnce: 2, fileMinutes: 8, partMinutes: 15 },
  faults: { atOnce: 2, fileMinutes: 15, partMinutes: 20 },
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
