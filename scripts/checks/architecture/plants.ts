/**
 * Planted violations: small trees with one fault each. The gate judges them before the real tree; a gate that misses
 * one has gone blind and fails (law 7).
 */
import { judge, type RuleName, type Tree } from "./judge.ts";
import type { Table } from "./table.ts";

/** One fault: files laid over the sound tree (undefined removes a file), and the rule that must catch it. */
interface Plant {
  readonly rule: RuleName;
  readonly why: string;
  readonly files: Readonly<Record<string, string | undefined>>;
}

const PLANTS: readonly Plant[] = [
  {
    rule: "forbidden-edge",
    why: "upwards",
    files: { "src/base/a.ts": `import { x } from "../store/index.ts";\nexport const y = x;` },
  },
  { rule: "forbidden-edge", why: "sideways", files: { "src/search/a.ts": `export { x } from "../access/index.ts";` } },
  {
    rule: "forbidden-edge",
    why: "type only",
    files: { "src/base/a.ts": `import type { x } from "../http/index.ts";\nexport type Y = typeof x;` },
  },
  {
    rule: "forbidden-edge",
    why: "dynamic",
    files: { "src/fhir/a.ts": `export const y = () => import("../journal/index.ts");` },
  },
  {
    rule: "forbidden-edge",
    why: "type expression",
    files: { "src/fhir/a.ts": `export type Y = import("../journal/index.ts").X;` },
  },
  {
    rule: "forbidden-edge",
    why: "browser to server",
    files: { "src/web/a.ts": `import { x } from "../store/index.ts";\nexport const y = x;` },
  },
  {
    rule: "forbidden-edge",
    why: "server to browser",
    files: {
      "src/http/a.ts": `import { x } from "../web/index.ts";\nexport const y = x;`,
      "src/web/index.ts": "export const x = 1;",
    },
  },
  {
    rule: "forbidden-edge",
    why: "a test is not above the order",
    files: { "src/base/a.test.ts": `import { x } from "../store/index.ts";\nexport const y = x;` },
  },
  {
    rule: "deep-import",
    why: "past the door",
    files: {
      "src/store/a.ts": `import { x } from "../base/inner.ts";\nexport const y = x;`,
      "src/base/inner.ts": "export const x = 1;",
    },
  },
  {
    rule: "deep-import",
    why: "test door from a product file",
    files: {
      "src/journal/a.ts": `export { x } from "../store/testing.ts";`,
      "src/store/testing.ts": "export const x = 1;",
    },
  },
  {
    rule: "file-cycle",
    why: "two files",
    files: {
      "src/base/a.ts": `export { y } from "./b.ts";\nexport const x = 1;`,
      "src/base/b.ts": `import { x } from "./a.ts";\nexport const y = x;`,
    },
  },
  {
    rule: "file-cycle",
    why: "three files, one edge dynamic",
    files: {
      "src/base/a.ts": `export * from "./b.ts";`,
      "src/base/b.ts": `export * from "./c.ts";`,
      "src/base/c.ts": `export const x = () => import("./a.ts");`,
    },
  },
  {
    rule: "module-cycle",
    why: "through two doors",
    files: {
      "src/base/a.ts": `import { x } from "../fhir/index.ts";\nexport const y = x;`,
      "src/fhir/a.ts": `import { x } from "../base/index.ts";\nexport const y = x;`,
    },
  },
  { rule: "unknown-folder", why: "a folder nobody listed", files: { "src/helpers/a.ts": "export const x = 1;" } },
  { rule: "unknown-folder", why: "a loose file", files: { "src/loose.ts": "export const x = 1;" } },
  {
    rule: "planned-module",
    why: "built but still listed as planned",
    files: { "src/viewer/index.ts": "export const x = 1;" },
  },
  { rule: "missing-module", why: "listed, gone", files: { "src/search/index.ts": undefined } },
  {
    rule: "missing-module",
    why: "no door",
    files: { "src/search/index.ts": undefined, "src/search/a.ts": "export const x = 1;" },
  },
  {
    rule: "outside-import",
    why: "out of src",
    files: { "src/base/a.ts": `import { x } from "../../scripts/x.ts";\nexport const y = x;` },
  },
  {
    rule: "foreign-package",
    why: "the driver outside store",
    files: { "src/journal/a.ts": `import pg from "pg";\nexport const x = pg;` },
  },
  {
    rule: "foreign-package",
    why: "a package in a pure module",
    files: { "src/base/a.ts": `import x from "fastify";\nexport const y = x;` },
  },
  {
    rule: "foreign-package",
    why: "the driver by require",
    files: { "src/journal/a.ts": `export const x = require("pg");` },
  },
  {
    rule: "foreign-package",
    why: "an unlisted package",
    files: { "src/http/a.ts": `import x from "left-pad";\nexport const y = x;` },
  },
  {
    rule: "foreign-package",
    why: "a package of tests in the product",
    files: { "src/http/a.ts": `import x from "fast-check";\nexport const y = x;` },
  },
  {
    rule: "foreign-package",
    why: "Node in the browser",
    files: { "src/web/a.ts": `import { readFile } from "node:fs";\nexport const y = readFile;` },
  },
  { rule: "environment", why: "process.env", files: { "src/http/a.ts": `export const x = process.env["HOME"];` } },
  {
    rule: "environment",
    why: "taken apart",
    files: { "src/http/a.ts": `const { env } = process;\nexport const x = env;` },
  },
  {
    rule: "environment",
    why: "imported",
    files: { "src/http/a.ts": `import { env } from "node:process";\nexport const x = env;` },
  },
  { rule: "environment", why: "computed", files: { "src/http/a.ts": `export const x = process["env"];` } },
  { rule: "impure", why: "Date.now", files: { "src/base/a.ts": "export const x = () => Date.now();" } },
  { rule: "impure", why: "new Date()", files: { "src/base/a.ts": "export const x = () => new Date();" } },
  { rule: "impure", why: "Date()", files: { "src/base/a.ts": "export const x = () => Date();" } },
  { rule: "impure", why: "Math.random", files: { "src/fhir/a.ts": "export const x = () => Math.random();" } },
  { rule: "impure", why: "crypto", files: { "src/search/a.ts": "export const x = () => crypto.randomUUID();" } },
  { rule: "impure", why: "a timer", files: { "src/access/a.ts": "setTimeout(() => undefined, 1);" } },
  {
    rule: "impure",
    why: "files",
    files: { "src/demo/a.ts": `import { readFileSync } from "node:fs";\nexport const x = readFileSync;` },
  },
  {
    rule: "impure",
    why: "files without prefix",
    files: { "src/demo/a.ts": `import { readFileSync } from "fs";\nexport const x = readFileSync;` },
  },
  {
    rule: "impure",
    why: "the network",
    files: { "src/access/a.ts": `export const x = () => fetch("http://127.0.0.1");` },
  },
  { rule: "impure", why: "the process", files: { "src/access/a.ts": "export const x = process.pid;" } },
  { rule: "default-export", why: "a value", files: { "src/base/a.ts": "export default 1;" } },
  {
    rule: "default-export",
    why: "by another name",
    files: { "src/base/a.ts": "const x = 1;\nexport { x as default };" },
  },
  { rule: "any-type", why: "a parameter", files: { "src/base/a.ts": "export const x = (y: any) => y;" } },
  {
    rule: "any-type",
    why: "deep in a type",
    files: { "src/web/a.tsx": "export type X = readonly Map<string, any>[];" },
  },
  {
    rule: "unreadable",
    why: "an import that cannot be read",
    files: { "src/http/a.ts": "export const x = (y: string) => import(y);" },
  },
  { rule: "unreadable", why: "a file that does not parse", files: { "src/http/a.ts": "export const = ;" } },
];

/** A tree in which every listed module exists and nothing is wrong, with some things that only look wrong. */
function soundTree(table: Table): Map<string, string> {
  const tree = new Map<string, string>();
  for (const [name, { file }] of Object.entries(table.modules)) {
    tree.set(
      `src/${file ?? `${name}/index.ts`}`,
      `export const x = "import pg from 'pg'; Date.now(); any"; // process.env`,
    );
  }
  tree.set(
    "src/fhir/a.ts",
    `import { x } from "../base/index.ts";\nimport type { Patient } from "fhir/r4";\nexport const at = (t: number, p: Patient) => [new Date(t), p, x];`,
  );
  tree.set(
    "src/base/a.test.ts",
    `import fc from "fast-check";\nimport { readFileSync } from "node:fs";\nexport const t = [fc, readFileSync, Date.now()];`,
  );
  tree.set("src/journal/a.test.ts", `import { x } from "../store/testing.ts";\nexport const y = x;`);
  tree.set("src/store/testing.ts", "export const x = 1;");
  tree.set("src/main.ts", `import { x } from "./cli/index.ts";\nexport const y = [x, process.env];`);
  return tree;
}

/** What the gate failed to catch, or wrongly caught; empty when it sees. */
export function blindSpots(table: Table, planted: readonly Plant[] = PLANTS): string[] {
  const sound = soundTree(table);
  const wrong = judge(sound, table).map(
    ({ rule, path, text }) => `the sound tree was refused: ${rule} ${path} ${text}`,
  );
  const missed = planted
    .filter(({ rule, files }) => !judge(overlay(sound, files), table).some((violation) => violation.rule === rule))
    .map(({ rule, why }) => `planted and not caught: ${rule} (${why})`);
  return [...wrong, ...missed];
}

/** How many faults are planted. */
export const PLANTED = PLANTS.length;

function overlay(tree: Tree, files: Plant["files"]): Tree {
  const result = new Map(tree);
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) result.delete(path);
    else result.set(path, text);
  }
  return result;
}
