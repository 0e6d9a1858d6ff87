/** Rules of ../SPEC.md: what the reader of narratives shows is what is sealed of them, and damaged records are set aside. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient } from "@tanstack/react-query";
import fc from "fast-check";
import type { FhirResource } from "fhir/r4";
import { endsWord, narrativeWords, singleBlanks, withSeal } from "../../base/index.ts";
import { readNarrative, type Shown } from "../say/narrative.ts";
import { damagedQuery, setAsideDamaged } from "../wire/damaged.ts";

const SEED = Number(process.env["FC_SEED"] ?? 20261122);

function wordsShown(nodes: readonly Shown[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node;
      if (node.name === "image") return " ";
      const own = wordsShown(node.children);
      return node.name === "heading" || endsWord(node.name) ? ` ${own} ` : own;
    })
    .join("");
}

test("WEB-WORDS-2 what is shown of a narrative has the words that are sealed of it", () => {
  const word = fc.constantFrom(
    "Ingen",
    "ej",
    " ",
    "\n",
    "5&#160;mg",
    "&lt;3",
    "&amp;",
    "&nbsp;",
    "hö",
    "A\u030a",
    "😀",
    "u.a.",
    "&okand;",
  );
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      word,
      fc.constantFrom("<br/>", "<!-- ej -->", '<img src="#a" alt="inte"/>', "<hr/>", "<style>p{}</style>"),
      fc
        .tuple(
          fc.constantFrom(
            "p",
            "b",
            "span",
            "td",
            "li",
            "h2",
            "a",
            "section",
            "small",
            "table",
            "tr",

            "pre",
            "q",
            "ins",
          ),
          fc.array(tie("node"), { maxLength: 4 }),
        )
        .map(([name, inner]) => `<${name} title="a > b">${inner.join("")}</${name}>`),
    ),
  }));
  fc.assert(
    fc.property(fc.array(node, { maxLength: 6 }), (parts) => {
      const xhtml = `<div xmlns="http://www.w3.org/1999/xhtml">${parts.join("")}</div>`;
      assert.equal(singleBlanks(wordsShown(readNarrative(xhtml))), narrativeWords(xhtml));
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test("WEB-WORDS-1 a record that lost a word is set aside, and comes back when it comes whole", () => {
  const client = new QueryClient();
  const sound = withSeal({ resourceType: "DiagnosticReport", id: "r", conclusion: "Ingen fraktur." }) as FhirResource;
  const other = { resourceType: "Observation", id: "o" } as FhirResource;
  const damaged = { ...sound, conclusion: "fraktur." } as FhirResource;
  const kept = (): readonly FhirResource[] | undefined => client.getQueryData(damagedQuery("p").queryKey);
  assert.deepEqual(setAsideDamaged(client, "p", [sound, other]), [sound, other]);
  assert.equal(kept(), undefined);
  assert.deepEqual(setAsideDamaged(client, "p", [damaged, other]), [other]);
  assert.deepEqual(setAsideDamaged(client, "p", [damaged]), []);
  assert.deepEqual(kept(), [damaged]);
  assert.deepEqual(setAsideDamaged(client, "p", [sound]), [sound]);
  assert.deepEqual(kept(), []);
  client.clear();
});
