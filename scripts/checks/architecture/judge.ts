/**
 * Judges a source tree against the module table. Pure: files in, violations out, so that the same code judges the real
 * tree and the trees with a planted fault.
 *
 * SPEC HOUSE-ARCH
 */
import { posix } from "node:path";
import { builtinModules } from "node:module";
import { cyclesIn } from "./cycles.ts";
import { factsOf, type Facts, type Import, type Touch } from "./facts.ts";
import { isTestCode, moduleOf, refusalOf, type Module, type Table } from "./table.ts";

/** The rules, by the name that a violation carries. */
export type RuleName =
  | "any-type"
  | "default-export"
  | "environment"
  | "file-cycle"
  | "foreign-package"
  | "forbidden-edge"
  | "deep-import"
  | "impure"
  | "missing-module"
  | "module-cycle"
  | "outside-import"
  | "planned-module"
  | "unknown-folder"
  | "unreadable";

/** One broken rule, where, and what to do about it. */
export interface Violation {
  readonly rule: RuleName;
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Source text by path relative to the root, `src/…` and `test/…`. */
export type Tree = ReadonlyMap<string, string>;

const isCode = (path: string): boolean => /\.tsx?$/.test(path);

/** Every violation in the tree. */
export function judge(tree: Tree, table: Table): Violation[] {
  const facts = new Map<string, Facts>();
  for (const [path, text] of tree) if (isCode(path)) facts.set(path, factsOf(path, text));
  return [
    ...judgeFolders(tree, table),
    ...[...facts].flatMap(([path, own]) => [...judgeImports(path, own, table), ...judgeTouches(path, own, table)]),
    ...judgeCycles(facts, table),
  ];
}

function judgeFolders(tree: Tree, table: Table): Violation[] {
  const found: Violation[] = [];
  const seen = new Set<string>();
  for (const path of tree.keys()) {
    if (!path.startsWith("src/")) continue;
    const name = moduleOf(table, path);
    if (name !== undefined) seen.add(name);
    const folder = path.split("/")[1] ?? "";
    if (name === undefined && table.planned[folder]) {
      found.push({
        rule: "planned-module",
        path,
        line: 1,
        text: `${folder} is listed as planned; move it to modules in architecture.json`,
      });
    } else if (name === undefined) {
      found.push({ rule: "unknown-folder", path, line: 1, text: "belongs to no module of architecture.json" });
    }
  }
  for (const [name, module] of Object.entries(table.modules)) {
    const door = module.file ? `src/${module.file}` : `src/${name}/index.ts`;
    if (!seen.has(name))
      found.push({
        rule: "missing-module",
        path: `src/${name}`,
        line: 1,
        text: "is listed in architecture.json and was not seen",
      });
    else if (!module.browser && !tree.has(door))
      found.push({ rule: "missing-module", path: door, line: 1, text: "a module needs its door" });
  }
  return found;
}

function judgeImports(path: string, { imports }: Facts, table: Table): Violation[] {
  return imports.flatMap((one) => {
    const violation = /^[./]/.test(one.specifier) ? judgeFile(path, one, table) : judgePackage(path, one, table);
    return violation ? [{ ...violation, path, line: one.line }] : [];
  });
}

type Finding = { readonly rule: RuleName; readonly text: string };

function judgeFile(path: string, { specifier }: Import, table: Table): Finding | undefined {
  const target = resolve(path, specifier);
  const from = moduleOf(table, path);
  const to = moduleOf(table, target);
  if (path.startsWith("test/") && target.startsWith("test/")) return undefined;
  if (to === undefined) return { rule: "outside-import", text: `${specifier} is in no module of src` };
  if (from === to) return undefined;
  if (!isDoor(table, path, to, target))
    return { rule: "deep-import", text: `${specifier}: only src/${to}/index.ts is open to others` };
  if (from === undefined) return undefined; // test/ stands above the ranks
  const refusal = refusalOf(table, from, to);
  return refusal === undefined ? undefined : { rule: "forbidden-edge", text: `${from} → ${to}: ${refusal}` };
}

/** The door is index.ts; tests may also use what a module offers to tests: testing.ts or testing/index.ts. */
function isDoor(table: Table, path: string, to: string, target: string): boolean {
  const file = table.modules[to]?.file;
  if (file !== undefined) return target === `src/${file}`;
  if (target === `src/${to}/index.ts`) return true;
  return isTestCode(path) && (target === `src/${to}/testing.ts` || target === `src/${to}/testing/index.ts`);
}

function judgePackage(path: string, one: Import, table: Table): Finding | undefined {
  if (one.typeOnly && table.packagesOfTypes.includes(packageName(one.specifier))) return undefined;
  return isTestCode(path) ? judgeTestPackage(one, table) : judgeProductPackage(moduleOf(table, path) ?? "", one, table);
}

function judgeTestPackage({ specifier }: Import, table: Table): Finding | undefined {
  const name = packageName(specifier);
  if (isBuiltin(specifier) || table.packagesOfTests.includes(name) || Object.hasOwn(table.packages, name))
    return undefined;
  return { rule: "foreign-package", text: `${name} is not in architecture.json` };
}

function judgeProductPackage(module: string, { specifier }: Import, table: Table): Finding | undefined {
  const own = table.modules[module];
  if (isBuiltin(specifier)) return judgeBuiltin(specifier, module, own);
  const name = packageName(specifier);
  const owners = Object.hasOwn(table.packages, name) ? table.packages[name] : undefined;
  if (owners === undefined) return { rule: "foreign-package", text: `${name} is not in architecture.json` };
  if (owners.includes(module)) return undefined;
  return { rule: "foreign-package", text: `${name} belongs to ${owners.join(", ")}` };
}

function judgeBuiltin(specifier: string, module: string, own: Module | undefined): Finding | undefined {
  if (own?.pure) return { rule: "impure", text: `${module} is pure and imports ${specifier}` };
  if (own?.browser) return { rule: "foreign-package", text: `${specifier} does not exist in a browser` };
  if (/^(node:)?process$/.test(specifier) && !own?.readsEnvironment)
    return { rule: "environment", text: "only main.ts imports node:process" };
  return undefined;
}

const TOUCH_RULES: Readonly<Partial<Record<Touch, RuleName>>> = {
  any: "any-type",
  "default-export": "default-export",
  "unreadable-import": "unreadable",
  "unreadable-file": "unreadable",
};

const IMPURE: ReadonlySet<Touch> = new Set(["clock", "randomness", "runtime", "environment"]);

function judgeTouches(path: string, { touches }: Facts, table: Table): Violation[] {
  const name = moduleOf(table, path);
  const module = name === undefined ? undefined : table.modules[name];
  return touches.flatMap(({ what, line, text }): Violation[] => {
    const always = TOUCH_RULES[what];
    if (always) return [{ rule: always, path, line, text }];
    if (isTestCode(path)) return [];
    if (module?.pure && IMPURE.has(what)) return [{ rule: "impure", path, line, text: `${name} is pure: ${text}` }];
    if (what === "environment" && !module?.readsEnvironment)
      return [{ rule: "environment", path, line, text: `only main.ts reads it: ${text}` }];
    return [];
  });
}

function judgeCycles(facts: ReadonlyMap<string, Facts>, table: Table): Violation[] {
  const files = new Map<string, string[]>();
  const modules = new Map<string, string[]>();
  for (const [path, { imports }] of facts) {
    if (isTestCode(path)) continue;
    const relative = imports.filter(({ specifier }) => specifier.startsWith("."));
    const targets = relative.map(({ specifier }) => resolve(path, specifier));
    // Two files may name each other's types: that is gone when the program runs, and order cannot matter.
    files.set(
      path,
      targets.filter((_, index) => !relative[index]?.typeOnly),
    );
    const from = moduleOf(table, path);
    if (from === undefined) continue;
    const edges = modules.get(from) ?? [];
    modules.set(from, edges);
    for (const target of targets) {
      const to = moduleOf(table, target);
      if (to !== undefined && to !== from) edges.push(to);
    }
  }
  const asViolation =
    (rule: RuleName) =>
    (cycle: string[]): Violation => ({ rule, path: cycle[0] ?? "", line: 1, text: cycle.join(" → ") });
  return [...cyclesIn(modules).map(asViolation("module-cycle")), ...cyclesIn(files).map(asViolation("file-cycle"))];
}

const resolve = (path: string, specifier: string): string =>
  posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ""));

const isBuiltin = (specifier: string): boolean => specifier.startsWith("node:") || builtinModules.includes(specifier);

const packageName = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
