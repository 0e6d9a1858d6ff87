/** Rules of ../SPEC.md: merging what windows write, the history of lines, templates and pulled lines. Pure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../../fhir/index.ts";
import { applyChanges, blameOf, changesBetween, type Line } from "./blame.ts";
import { isMarked, linesOf } from "./lines.ts";
import { mergeSections, type DraftSection, type SectionChange } from "./merge.ts";
import { keyOf, preferred, questionnaireOf, refuseBadTemplate, templateIn, type Template } from "./template.ts";

const SEED = Number(process.env["FC_SEED"] ?? 20261122);
const change = (key: string, was: string, text: string, more: Partial<SectionChange> = {}): SectionChange => ({
  key,
  title: key,
  was,
  text,
  pulled: [],
  settled: [],
  ...more,
});
const told = (sections: readonly DraftSection[]): unknown =>
  sections.map(({ key, text, also }) => [key, text, also.map((one) => one.text)]);

test("CLIN-NOTE-DRAFT-2 windows that write in different sections are merged, and of two that write in the same one both texts stand until one is chosen", () => {
  const first = mergeSections([], [change("a", "", "Hosta"), change("b", "", "Afebril")], { window: "w1", turn: 1 });
  const both = mergeSections(first, [change("b", "Afebril", "Feber 38,2")], { window: "w2", turn: 1 });
  const again = mergeSections(both, [change("a", "Hosta", "Hosta i tre dagar")], { window: "w1", turn: 2 });
  assert.deepEqual(told(again), [["a", "Hosta i tre dagar", []], ["b", "Feber 38,2", []]]); // prettier-ignore
  const clash = mergeSections(again, [change("b", "Afebril", "Afebril, trött")], { window: "w1", turn: 3 });
  assert.deepEqual(told(clash)?.toString(), "a,Hosta i tre dagar,,b,Afebril, trött,Feber 38,2");
  // Whoever goes on writing does not multiply the other text, and either can be chosen.
  const on = mergeSections(clash, [change("b", "Feber 38,2", "Feber 38,2 i natt")], { window: "w2", turn: 2 });
  assert.deepEqual(on.find(({ key }) => key === "b")?.also.map(({ text }) => text), ["Afebril, trött"]); // prettier-ignore
  const chosen = mergeSections(on, [change("b", "Feber 38,2 i natt", "Feber 38,2 i natt, trött", { settled: ["Afebril, trött"] })], { window: "w2", turn: 3 }); // prettier-ignore
  assert.deepEqual(chosen.find(({ key }) => key === "b")?.also, []);
});

test("CLIN-NOTE-DRAFT-2 a call that comes late or twice changes nothing, and one that was never answered is no rival of its own window", () => {
  const one = mergeSections([], [change("a", "", "Ho")], { window: "w1", turn: 1 });
  // The answer to the first was lost: the window sends on from what it knew.
  const two = mergeSections(one, [change("a", "", "Hosta")], { window: "w1", turn: 2 });
  assert.deepEqual(told(two), [["a", "Hosta", []]]);
  assert.deepEqual(mergeSections(two, [change("a", "", "Ho")], { window: "w1", turn: 1 }), two);
  assert.deepEqual(mergeSections(two, [change("a", "", "Hosta")], { window: "w1", turn: 2 }), two);
});

type Act =
  | { readonly do: "write"; readonly window: number; readonly key: string; readonly word: number }
  | { readonly do: "send"; readonly window: number; readonly isAnswered: boolean }
  | { readonly do: "late"; readonly window: number };
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("write" as const), window: fc.integer({ min: 0, max: 2 }), key: fc.constantFrom("a", "b"), word: fc.integer({ min: 1, max: 9 }) }), // prettier-ignore
    fc.record({ do: fc.constant("send" as const), window: fc.integer({ min: 0, max: 2 }), isAnswered: fc.boolean() }),
    fc.record({ do: fc.constant("late" as const), window: fc.integer({ min: 0, max: 2 }) }),
  ),
  { maxLength: 60, size: "max" },
);

test("CLIN-NOTE-DRAFT-2 whatever windows write, send, lose the answer to and send again: every word that was sent stands in a text, unless its own window took it away or had been shown it", () => {
  let clashes = 0;
  fc.assert(
    fc.property(acts, (all) => {
      let server: readonly DraftSection[] = [];
      let words = 0;
      const windows = [0, 1, 2].map(() => ({ local: new Map<string, string>(), seen: new Map<string, string>(), turn: 0, sent: [] as { changes: SectionChange[]; turn: number }[] })); // prettier-ignore
      for (const act of all) {
        const own = windows[act.window]!;
        const writing = (turn: number) => ({ window: `w${act.window}`, turn });
        if (act.do === "write") {
          words += 1; // each word is one that nobody has written before; it is added, as whoever types adds
          own.local.set(act.key, `${own.local.get(act.key) ?? ""} ${act.window}${act.key}${words}.`);
        } else if (act.do === "send") {
          const changes = [...own.local].flatMap(([key, text]) => (text === (own.seen.get(key) ?? "") ? [] : [change(key, own.seen.get(key) ?? "", text)])); // prettier-ignore
          own.turn += 1;
          own.sent.push({ changes, turn: own.turn });
          server = mergeSections(server, changes, writing(own.turn));
          clashes += server.filter(({ also }) => also.length > 0).length;
          if (act.isAnswered) takeIn(server, changes, own);
        } else {
          const before = own.sent[0];
          if (before !== undefined) server = mergeSections(server, before.changes, writing(before.turn));
        }
        for (const { sent } of windows) refuseLost(server, sent.at(-1)?.changes ?? []);
      }
    }),
    { seed: SEED, numRuns: 60 },
  );
  assert.ok(clashes > 100);
});

type Window = { readonly local: Map<string, string>; readonly seen: Map<string, string> };

/** What a window does with the answer to a call: it takes in what it has sent, and what it has not touched. */
function takeIn(server: readonly DraftSection[], sent: readonly SectionChange[], { local, seen }: Window): void {
  for (const { key, text } of server) {
    if (!sent.some((one) => one.key === key) && (local.get(key) ?? "") !== (seen.get(key) ?? "")) continue;
    local.set(key, text);
    seen.set(key, text);
  }
}

function refuseLost(server: readonly DraftSection[], sent: readonly SectionChange[]): void {
  for (const { key, text } of sent) {
    const texts = server.filter((one) => one.key === key).flatMap((one) => [one.text, ...one.also.map((other) => other.text)]); // prettier-ignore
    const words = text.trim().split(" ");
    const lost = words.find((word) => !texts.some((one) => one.includes(word)));
    if (lost !== undefined) assert.fail(`${lost} is lost in ${JSON.stringify(texts)}`);
  }
}

const lines: fc.Arbitrary<readonly Line[]> = fc.array(
  fc.record({ section: fc.constantFrom("", "Anamnes", "Status"), text: fc.constantFrom("a", "b", "c", "d", "Ingen fraktur.") }, { noNullPrototype: true }), // prettier-ignore
  { maxLength: 12 },
);

test("CLIN-NOTE-HISTORY-1 applying the changes gives each version, and each line that stands has the version that brought it", () => {
  fc.assert(
    fc.property(fc.array(lines, { minLength: 1, maxLength: 6 }), (versions) => {
      versions.slice(1).forEach((after, at) => {
        const before = versions[at] ?? [];
        const steps = changesBetween(before, after);
        assert.deepEqual(applyChanges(before, steps), after);
        const wrong = [...before, { section: "x", text: "x" }];
        assert.equal(applyChanges(wrong, steps), undefined);
      });
      const blamed = blameOf(versions);
      assert.deepEqual(blamed.map(({ section, text }) => ({ section, text })), versions.at(-1)); // prettier-ignore
      for (const { from, section, text } of blamed) {
        assert.ok(versions[from]?.some((one) => one.section === section && one.text === text));
        for (const later of versions.slice(from)) assert.ok(later.some((one) => one.section === section && one.text === text)); // prettier-ignore
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
  const [v1, v2] = [["Hosta.", "Ingen fraktur."], ["Hosta.", "Fraktur i distala radius.", "Åter."]].map((all) => all.map((text) => ({ section: "", text }))); // prettier-ignore
  assert.deepEqual(blameOf([v1 ?? [], v2 ?? []]).map(({ text, from }) => `${from} ${text}`), ["0 Hosta.", "1 Fraktur i distala radius.", "1 Åter."]); // prettier-ignore
  const long = Array.from({ length: 3000 }, (_, n) => ({ section: "", text: String(n) }));
  const other = long.map(({ section, text }) => ({ section, text: `x${text}` }));
  assert.deepEqual(applyChanges(long, changesBetween(long, other)), other);
});

const observation = (more: JsonObject): JsonObject => ({
  resourceType: "Observation",
  status: "final",
  code: { text: "B-Hemoglobin" },
  effectiveDateTime: "2026-11-22T07:12:00Z",
  performer: [{ display: "Klinisk\n kemi" }],
  ...more,
});

test("CLIN-NOTE-PULL-1 a record becomes a line with its value as written, its time in Sweden and who said it; what is missing is said, and mistakes are no lines", () => {
  const value = { value: 132, unit: "g/L" };
  const line = (more: JsonObject): string => linesOf(observation(more)).join("\n");
  assert.equal(line({ valueQuantity: value }), "Hämtat: B-Hemoglobin 132 g/L (2026-11-22 08:12, Klinisk kemi)");
  assert.ok(isMarked(line({ valueQuantity: value })));
  const low = [{ coding: [{ code: "LL" }] }];
  assert.match(line({ valueQuantity: { value: 6.5, comparator: "<", unit: "g/L" }, interpretation: low }), /< ?6,5 g\/L \(kritiskt lågt\)/); // prettier-ignore
  assert.match(line({ dataAbsentReason: { text: "hemolys" } }), /värde saknas: hemolys/);
  assert.match(line({ component: [{ code: { text: "Systoliskt" }, valueQuantity: { value: 130, unit: "mmHg" } }] }), /Systoliskt 130 mmHg/); // prettier-ignore
  assert.match(line({ valueString: "x", performer: [], effectiveDateTime: "2026-11" }), /\(2026-11, källa inte angiven\)/); // prettier-ignore
  for (const status of ["entered-in-error", "cancelled", "registered"]) assert.equal(line({ valueQuantity: value, status }), ""); // prettier-ignore
  for (const odd of [{}, { valueQuantity: {} }, { code: null, valueString: "x" }, { component: [null, {}] }]) assert.equal(line(odd as JsonObject), "", JSON.stringify(odd)); // prettier-ignore
  const note = { resourceType: "Composition", title: "Besöksanteckning", date: "2026-11-20", author: [{ display: "Anna Ek, Akuten" }], section: [{ title: "Anamnes", text: { div: "<div><p>Hosta &lt; 3 dagar.</p><p>Hämtat: Hb 132 (i går, lab)</p></div>" } }] }; // prettier-ignore
  assert.deepEqual(linesOf(note), [
    "Kopierat: Hosta < 3 dagar. (Besöksanteckning, 2026-11-20, Anna Ek, Akuten)",
    "Kopierat: Hb 132 (i går, lab) (Besöksanteckning, 2026-11-20, Anna Ek, Akuten)",
  ]);
});

const WORDS = { title: "Besök", contacts: ["besok"], professions: [], words: [{ title: "Anamnes", isNeeded: true }, { title: "Bedömning & plan", isNeeded: false }] }; // prettier-ignore

test("CLIN-NOTE-TEMPLATE-4 a template is the Questionnaire that it is stored as; one that cannot be written by is refused at its place, and what cannot be read is none", () => {
  const questionnaire = questionnaireOf({ url: "urn:x", version: "3", before: undefined }, WORDS);
  const [read] = templateIn({ ...questionnaire, status: "active", id: "q" });
  assert.deepEqual(read?.words.map(({ key, title, isNeeded }) => [key, title, isNeeded]), [["anamnes", "Anamnes", true], ["bedömning-plan", "Bedömning & plan", false]]); // prettier-ignore
  assert.deepEqual([read?.version, read?.contacts, read?.state], ["3", ["besok"], "active"]);
  const bad: readonly (readonly [object, string])[] = [
    [{ title: " " }, "title"],
    [{ words: [] }, "words"],
    [{ words: [{ title: "A", isNeeded: false }, { title: " a ", isNeeded: false }] }, "words[1]"], // prettier-ignore
    [{ words: [{ title: "x".repeat(81), isNeeded: false }] }, "words[0]"],
    [{ contacts: ["annat"] }, "contacts"],
    [{ professions: ["a\u0007"] }, "professions"],
  ];
  for (const [more, place] of bad)
    assert.throws(
      () => refuseBadTemplate({ ...WORDS, ...more }),
      (error: unknown) => (error as { issues?: readonly { expression?: string }[] }).issues?.[0]?.expression === place,
      place,
    );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const resource = { ...questionnaire, status: "active", ...(typeof value === "object" && value !== null && !Array.isArray(value) ? value : { item: value }) } as JsonObject; // prettier-ignore
      for (const one of templateIn(resource)) assert.ok(one.words.length > 0);
    }),
    { seed: SEED, numRuns: 200 },
  );
  assert.equal(keyOf(" – "), "ord");
});

test("CLIN-NOTE-TEMPLATE-1 the likeliest template comes first: by contact, then profession, then the own unit", () => {
  const one = (title: string, more: Partial<Template>): Template => ({ id: title, url: title, version: "1", title, state: "active", contacts: [], professions: [], words: [], kind: null, unit: null, proposedBy: null, reviewedBy: null, date: null, ...more }); // prettier-ignore
  const all = [
    one("Telefon", { contacts: ["telefon"] }),
    one("Allmän", {}),
    one("Besök sköterska", { contacts: ["besok"], professions: ["sjuksköterska"] }),
    one("Besök", { contacts: ["besok"] }),
    one("Besök hos oss", { contacts: ["besok"], unit: "E1" }),
  ];
  const first = (contact: "besok" | "telefon", title: string): string => preferred(all, { unit: "E1", contact, title })[0]?.title ?? ""; // prettier-ignore
  assert.equal(first("besok", "Överläkare"), "Besök hos oss");
  assert.equal(first("besok", "Sjuksköterska"), "Besök sköterska");
  assert.equal(first("telefon", "Överläkare"), "Telefon");
});
