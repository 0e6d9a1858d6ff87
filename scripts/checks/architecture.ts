/** The architecture gate: proves itself on planted violations, then judges src/ and test/ against architecture.json. */
import { judge } from "./architecture/judge.ts";
import { blindSpots, PLANTED } from "./architecture/plants.ts";
import type { Table } from "./architecture/table.ts";
import { filesUnder, textOf, type Check } from "./check.ts";

/** The module table of this checkout. */
export const readTable = (): Table => JSON.parse(textOf("architecture.json")) as Table;

/** Order of modules, doors, cycles, purity, packages. SPEC HOUSE-ARCH. */
export const architecture: Check = {
  name: "architecture",
  async run() {
    const table = readTable();
    const paths = filesUnder("src", "test");
    const tree = new Map(paths.map((path) => [path, /\.tsx?$/.test(path) ? textOf(path) : ""]));
    const violations = judge(tree, table).map(({ rule, path, line, text }) => `${path}:${line} ${rule}: ${text}`);
    return {
      findings: [...blindSpots(table), ...violations],
      seen: `${Object.keys(table.modules).length} modules, ${tree.size} files, ${PLANTED} planted`,
    };
  },
};
