/**
 * The checks that are other people's tools: format (oxfmt), lint with types (oxlint with tsgolint), types (tsc) and
 * unused code (knip). Each is first shown a file with faults that it must report.
 */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, findingsOf, root, runTool, unseen, withPlanted, type Check, type Outcome } from "./check.ts";

const FORMATTED = ["src", "scripts"];

/** Formatting, by .oxfmtrc.json. `npx oxfmt` repairs. */
export const format: Check = {
  name: "format",
  async run() {
    const blind = await withPlanted({ "a.ts": "export const  x = {a:1 }\n" }, async (folder) =>
      unseen("oxfmt", await runTool("oxfmt", ["-c", join(root, ".oxfmtrc.json"), "--check", "a.ts"], folder), ["a.ts"]),
    );
    const run = await runTool("oxfmt", ["--list-different", "."]);
    return outcome(blind, run, countOf(FORMATTED));
  },
};

const LINT_PLANT = `export async function later(): Promise<number> { return 1; }
later();
export const x = (y: any) => y;
export default x;
`;

/** Lint with type information, by .oxlintrc.json. */
export const lint: Check = {
  name: "lint",
  async run() {
    const files = {
      "a.ts": LINT_PLANT,
      "tsconfig.json": JSON.stringify({ extends: join(root, "tsconfig.json"), include: ["."] }),
    };
    const blind = await withPlanted(files, async (folder) => {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules")); // where oxlint looks for its type-aware half
      const words = ["no-floating-promises", "no-explicit-any", "no-default-export"];
      return unseen("oxlint", await runTool("oxlint", ["-c", join(root, ".oxlintrc.json"), "a.ts"], folder), words);
    });
    return outcome(blind, await runTool("oxlint", ["--deny-warnings", "-f", "unix"]), countOf(FORMATTED));
  },
};

const TYPES_PLANT = `const list: readonly number[] = [];
export const first: number = list[0];
export const word: string = 1;
`;

/** Types: the server, tests and scripts by tsconfig.json, the browser by src/web/tsconfig.json. */
export const types: Check = {
  name: "types",
  async run() {
    const blind = await Promise.all(
      ["tsconfig.json", "src/web/tsconfig.json"].map((config) => {
        const own = { extends: join(root, config), include: ["."], compilerOptions: { types: [] } };
        return withPlanted({ "a.ts": TYPES_PLANT, "tsconfig.json": JSON.stringify(own) }, async (folder) =>
          unseen(`tsc with ${config}`, await runTool("tsc", ["-p", folder]), ["a.ts(2,14)", "a.ts(3,14)"]),
        );
      }),
    );
    const server = await runTool("tsc", ["--noEmit", "-p", "tsconfig.json"]);
    const web = await runTool("tsc", ["--noEmit", "-p", "src/web/tsconfig.json"]);
    return {
      findings: [...blind.flat(), ...new Set([...findingsOf(server), ...findingsOf(web)])],
      seen: countOf(FORMATTED),
    };
  },
};

const UNUSED_PLANT = {
  "package.json": JSON.stringify({ name: "planted", type: "module", dependencies: { "left-pad": "1.3.0" } }),
  "src/main.ts": `import { used } from "./a.ts";\nconsole.log(used);\n`,
  "src/a.ts": "export const used = 1;\nexport const neverUsed = 2;\n",
  "src/forgotten.ts": "export const x = 1;\n",
};

/** Unused files, exports and dependencies, by knip.json. */
export const unused: Check = {
  name: "unused",
  async run() {
    const blind = await withPlanted(UNUSED_PLANT, async (folder) => {
      const run = await runTool("knip", [
        "--no-progress",
        "--no-config-hints",
        "-c",
        join(root, "knip.json"),
        "--directory",
        folder,
      ]);
      return unseen("knip", run, ["neverUsed", "src/forgotten.ts", "left-pad"]);
    });
    return outcome(blind, await runTool("knip", ["--no-progress", "--no-config-hints"]), countOf(FORMATTED));
  },
};

function outcome(blind: readonly string[], run: Awaited<ReturnType<typeof runTool>>, seen: string): Outcome {
  return { findings: [...blind, ...findingsOf(run)], seen };
}

const countOf = (folders: readonly string[]): string =>
  `${filesUnder(...folders).filter((path) => /\.(m?js|tsx?)$/.test(path)).length} files`;
