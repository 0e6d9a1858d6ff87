/** Rules WEB-SENT-1 and WEB-INBOX-1: the colour of a state, how long something has left, and the order of rows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sv } from "../inbox/texts.ts";
import type { Kind, LoopRow, State } from "../wire/loops.ts";
import { ACTIONS, actionIn, byRisk, leftTo, nextStep, noteOf, toneOf } from "./loops.ts";

const KINDS = Object.keys(sv.kinds) as Kind[];
const STATES = Object.keys(sv.states) as State[];

test("WEB-SENT-1 no state before somebody has taken it over is green, whatever the transport said, and what came back is red", () => {
  const green = new Set<State>(["taken-over", "booked", "answered", "acted-on"]);
  for (const kind of KINDS)
    for (const state of STATES) {
      const isGreen = green.has(state) || (kind === "letter" && state === "read");
      assert.equal(toneOf(kind, state) === "calm", isGreen, `${kind} ${state}`);
      if (state === "failed" || state === "returned") assert.equal(toneOf(kind, state), "alarm");
    }
});

test("WEB-INBOX-1 what is left is said in minutes, hours and days, and what does most harm with the least time comes first", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const said = (text: string): string => sv.left(leftTo(text, now));
  assert.equal(said("2026-11-22T12:00:10Z"), "om 1 min");
  assert.equal(said("2026-11-22T12:25:00Z"), "om 25 min");
  assert.equal(said("2026-11-22T15:00:00Z"), "om 3 tim");
  assert.equal(said("2026-11-26T12:00:00Z"), "om 4 d");
  assert.equal(said("2026-11-22T11:20:00Z"), "försenat 40 min");
  assert.equal(said("2026-11-20T11:00:00Z"), "försenat 2 d");
  const row = (id: string, risk: LoopRow["risk"], deadline: string | null): LoopRow =>
    ({ id, risk, deadline, can: [], kind: "result", state: "received" }) as unknown as LoopRow;
  const rows = [row("c", 2, "2026-11-22T10:00:00Z"), row("b", 0, null), row("a", 0, "2026-11-23T10:00:00Z"), row("d", 2, "2026-11-22T10:00:00Z")]; // prettier-ignore
  assert.deepEqual(
    rows.toSorted(byRisk).map(({ id }) => id),
    ["a", "b", "c", "d"],
  );
});

test("WEB-INBOX-4 the next step is one that the reader may take, and what was done is kept in words that are known again", () => {
  const row = (kind: Kind, ...can: string[]): LoopRow => ({ kind, can, state: "received" }) as unknown as LoopRow;
  assert.equal(nextStep(row("result", "read", "act", "assign")), "act");
  assert.equal(nextStep(row("referral", "assign", "take-over", "return")), "take-over");
  assert.equal(nextStep(row("referral", "assign", "return")), undefined);
  for (const action of ACTIONS) {
    assert.deepEqual(actionIn(noteOf(action)), { action, words: "" });
    assert.deepEqual(actionIn(noteOf(action, " ringt\nigen ")), { action, words: "ringt\nigen" });
  }
  assert.deepEqual(actionIn("action:eat"), { action: undefined, words: "action:eat" });
  assert.deepEqual(actionIn(null), { action: undefined, words: "" });
});
