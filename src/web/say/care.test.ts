/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import { care } from "../texts.care.ts";
import type { CareFact, CareState, HiddenPlace, Place } from "../wire/care.ts";
import { choiceOf, hiddenCount, hiddenGroups, namePlace, nextEnd, stepsOf } from "./care.ts";

const unit = (careUnit: string | null, careProvider = "A"): Place => ({ careProvider, careUnit });
const hidden = (place: Place | null, rule = "ACC-NEEDS-CHOICE", sentence = "s"): HiddenPlace => ({
  place,
  rule,
  law: "l",
  sentence,
  openings: ["choose"],
});
const state = (...all: readonly HiddenPlace[]): CareState => ({
  refusal: null,
  open: [],
  hidden: all,
  facts: [],
  names: {},
});

test("WEB-SOURCES-6 what is hidden is counted by units, once each; blocks are not counted, and what is nowhere is somewhere", () => {
  assert.equal(hiddenCount(state()), undefined);
  assert.equal(hiddenCount(state(hidden(unit("1")), hidden(unit("1"), "ACC-NEEDS-CONSENT"), hidden(unit("2")))), 2);
  assert.equal(hiddenCount(state(hidden(unit("1")), hidden(null, "ACC-BLOCK-INNER"))), 1);
  assert.equal(hiddenCount(state(hidden(unit("1"), "ACC-BLOCK-OUTER"))), undefined);
  assert.equal(hiddenCount(state(hidden(unit("1")), hidden(null))), "somewhere");
  assert.match(care.hiddenAt(1), /1 annan vårdenhet /);
  assert.match(care.hiddenAt(2), /2 andra vårdenheter /);
});

test("WEB-SOURCES-3 what is hidden for one reason stands together, a block without a place, and what comes first is told from what follows", () => {
  const groups = hiddenGroups([
    hidden(unit("1")),
    hidden(null, "ACC-BLOCK-INNER"),
    hidden(unit("2")),
    hidden(unit("3"), "ACC-NEEDS-CHOICE", "t"),
  ]);
  assert.deepEqual(
    groups.map(({ places, isBlock }) => [places.map(({ careUnit }) => careUnit), isBlock]),
    [
      [["1", "2"], false],
      [[], true],
      [["3"], false],
    ],
  );
  assert.deepEqual(stepsOf(["register-relation", "record-consent", "emergency-access", "choose"]), {
    now: ["register-relation", "emergency-access"],
    later: ["record-consent", "choose"],
  });
  assert.deepEqual(stepsOf(["choose"]), { now: ["choose"], later: [] });
  assert.deepEqual(stepsOf([]), { now: [], later: [] });
});

test("WEB-SOURCES-2 a place is called by its unit, with its care provider when that is another; what has no name keeps its number", () => {
  const known = { names: { A: "Region", B: "Kommun", "1": "Akuten", "2": "Hemsjukvård" }, ownProvider: "A" };
  assert.equal(namePlace(unit("1"), known, care), "Akuten");
  assert.equal(namePlace(unit("2", "B"), known, care), "Hemsjukvård, Kommun");
  assert.equal(namePlace(unit(null, "B"), known, care), "Kommun");
  assert.equal(namePlace(unit("-"), known, care), "Utan vårdenhet");
  assert.equal(namePlace(unit("9", "C"), known, care), "9, C");
});

test("WEB-SOURCES-5 the choice that opened a place is found, and the next end of anything is known", () => {
  const fact = (id: string, kind: CareFact["kind"], source: Place | null, until: string | null): CareFact => ({
    id,
    kind,
    isOwn: true,
    source,
    reason: null,
    since: "2026-11-22T08:00:00Z",
    until,
  });
  const facts = [
    fact("a", "relation", null, null),
    fact("b", "choice", unit("1"), "2026-11-22T12:00:00Z"),
    fact("c", "choice", unit("2"), "2026-11-22T10:00:00Z"),
  ];
  assert.equal(choiceOf(unit("2"), facts)?.id, "c");
  assert.equal(choiceOf(unit("2", "B"), facts), undefined);
  assert.equal(nextEnd({ facts, open: [] }, Date.parse("2026-11-22T09:00:00Z")), Date.parse("2026-11-22T10:00:00Z"));
  assert.equal(nextEnd({ facts, open: [] }, Date.parse("2026-11-22T11:00:00Z")), Date.parse("2026-11-22T12:00:00Z"));
  assert.equal(nextEnd({ facts, open: [] }, Date.parse("2026-11-23T09:00:00Z")), undefined);
  const contact = {
    place: unit("1"),
    rule: "ACC-NEED-CONTACT",
    law: "l",
    sentence: "s",
    until: "2026-12-01T09:00:00Z",
  };
  const lasting = { ...contact, until: null };
  const ends = nextEnd({ facts: [], open: [lasting, contact] }, Date.parse("2026-11-23T09:00:00Z"));
  assert.equal(ends, Date.parse(contact.until));
});
