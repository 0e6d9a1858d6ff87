import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readTable } from "../architecture.ts";
import { cyclesIn } from "./cycles.ts";
import { factsOf } from "./facts.ts";
import { blindSpots } from "./plants.ts";

test("HOUSE-ARCH-1 every planted violation is caught and the sound tree passes", () => {
  assert.deepEqual(blindSpots(readTable()), []);
});

test("HOUSE-ARCH-2 a cycle is told as one closed path", () => {
  const graph = new Map([
    ["a", ["b", "d"]],
    ["b", ["c"]],
    ["c", ["a"]],
    ["d", []],
  ]);
  assert.deepEqual(cyclesIn(graph), [["a", "b", "c", "a"]]);
  assert.deepEqual(cyclesIn(new Map([["a", ["a"]]])), [["a", "a"]]);
  assert.deepEqual(cyclesIn(new Map([["a", ["gone"]]])), []);
});

test("HOUSE-ARCH-2 a graph has a cycle exactly when an edge is turned back", () => {
  const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 40 });
  fc.assert(
    fc.property(edges, fc.boolean(), (pairs, isTurned) => {
      const downwards = pairs.filter(([from, to]) => from > to);
      const [first] = downwards;
      const all = isTurned && first ? [...downwards, [first[1], first[0]] as const] : downwards;
      const graph = new Map<string, string[]>();
      for (const [from, to] of all) graph.set(String(from), [...(graph.get(String(from)) ?? []), String(to)]);
      const cycles = cyclesIn(graph);
      assert.equal(cycles.length > 0, isTurned && first !== undefined);
      for (const cycle of cycles) {
        assert.equal(cycle[0], cycle.at(-1));
        for (const [index, node] of cycle.slice(0, -1).entries())
          assert.ok(graph.get(node)?.includes(cycle[index + 1] ?? ""));
      }
    }),
  );
});

test("HOUSE-ARCH-3 imports are read from the syntax", () => {
  const text = `
    import a from "one"; import type { B } from "two"; export * from "three"; export { c } from "four";
    const d = () => import("five"); type E = import("six").E; const f = require("seven");
    // import x from "comment"
    const s = 'import x from "string"; process.env; Date.now()';
    const t = \`import("template")\`;
  `;
  const { imports, touches } = factsOf("src/x/a.ts", text);
  const names = imports.map(({ specifier }) => specifier).toSorted();
  assert.deepEqual(names, ["five", "four", "one", "seven", "six", "three", "two"]);
  assert.deepEqual(
    imports.filter(({ typeOnly }) => typeOnly).map(({ specifier }) => specifier),
    ["two", "six"],
  );
  assert.deepEqual(touches, []);
});

test("HOUSE-ARCH-3 a touch names its line", () => {
  const { touches } = factsOf("src/x/a.ts", "const a = 1;\n\nconst b = Date.now();\n");
  assert.deepEqual(
    touches.map(({ what, line }) => [what, line]),
    [["clock", 3]],
  );
});

test("HOUSE-ARCH-4 a gate that has gone blind is told", () => {
  const harmless = {
    rule: "impure",
    why: "nothing planted",
    files: { "src/base/a.ts": "export const x = 1;" },
  } as const;
  assert.deepEqual(blindSpots(readTable(), [harmless]), ["planted and not caught: impure (nothing planted)"]);
});
