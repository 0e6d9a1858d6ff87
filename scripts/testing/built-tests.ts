/**
 * Test files and the programs that they start, bundled once for a whole run. Translating some 500 modules in each of more
 * than 200 test processes cost 2 s of processor time per file, 40 % of the run. A stack still names the TypeScript lines.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { filesUnder, root } from "../checks/check.ts";

const FOLDER = join(root, "dist", "tests");

/** Built tests: where each lies, and which source a place was built from. */
export interface BuiltTests {
  readonly folder: string;
  placeOf(file: string): string;
  sourceOf(place: string): string;
  /** A program that runs these files in one process, one after the other. */
  runnerOf(files: readonly string[]): string;
  /** The processor's seconds that each file cost, as far as they have ended. */
  spent(): ReadonlyMap<string, number>;
}

/** Whose suites are the files' own. */
export const GROUPS = join(root, "scripts/testing/run-group.mjs");

/** What tests start as a process of its own; see programOf in src/store/testing. */
export function programs(): readonly string[] {
  return filesUnder("src").filter((path) => path === "src/main.ts" || /\/testing\/[\w-]*child\.ts$/.test(path));
}

/** Bundles the files into a folder of this process; modules that several need lie there once. Throws when one cannot be read. */
export async function buildTests(files: readonly string[], name = String(process.pid)): Promise<BuiltTests> {
  const folder = join(FOLDER, name);
  mkdirSync(folder, { recursive: true });
  const sources = files.map((file) => resolve(root, file));
  const places = new Map(sources.map((source) => [source, join(folder, outOf(source))]));
  await build({
    absWorkingDir: root,
    entryPoints: sources.map((source) => ({ in: source, out: outOf(source).replace(/\.js$/, "") })),
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
    define: { "import.meta.url": "ownSource" },
    plugins: [ownSources],
  });
  const sourcesByPlace = new Map([...places].map(([source, place]) => [place, source]));
  const placeOf = (file: string): string => places.get(resolve(root, file)) ?? file;
  const spentFile = join(folder, "spent.ndjson");
  let runners = 0;
  return {
    folder,
    placeOf,
    sourceOf: (place) => sourcesByPlace.get(place) ?? place,
    runnerOf: (group) => {
      const wanted = group.map((file) => ({ source: resolve(root, file), place: pathToFileURL(placeOf(file)).href }));
      const runner = join(folder, `group-${++runners}.mjs`);
      const call = `await runGroup(${JSON.stringify(wanted)}, ${JSON.stringify(spentFile)});`;
      writeFileSync(runner, `import { runGroup } from ${JSON.stringify(pathToFileURL(GROUPS).href)};\n${call}\n`);
      return runner;
    },
    spent: () => new Map(linesOf(spentFile).map(({ source, seconds }) => [source, seconds])),
  };
}

function linesOf(file: string): { readonly source: string; readonly seconds: number }[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as { source: string; seconds: number });
}

/** Removes what this process built and what processes that are gone have left. */
export function removeBuiltTests(): void {
  const names = filesOf(FOLDER).filter(
    (name) => Number.parseInt(name, 10) === process.pid || !isAlive(Number.parseInt(name, 10)),
  );
  for (const name of names) rmSync(join(FOLDER, name), { recursive: true, force: true });
}

function outOf(source: string): string {
  const path = source.startsWith(`${root}/`) ? source.slice(root.length + 1) : `outside/${basename(source)}`;
  return path.replace(/\.tsx?$/, ".js");
}

/** Files find what lies beside them from their source, not from the bundle. */
const ownSources: Plugin = {
  name: "own-sources",
  setup(bundler) {
    bundler.onLoad({ filter: /\.tsx?$/, namespace: "file" }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: `const ownSource = ${url}; ${text}`, loader: extname(path) === ".tsx" ? "tsx" : "ts" };
    });
  },
};

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
