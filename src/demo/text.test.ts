/** The words: whole sentences in Swedish, without traces of the machine; and the small parts that stories are made of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { doseText } from "./chart/medication.ts";
import { escapeText, xhtml } from "./chart/note.ts";
import { slug } from "./codes/systems.ts";
import { dice } from "./dice.ts";
import { sample, wordsOf } from "./testing/inspect.ts";
import { addMonths, ageAt, atTime, dayText, parseDay, timeText, utcMs, wall, workday } from "./time.ts";

test("DEMO-TEXT-1 no text has undefined, NaN, a template's braces, double spaces or spaces before a full stop", () => {
  for (const { resource } of sample().entries) {
    const whole = JSON.stringify(resource);
    assert.doesNotMatch(whole, /undefined|NaN|\$\{|\[object|null/, `${resource.resourceType}/${resource.id}`);
    for (const text of wordsOf(resource)) assert.doesNotMatch(text, / {2}| \.| ,|\.\.|,\.|\( | \)/, text);
  }
});

test("DEMO-TEXT-2 every text for a reader begins with a capital letter or a digit and ends as a sentence does", () => {
  for (const { resource } of sample().entries) {
    for (const text of wordsOf(resource)) {
      assert.match(text, /[.?!]$/, text);
      assert.match(text, /^[A-ZÅÄÖ0-9]/, text);
    }
  }
});

test("DEMO-TEXT-3 the notes have the words that safety hangs on: negations, sides and numbers", () => {
  const texts = sample().entries.flatMap((entry) => wordsOf(entry.resource));
  const having = (words: RegExp): number => texts.filter((one) => words.test(one)).length;
  assert.ok(having(/\b[Ii]ngen\b|\b[Ii]nget\b|\b[Ii]nga\b/) >= 500);
  assert.ok(having(/\b[Ii]nte\b/) >= 200);
  assert.ok(having(/\b(höger|vänster)\b/i) >= 100);
  assert.ok(having(/\d/) >= 1500);
});

test("DEMO-TEXT-4 the notes vary: no single text of a note stands in more than one note of six", () => {
  const notes = sample().entries.filter((entry) => entry.resource.resourceType === "Composition");
  const counts = new Map<string, number>();
  for (const { resource } of notes)
    for (const text of new Set(wordsOf(resource))) if (text.length > 60) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const [text, count] of counts) assert.ok(count < notes.length / 6, `${count} times: ${text}`);
  assert.ok(counts.size >= 200);
});

test("DEMO-NOTE-1 a signed note has who signed and when, an unsigned one has nobody; every note has sections with text", () => {
  for (const { resource } of sample().entries) {
    if (resource.resourceType !== "Composition") continue;
    assert.equal(
      resource.attester?.[0]?.party?.reference,
      resource.status === "final" ? resource.author[0]!.reference : undefined,
    );
    assert.ok(resource.section!.length >= 1);
    for (const section of resource.section!) assert.ok(section.title && /<p>.+<\/p>/s.test(section.text!.div));
  }
});

test("DEMO-NOTE-2 text becomes safe XHTML, a paragraph for each line", () => {
  assert.equal(
    xhtml("a < b & c\nd > e"),
    '<div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; b &amp; c</p><p>d &gt; e</p></div>',
  );
  assert.equal(escapeText("<script>"), "&lt;script&gt;");
});

test("DEMO-MED-6 a dosage reads as a Swedish sentence", () => {
  const reason = "mot högt blodtryck";
  assert.equal(
    doseText({ drug: "enalapril5", units: 1, at: ["morgon"], reason }),
    "1 tablett på morgonen mot högt blodtryck.",
  );
  assert.equal(
    doseText({ drug: "metformin500", units: 2, at: ["morgon", "kväll"], reason: "mot diabetes" }),
    "2 tabletter på morgonen och på kvällen mot diabetes.",
  );
  assert.equal(
    doseText({ drug: "paracetamol500", units: 2, asNeeded: { maxPerDay: 8 }, reason: "mot värk" }),
    "2 tabletter vid behov, högst 8 per dygn mot värk.",
  );
  assert.equal(
    doseText({ drug: "penicillinV", units: 1, times: 3, days: 10, reason: "mot halsfluss" }),
    "1 tablett 3 gånger dagligen i 10 dagar mot halsfluss.",
  );
  assert.equal(
    doseText({ drug: "alendronat", units: 1, times: 1, every: [1, "wk"], reason: "mot benskörhet" }),
    "1 tablett en gång i veckan mot benskörhet.",
  );
});

test("DEMO-TIME-6 local times carry the Swedish offset of their day", () => {
  assert.equal(timeText(atTime(wall(2026, 7, 1), 9, 30)), "2026-07-01T09:30:00+02:00");
  assert.equal(timeText(atTime(wall(2026, 11, 21), 9, 30)), "2026-11-21T09:30:00+01:00");
  assert.equal(timeText(atTime(wall(2026, 3, 29), 3, 0)), "2026-03-29T03:00:00+02:00");
  assert.equal(timeText(atTime(wall(2026, 10, 25), 3, 0)), "2026-10-25T03:00:00+01:00");
  assert.equal(utcMs(atTime(wall(2026, 7, 1), 9)), Date.parse("2026-07-01T09:00:00+02:00"));
  assert.equal(utcMs(wall(1950, 1, 1)), 0);
});

test("DEMO-TIME-7 months end where the month ends, ages turn on the birthday, clinics close on weekends and holidays", () => {
  assert.equal(dayText(addMonths(wall(2024, 1, 31), 1)), "2024-02-29");
  assert.equal(dayText(addMonths(wall(2024, 3, 15), -14)), "2023-01-15");
  assert.equal(ageAt(wall(2000, 11, 21), wall(2026, 11, 20)), 25);
  assert.equal(ageAt(wall(2000, 11, 21), wall(2026, 11, 21)), 26);
  assert.equal(dayText(workday(wall(2026, 11, 21))), "2026-11-23");
  assert.equal(dayText(workday(wall(2026, 12, 24))), "2026-12-28");
  assert.throws(() => parseDay("2026-13-01"), RangeError);
});

test("DEMO-SEED-1 dice follow from seed and label, keep within bounds and weigh as told", () => {
  const draw = (seed: number, label: string): number[] =>
    Array.from({ length: 5 }, (_, i) => dice(seed, label).between(0, 1000) + i);
  assert.deepEqual(draw(1, "a"), draw(1, "a"));
  assert.notDeepEqual(draw(1, "a"), draw(1, "b"));
  const one = dice(5, "x");
  for (let i = 0; i < 2000; i++) {
    const drawn = one.between(3, 7);
    assert.ok(drawn >= 3 && drawn <= 7);
    const near = one.around(50, 5, 1);
    assert.ok(near >= 35 && near <= 65 && near === Number(near.toFixed(1)));
  }
  const heavy = Array.from({ length: 2000 }, () =>
    one.weighted([
      [3, "a"],
      [1, "b"],
    ] as const),
  ).filter((drawn) => drawn === "a").length;
  assert.ok(heavy > 1350 && heavy < 1650, String(heavy));
  assert.deepEqual(new Set(one.shuffled([1, 2, 3, 4])), new Set([1, 2, 3, 4]));
});

test("DEMO-CODE-3 a local code is made of the Swedish text in plain letters", () => {
  assert.equal(slug("Åtgärds- och behandlingsanteckning"), "atgards-och-behandlingsanteckning");
  assert.equal(slug("Smärta (NRS 0–10)"), "smarta-nrs-0-10");
});
