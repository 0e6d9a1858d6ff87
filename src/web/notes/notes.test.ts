/** Rules of ../SPEC.md: how a note is kept, what a full stop asks for, and which search words are shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Draft, DraftSection, DraftWish, Phrase, Template } from "../wire/notes.ts";
import { NoteSaver, type Held } from "./note-saver.ts";
import { askedAt, suggestionsFor, withInserted } from "./suggest.ts";
import { en } from "./texts.en.ts";
import { sv } from "./texts.ts";
import { wordsOf } from "./words-of.ts";

const section = (key: string, text: string, also: DraftSection["also"] = []): DraftSection => ({ key, title: key, text, pulled: [], also }); // prettier-ignore
const draftOf = (version: number, sections: readonly DraftSection[], id = "d"): Draft => ({ id, version, saved: `2026-11-22T14:0${version}:00Z`, template: "urn:t|1", contact: { kind: "new", contact: "besok" }, sections }); // prettier-ignore
const START = { template: "urn:t|1", contact: { kind: "new", contact: "besok" } } as const;

function saverOf(answer: (wish: DraftWish) => Promise<Draft>, draft: Draft | null = null, look = draft) {
  const sent: DraftWish[] = [];
  const told: Held[] = [];
  const saver = new NoteSaver(
    {
      save: (wish) => {
        sent.push(wish);
        return answer(wish);
      },
      look: () => Promise.resolve(look),
      isGone: (error) => (error as Error).message === "gone",
      tell: (held) => void told.push(held),
      window: "window-1",
      waitMs: 1,
      againMs: 1,
    },
    draft,
    START,
  );
  return { saver, sent, told, textOf: (key: string) => saver.now.sections.get(key)?.text };
}

test("WEB-WRITE-3 changes go with what was seen there, one call after another, and what failed goes again", async () => {
  let fails = 1;
  const { saver, sent, told } = saverOf((wish) => (fails-- > 0 ? Promise.reject(new Error("network")) : Promise.resolve(draftOf(wish.turn, wish.changes.map(({ key, text }) => section(key, text)))))); // prettier-ignore
  saver.write("a", "A", "Hosta");
  assert.equal(await saver.flush(), undefined);
  assert.equal(told.at(-1)?.saving.state, "failed");
  assert.ok(saver.isDirty);
  saver.write("a", "A", "Hosta i dag");
  assert.deepEqual(await saver.flush(), { id: "d", version: 2 });
  assert.deepEqual(sent.map(({ turn, changes }) => [turn, changes.map(({ was, text }) => `${was}>${text}`)]), [[1, [">Hosta"]], [2, [">Hosta i dag"]]]); // prettier-ignore
  assert.ok(!saver.isDirty);
  const [one, other] = await Promise.all([saver.flush(), saver.flush()]);
  assert.deepEqual([one, other, sent.length], [{ id: "d", version: 2 }, { id: "d", version: 2 }, 2]);
});

test("WEB-WRITE-3 what is typed while a call is under way stands and goes with the next", async () => {
  let free: (draft: Draft) => void = () => undefined;
  const { saver, sent, textOf } = saverOf(() => new Promise((resolve) => (free = resolve)));
  saver.write("a", "A", "Ho");
  const first = saver.flush();
  await new Promise((resolve) => setTimeout(resolve, 5));
  saver.write("a", "A", "Hosta");
  free(draftOf(1, [section("a", "Ho")]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(textOf("a"), "Hosta");
  assert.deepEqual(sent.at(-1)?.changes.map(({ was, text }) => `${was}>${text}`), ["Ho>Hosta"]); // prettier-ignore
  free(draftOf(2, [section("a", "Hosta")]));
  await first;
  saver.stop();
});

test("WEB-WRITE-4 others' words come in where nobody writes here; in the same place both stand until one is chosen, and a draft that is gone keeps the words", async () => {
  const start = draftOf(1, [section("a", "x"), section("b", "y")]);
  const theirs = draftOf(3, [section("a", "x2"), section("b", "mine", [{ window: "w2", text: "theirs" }])]);
  const { saver, sent, textOf } = saverOf((wish) => (wish.turn < 3 ? Promise.resolve(theirs) : Promise.reject(new Error("gone"))), start); // prettier-ignore
  saver.write("b", "B", "mine");
  await saver.flush();
  assert.deepEqual([textOf("a"), textOf("b"), saver.now.sections.get("b")?.also], ["x2", "mine", [{ window: "w2", text: "theirs" }]]); // prettier-ignore
  saver.settle("b", "theirs");
  assert.deepEqual(saver.now.sections.get("b")?.also, []);
  await saver.flush();
  assert.deepEqual(sent.at(-1)?.changes.map(({ key, settled }) => [key, settled]), [["b", ["theirs"]]]); // prettier-ignore
  saver.write("a", "A", "kvar");
  assert.equal(await saver.flush(), undefined);
  assert.equal(saver.now.saving.state, "gone");
  assert.equal(textOf("a"), "kvar");
  saver.stop();
  const looked = saverOf(() => Promise.reject(new Error("no")), start, draftOf(2, [section("a", "nytt"), section("b", "y")])); // prettier-ignore
  await looked.saver.look();
  assert.equal(looked.textOf("a"), "nytt");
});

test("WEB-WRITE-5 a full stop that begins a word asks; numbers and ends of sentences do not; what is chosen stands in its place", () => {
  assert.deepEqual(askedAt("Puls 72 .la", 11), { typed: "la", from: 8, to: 11 });
  assert.deepEqual(askedAt(".", 1), { typed: "", from: 0, to: 1 });
  for (const text of ["38.2", "hosta.", "a.b", ". ", "Feber.lab"]) assert.equal(askedAt(text, text.length), undefined, text); // prettier-ignore
  const phrases: Phrase[] = [{ id: "1", short: "labbet", text: "Tas i morgon", whose: "own" }];
  const named = suggestionsFor("lab", phrases, sv.pullShorts).map((one) => ("pull" in one ? one.pull : one.phrase.short)); // prettier-ignore
  assert.deepEqual(named, ["lab", "labbet"]);
  assert.deepEqual(suggestionsFor("zz", phrases, sv.pullShorts), []);
  assert.deepEqual(withInserted("Hb: .lab ok", { from: 4, to: 8 }, "X", true), { text: "Hb: \nX\n ok", caret: 7 });
  assert.deepEqual(withInserted("a .ua", { from: 2, to: 5 }, "Utan anm."), { text: "a Utan anm.", caret: 11 });
});

test("WEB-WRITE-2 another template keeps what was written under words that it does not have; English has each word that Swedish has", () => {
  const template = { id: "t", url: "urn:t", version: "1", title: "T", contacts: [], words: [{ key: "a", title: "A", isNeeded: true }] } satisfies Template; // prettier-ignore
  const held = { template: "urn:t|1", sections: new Map([["b", section("b", "kvar")], ["c", section("c", " ")]]) }; // prettier-ignore
  assert.deepEqual(wordsOf([template], held).map(({ key }) => key), ["a", "b"]); // prettier-ignore
  assert.deepEqual(wordsOf([], held).map(({ key }) => key), ["b"]); // prettier-ignore
  assert.deepEqual(Object.keys(en).toSorted(), Object.keys(sv).toSorted());
});
