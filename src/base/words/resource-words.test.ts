import assert from "node:assert/strict";
import { test } from "node:test";
import { sealOfWords } from "./index.ts";
import { narrativeWords } from "./narrative-words.ts";
import { judgeWords, sealOf, statedSeal, withSeal, wordsOf, WORDS_SEAL } from "./resource-words.ts";

const DIV = `<div xmlns="http://www.w3.org/1999/xhtml">`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const EXAMPLES: readonly (readonly [object, readonly string[]])[] = [
  [
    {
      resourceType: "DiagnosticReport",
      text: { div: `${DIV}<p>Svar</p></div>` },
      conclusion: " Ingen\tfraktur.\n",
      conclusionCode: [{ text: "Normalt" }],
      presentedForm: [
        { contentType: "text/plain; charset=utf-8", data: base64("Hö hand ua."), title: "Svar" },
        { contentType: "application/pdf", data: "JVBE\n Rg==" },
      ],
    },
    [" Ingen\tfraktur.\n", "Normalt", "Svar", "Hö hand ua.", "JVBERg==", "Svar"],
  ],
  [
    {
      resourceType: "Observation",
      valueString: "Ej påvisat",
      component: [{ valueString: "Sparsam växt" }, { valueCodeableConcept: { text: "Neg" } }],
      note: [{ text: "Hemolys" }],
    },
    ["Ej påvisat", "Sparsam växt", "Neg", "Hemolys"],
  ],
  [
    {
      resourceType: "Composition",
      title: "Besök",
      section: [{ title: "A", text: { div: `${DIV}ett</div>` }, section: [{ title: "B" }] }, { title: "C" }],
    },
    ["Besök", "A", "ett", "B", "C"],
  ],
  [{ resourceType: "Communication", payload: [{ contentString: "Hej" }], note: [{ text: "n" }] }, ["Hej", "n"]],
  [{ resourceType: "ServiceRequest", reasonCode: [{ text: "Fråga?" }], note: [{ text: "n" }] }, ["Fråga?", "n"]],
  [
    {
      resourceType: "DocumentReference",
      description: "Epikris",
      content: [{ attachment: { contentType: "text/plain", data: base64("x") } }],
    },
    ["Epikris", "x"],
  ],
  [{ resourceType: "ClinicalImpression", summary: "Frisk", note: [{ text: "ua" }] }, ["Frisk", "ua"]],
];

test("BASE-WORDS-10 the words of each type are found in their order, and sealed in its meta", () => {
  for (const [resource, words] of EXAMPLES) {
    assert.deepEqual(
      wordsOf(resource).map(({ text }) => text),
      words,
    );
    const sealed = withSeal(resource);
    assert.equal(statedSeal(sealed), sealOfWords(words));
    assert.deepEqual(judgeWords(sealed), { kind: "sealed", seal: sealOf(resource) });
    assert.deepEqual(withSeal(sealed), sealed);
    assert.deepEqual({ ...sealed, meta: undefined }, { ...resource, meta: undefined });
  }
  for (const bare of [
    { resourceType: "Patient", text: { div: `${DIV}x</div>` } },
    { resourceType: "Observation", valueInteger: 5 },
    {},
    { resourceType: "constructor" },
  ]) {
    assert.equal(withSeal(bare), bare);
    assert.deepEqual(judgeWords(bare), { kind: "unsealed" });
  }
});

test("BASE-WORDS-11 the words of a narrative are its text without markup, as a screen shows them", () => {
  for (const [xhtml, words] of [
    [`${DIV}<p>Ingen <b>feb</b>er.</p><p>Hö&nbsp;knä</p></div>`, "Ingen feber. Hö\u00a0knä"],
    [`${DIV}<table><tr><td>Hb</td><td>120&#x20;g/l</td></tr></table></div>`, "Hb 120 g/l"],
    [`${DIV}a<br/>b<!-- ingen --><img alt="x" src="#y"/>c</div>`, "a b c"],
    [`${DIV}  CRP &lt;5 &amp;lt; &okand; 1 < 2\n</div>`, "CRP <5 &lt; &okand; 1 < 2"],
    [`${DIV}<p title="a > b">x</p><style>p{}</style>y</div>`, "x y"],
    ["ren text", "ren text"],
    ["", ""],
  ] as const)
    assert.equal(narrativeWords(xhtml), words);
});

test("BASE-WORDS-12 any word that goes, comes or becomes another in any place breaks the seal; a part of a resource is not judged", () => {
  for (const [resource] of EXAMPLES) {
    const sealed = withSeal(resource);
    const text = JSON.stringify(sealed);
    for (const { text: word } of wordsOf(resource)) {
      const changed = text
        .replace(JSON.stringify(word), '"x ej"')
        .replace(`>${word}<`, ">x ej<")
        .replace(base64(word), base64("x ej"));
      if (changed !== text) assert.equal(judgeWords(JSON.parse(changed) as object).kind, "differs", word);
    }
    const part = {
      ...sealed,
      title: "",
      conclusion: "",
      meta: { ...(sealed as { meta: object }).meta, tag: [{ code: "SUBSETTED" }] },
    };
    assert.equal(judgeWords(part).kind, "unsealed");
  }
});

test("BASE-WORDS-13 what is no seal, or is there twice, agrees with nothing; other extensions and labels stay", () => {
  const [[report] = [{}]] = EXAMPLES;
  const seal = sealOf(report);
  const own = { url: WORDS_SEAL, valueString: seal };
  for (const extension of [
    [{ ...own, valueString: "abc" }],
    [{ url: WORDS_SEAL }],
    [own, own],
    [{ url: WORDS_SEAL, valueString: 5 }],
  ])
    assert.equal(judgeWords({ ...report, meta: { extension } }).kind, "differs");
  const other = { url: "urn:other", valueString: "x" };
  const meta = { tag: [{ code: "t" }], extension: [own, other] };
  assert.deepEqual((withSeal({ ...report, meta }) as { meta: unknown }).meta, {
    extension: [other, own],
    tag: [{ code: "t" }],
  });
  const stale = { resourceType: "Observation", meta: { extension: [own] } };
  assert.deepEqual(withSeal(stale), { resourceType: "Observation" });
  for (const odd of [
    { meta: 5 },
    { meta: { extension: "x" } },
    { resourceType: "Composition", section: [null, 5, { section: {} }] },
  ])
    assert.equal(judgeWords(odd).kind, "unsealed");
});
