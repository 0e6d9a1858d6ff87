/** Rule ACC-DOOR-11 of SPEC.md: the door's rules as an installation sets them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decideAtDoor } from "./door.ts";
import { USUAL_DOOR_RULES } from "./door-facts.ts";
import { doorRulesIn } from "./door-settings.ts";

const rule = (from: number, to: number | null, guardian: string): object => ({ from, to, patient: "all", guardian, proxy: "nothing" }); // prettier-ignore
const TODAY = { from: "2000-01-01", until: "2026-12-31", rules: [rule(0, 13, "all"), rule(13, null, "nothing")] };
const NEXT = { from: "2027-01-01", until: null, rules: [rule(0, 15, "all"), rule(15, null, "nothing")] };

test("ACC-DOOR-11 the rules of an installation hold from their day, and what is left out is the usual", () => {
  assert.deepEqual(doorRulesIn({}), USUAL_DOOR_RULES);
  const rules = doorRulesIn({ ages: [TODAY, NEXT], neverClasses: ["secret"] });
  assert.deepEqual([rules.neverClasses, rules.notForOthersClasses], [["secret"], USUAL_DOOR_RULES.notForOthersClasses]);
  const person = {
    birthDate: "2013-06-01", // thirteen in both years
    protection: { sekretessmarkering: false, skyddadFolkbokforing: false },
    representations: [{ id: "r", kind: "guardian", person: "G", start: "2013-06-01", end: null, ended: null }],
    grants: [],
  } as const;
  const record = { careProvider: "V", careUnit: "U", start: null, end: null, type: null, classes: [], isNotForPatient: false }; // prettier-ignore
  const isOpen = (at: string): boolean =>
    "grounds" in decideAtDoor({ kind: "guardian", person: "G" }, { person, record }, { at, rules });
  assert.deepEqual([isOpen("2026-12-31T22:59:59Z"), isOpen("2026-12-31T23:00:00Z")], [false, true]);
});

test("ACC-DOOR-11 what cannot be read, or leaves a day or an age without one rule, is refused with its place", () => {
  const ages = (...sets: unknown[]): object => ({ ages: sets });
  const bad: readonly (readonly [unknown, RegExp])[] = [
    [null, /the rules is to be an object/],
    [[], /object/],
    [{ age: [] }, /knows no "age"/],
    [{ ages: {} }, /ages is to be a list/],
    [ages(), /at least one/],
    [ages({ ...NEXT, from: "2027-02-30" }), /ages\[0\].*days/],
    [ages(TODAY), /ages\[0\]\.until/],
    [ages(NEXT, TODAY), /ages\[0\]\.until/],
    [ages(TODAY, { ...NEXT, from: "2027-01-02" }), /the day before/],
    [ages({ ...NEXT, rules: [] }), /the last rule is to have no end/],
    [ages({ ...NEXT, rules: [rule(0, 13, "all"), rule(14, null, "all")] }), /rules\[1\]\.from is to be 13/],
    [ages({ ...NEXT, rules: [rule(0, null, "all"), rule(13, null, "all")] }), /rules\[0\]\.to/],
    [ages({ ...NEXT, rules: [rule(0, 0.5, "all")] }), /whole years/],
    [ages({ ...NEXT, rules: [rule(0, null, "everything")] }), /guardian is to be one of/],
    [{ neverClasses: ["two words"] }, /list of codes/],
    [{ notForOthersClasses: "youth-clinic" }, /list/],
  ];
  for (const [json, why] of bad) assert.throws(() => doorRulesIn(json), why, JSON.stringify(json));
});
