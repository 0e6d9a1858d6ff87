/**
 * The module table, architecture.json: its shape, and the questions that the rules ask of it.
 */

/** One module of src/: a folder, or the single file named in `file`. */
export interface Module {
  readonly rank?: number;
  /** No clock, no chance, no environment, no files, no network: the same arguments give the same answer. */
  readonly pure?: boolean;
  /** Runs in a browser: has no rank, and may import pure modules only. */
  readonly browser?: boolean;
  readonly file?: string;
  readonly readsEnvironment?: boolean;
}

/** The content of architecture.json. */
export interface Table {
  readonly modules: Readonly<Record<string, Module>>;
  readonly planned: Readonly<Record<string, Module>>;
  /** Package to the modules that may import it. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly packagesOfTests: readonly string[];
  /** Packages that exist only as types (`@types/…`). */
  readonly packagesOfTypes: readonly string[];
  /** Files above the size limit, each with the reason. */
  readonly longFiles: Readonly<Record<string, string>>;
}

/** The module that a path such as `src/store/pool.ts` belongs to; undefined for a path outside every module. */
export function moduleOf(table: Table, path: string): string | undefined {
  const [top, first, second] = path.split("/");
  if (top !== "src" || first === undefined) return undefined;
  if (second === undefined) return Object.keys(table.modules).find((name) => table.modules[name]?.file === first);
  const module = table.modules[first];
  return module && module.file === undefined ? first : undefined;
}

/** Why one module may not import another; undefined when it may. */
export function refusalOf(table: Table, from: string, to: string): string | undefined {
  const importer = table.modules[from];
  const imported = table.modules[to];
  if (!importer || !imported) return `${to} is not a module`;
  if (importer.browser) return imported.pure ? undefined : `${from} runs in a browser and may import pure modules only`;
  if (imported.browser) return `${to} runs in a browser; nothing on the server may import it`;
  const [above, below] = [importer.rank ?? 0, imported.rank ?? 0];
  return below < above ? undefined : `rank ${above} may import lower ranks only, ${to} has ${below}`;
}

/** Tests, and what only tests use: freed from purity and package rules, never from the order of modules. */
export function isTestCode(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith("test/") || /\/testing(\/|\.ts$)/.test(path);
}
