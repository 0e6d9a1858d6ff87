/**
 * Page budgets: what a browser must fetch before the first screen works, and what each route adds, in gzip kilobytes of
 * 1,000 bytes, measured on the built dist/web. SPEC HOUSE-BUDGET
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root, type Check } from "./check.ts";

/** The limits of the care application. */
const LIMITS = { script: 200, style: 40, route: 60 };

/** Vite's manifest: source file or chunk name to what it became. */
export type Manifest = Readonly<
  Record<
    string,
    {
      readonly file: string;
      readonly isEntry?: boolean;
      readonly imports?: readonly string[];
      readonly dynamicImports?: readonly string[];
      readonly css?: readonly string[];
    }
  >
>;

/** Compares the manifest with the limits; `sizeOf` gives the compressed bytes of a built file. */
export function judgeBudgets(
  manifest: Manifest,
  sizeOf: (file: string) => number,
): { findings: string[]; seen: string } {
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry);
  if (entries.length === 0) return { findings: ["the build has no entry; nothing was measured"], seen: "nothing" };
  const first = withImports(manifest, entries);
  const total = (files: Iterable<string>): number =>
    [...new Set(files)].reduce((sum, file) => sum + sizeOf(file) / 1000, 0);
  const scriptsOf = (keys: Iterable<string>): string[] =>
    [...keys].flatMap((key) => manifest[key]?.file ?? []).filter((file) => file.endsWith(".js"));
  const stylesOf = (keys: Iterable<string>): string[] => [...keys].flatMap((key) => manifest[key]?.css ?? []);

  const script = total(scriptsOf(first));
  const style = total(stylesOf(first));
  const routes = Object.values(manifest).flatMap(({ dynamicImports }) => dynamicImports ?? []);
  const added = [...new Set(routes)].map((key) => ({
    key,
    size: total(scriptsOf([...withImports(manifest, [key])].filter((each) => !first.has(each)))),
  }));
  const heaviest = added.toSorted((a, b) => b.size - a.size)[0];
  const findings = [
    ...over("first script", script, LIMITS.script),
    ...over("first style", style, LIMITS.style),
    ...added.flatMap(({ key, size }) => over(`route ${key}`, size, LIMITS.route)),
  ];
  const route = heaviest ? `, heaviest route ${heaviest.size.toFixed(1)} of ${LIMITS.route}` : "";
  return {
    findings,
    seen: `script ${script.toFixed(1)} of ${LIMITS.script} kB, style ${style.toFixed(1)} of ${LIMITS.style}${route}`,
  };
}

const over = (what: string, size: number, limit: number): string[] =>
  size <= limit ? [] : [`${what} is ${size.toFixed(1)} kB gzip; the budget is ${limit}`];

/** The chunks, and all that load with them because they are imported statically. */
function withImports(manifest: Manifest, keys: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const waiting = [...keys];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    waiting.push(...(manifest[key]?.imports ?? []));
  }
  return seen;
}

const PLANTED: Manifest = {
  "main.tsx": { file: "main.js", isEntry: true, imports: ["shared"], dynamicImports: ["page.tsx"], css: ["main.css"] },
  shared: { file: "shared.js" },
  "page.tsx": { file: "page.js", imports: ["shared"] },
};

function blindSpots(): string[] {
  const judged = (large: string): number =>
    judgeBudgets(PLANTED, (file) => (file === large ? 200_001 : 1)).findings.length;
  const missed = ["shared.js", "main.css", "page.js"].filter((file) => judged(file) !== 1);
  return [
    ...missed.map((file) => `planted and not caught: ${file} is too large`),
    ...(judged("") === 0 ? [] : ["a small build was refused"]),
  ];
}

export const budgets: Check = {
  name: "budgets",
  async run() {
    const manifestFile = join(root, "dist/web/.vite/manifest.json");
    if (!existsSync(manifestFile)) return { findings: ["dist/web is not built"], seen: "nothing" };
    const manifest = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest;
    const { findings, seen } = judgeBudgets(
      manifest,
      (file) => gzipSync(readFileSync(join(root, "dist/web", file)), { level: 9 }).length,
    );
    return { findings: [...blindSpots(), ...findings], seen };
  },
};
