import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeBudgets, type Manifest } from "./budgets.ts";
import { deadLinks, undocumented, unsure } from "./documents.ts";
import { shapeFinding } from "./shape.ts";

test("HOUSE-SHAPE-1 a file above 500 lines is told unless it is generated or listed", () => {
  const long = `/** a */\n${"x;\n".repeat(500)}`;
  assert.match(shapeFinding("src/a/b.ts", long, {}) ?? "", /501 lines/);
  assert.equal(shapeFinding("src/a/generated/b.ts", long, {}), undefined);
  assert.equal(shapeFinding("src/a/b.ts", long, { "src/a/b.ts": "a table of codes" }), undefined);
  assert.equal(shapeFinding("src/a/b.ts", `/** a */\n${"x;\n".repeat(499)}`, {}), undefined);
});

test("HOUSE-SHAPE-2 a file that does not open with what it is is told", () => {
  assert.match(shapeFinding("src/a/b.ts", 'import x from "x";\n/** late */\n', {}) ?? "", /does not open/);
  assert.equal(shapeFinding("src/a/b.ts", "#!/usr/bin/env node\n/** a */\n", {}), undefined);
  assert.equal(shapeFinding("src/a/b.ts", "// a\n", {}), undefined);
});

const MANIFEST: Manifest = {
  main: { file: "main.js", isEntry: true, imports: ["shared"], dynamicImports: ["page"], css: ["main.css"] },
  shared: { file: "shared.js", imports: ["main"] },
  page: { file: "page.js", imports: ["shared", "pageOnly"] },
  pageOnly: { file: "page-only.js" },
};

test("HOUSE-BUDGET-1 the first screen counts its imports once and a route what it adds", () => {
  const sizes: Record<string, number> = {
    "main.js": 120_000,
    "shared.js": 80_000,
    "page.js": 30_000,
    "page-only.js": 30_000,
    "main.css": 40_000,
  };
  const sizeOf = (file: string): number => sizes[file] ?? 0;
  assert.deepEqual(judgeBudgets(MANIFEST, sizeOf).findings, []);
  for (const file of Object.keys(sizes)) {
    const oneMore = judgeBudgets(MANIFEST, (each) => sizeOf(each) + (each === file ? 100 : 0));
    assert.equal(oneMore.findings.length, 1, file);
  }
});

test("HOUSE-BUDGET-2 a build in which nothing can be measured is told", () => {
  assert.match(judgeBudgets({}, () => 1).findings.join(), /nothing was measured/);
  assert.match(judgeBudgets({ a: { file: "a.js" } }, () => 1).findings.join(), /nothing was measured/);
});

test("HOUSE-DOC-1 a relative link that leads to no file is told", () => {
  const there = new Set(["docs/b.md", "README.md"]);
  const text = "[b](b.md) [up](../README.md#part) [web](https://example.org/x) [here](#part) [gone](c.md)";
  assert.deepEqual(
    deadLinks("docs/a.md", text, (path) => there.has(path)),
    ["docs/a.md links to c.md, which is not there"],
  );
});

test("HOUSE-DOC-2 a dependency that is not pinned or has no decision record is told", () => {
  assert.deepEqual(undocumented({ pg: "8.23.1", x: "1.0.0-beta.2" }, "`pg` and `x`"), []);
  assert.equal(undocumented({ pg: "^8.23.1" }, "`pg`").length, 1);
  assert.equal(undocumented({ pg: "8.23.1" }, "about pg-copy and `pg-pool`").length, 1);
});

test("HOUSE-DOC-3 a locked package without its hash or from elsewhere is told", () => {
  const sound = { integrity: "sha512-abc" };
  assert.deepEqual(unsure({ "": {}, "node_modules/a": sound }), []);
  assert.deepEqual(unsure({ "node_modules/a": { ...sound, resolved: "https://registry.npmjs.org/a/-/a-1.tgz" } }), []);
  for (const resolved of [
    "git+ssh://git@github.com/a/a.git#1",
    "https://registry.npmjs.org.evil.test/a.tgz",
    "file:../a",
  ])
    assert.equal(unsure({ "node_modules/a": { ...sound, resolved } }).length, 1, resolved);
  for (const integrity of [undefined, "sha1-abc"])
    assert.equal(unsure({ "node_modules/a/node_modules/b": integrity === undefined ? {} : { integrity } }).length, 1);
});
