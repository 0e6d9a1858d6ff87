/**
 * The shape of files: at most 500 lines (generated and listed tables excepted), a comment that says what the file is,
 * and a SPEC.md in every module. SPEC HOUSE-SHAPE
 */
import { readTable } from "./architecture.ts";
import { filesUnder, textOf, type Check } from "./check.ts";

const MOST_LINES = 500;

/** What is wrong with one file's shape; undefined when nothing is. */
export function shapeFinding(
  path: string,
  text: string,
  longFiles: Readonly<Record<string, string>>,
): string | undefined {
  if (/(^|\/)generated\//.test(path)) return undefined;
  const lines = text.split("\n").length - 1;
  if (lines > MOST_LINES && !Object.hasOwn(longFiles, path)) {
    return `${path} has ${lines} lines; split it at ${MOST_LINES}, or list it with a reason in architecture.json (longFiles)`;
  }
  if (!/\.test\.tsx?$/.test(path) && !/^(#!.*\n)?\s*\/[*/]/.test(text)) return `${path} does not open with what it is`;
  return undefined;
}

export const shape: Check = {
  name: "shape",
  async run() {
    const { modules, longFiles } = readTable();
    const all = filesUnder("src", "scripts");
    const code = all.filter((path) => /\.(tsx?|mjs)$/.test(path));
    const found = code.flatMap((path) => shapeFinding(path, textOf(path), longFiles) ?? []);
    const withoutSpec = Object.entries(modules)
      .filter(([name, { file }]) => file === undefined && !all.includes(`src/${name}/SPEC.md`))
      .map(([name]) => `src/${name} has no SPEC.md`);
    const gone = Object.keys(longFiles)
      .filter((path) => !all.includes(path))
      .map((path) => `longFiles lists ${path}, which is gone`);
    const blind = [
      shapeFinding("src/a.ts", `/** a */\n${"x;\n".repeat(MOST_LINES)}`, {}) === undefined
        ? ["a long file was planted and not caught"]
        : [],
      shapeFinding("src/a.ts", "export const x = 1;\n", {}) === undefined
        ? ["a file without a header was planted and not caught"]
        : [],
      shapeFinding("src/a.ts", "/** a */\nexport const x = 1;\n", {}) === undefined ? [] : ["a sound file was refused"],
    ].flat();
    return { findings: [...blind, ...found, ...withoutSpec, ...gone], seen: `${code.length} files` };
  },
};
