import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, refusalOnFooting, type Footing, type PersonActor } from "./index.ts";

const TODAY = "2026-11-22";

function person(footing: Footing | undefined, from: string | null, until: string | null): PersonActor {
  return {
    kind: "person",
    id: "anna",
    name: "Anna Ek",
    title: "Läkarstuderande",
    hsaId: "SE2321000131-P000000000001",
    assignment: {
      id: "a",
      unit: "Medicinkliniken",
      unitHsaId: "SE2321000131-E000000000011",
      provider: "Region Västmark",
      providerHsaId: "SE2321000131-E000000000001",
      role: "Läkare",
      from,
      until,
      ...(footing === undefined ? {} : { footing }),
    },
  };
}

const STUDENT: Footing = { kind: "student", by: "SE2321000131-P000000000002", task: null };
const DELEGATION: Footing = { kind: "delegation", by: "SE2321000131-P000000000002", task: "Insulin" };

test("ACC-FOOTING-1 a student, deputy or delegate without an end, or without somebody who answers for it, opens nothing", () => {
  const asked = (...given: Parameters<typeof person>): string => {
    const decision = decide(person(...given), { interaction: "read", type: "Observation", today: TODAY });
    if ("grounds" in decision) return "open";
    assert.match(decision.refusal.sentence, /^Uppdraget som .* gäller inte: .*\.$/);
    return decision.refusal.rule;
  };
  const [from, until] = ["2026-01-15", "2027-01-15"];
  assert.equal(asked(undefined, null, null), "open");
  for (const footing of [STUDENT, DELEGATION, { ...STUDENT, kind: "deputy" } as const]) {
    assert.equal(asked(footing, from, until), "open", footing.kind);
    assert.equal(asked(footing, null, until), "ACC-FOOTING");
    assert.equal(asked(footing, from, null), "ACC-FOOTING");
    for (const by of [null, ""]) assert.equal(asked({ ...footing, by }, from, until), "ACC-FOOTING");
  }
  for (const task of [null, ""]) assert.equal(asked({ ...DELEGATION, task }, from, until), "ACC-FOOTING");
  assert.equal(asked(DELEGATION, from, "2027-01-16"), "ACC-FOOTING");
  assert.equal(asked(STUDENT, from, "2029-06-01"), "open");
  const ended = decide(person(DELEGATION, from, "2026-11-21"), { interaction: "read", type: "Observation", today: TODAY }); // prettier-ignore
  assert.ok("refusal" in ended && ended.refusal.rule === "ACC-ASSIGNMENT");
});

test("ACC-FOOTING-2 a student signs nothing, opens nothing in an emergency and lifts no block; a delegate signs their own alone", () => {
  const may = (footing: Footing | undefined, act: Parameters<typeof refusalOnFooting>[1], isOwn = false): boolean => {
    const refusal = refusalOnFooting(person(footing, "2026-01-15", "2027-01-15"), act, isOwn);
    if (refusal !== undefined) assert.ok(refusal.law !== "" && refusal.sentence.endsWith("."));
    return refusal === undefined;
  };
  for (const act of ["sign", "emergency", "lift-block"] as const) {
    assert.equal(may(undefined, act), true);
    assert.equal(may({ ...STUDENT, kind: "deputy" }, act), true);
    assert.equal(may(STUDENT, act, true), false, act);
    assert.equal(may(DELEGATION, act), false, act);
  }
  assert.equal(may(DELEGATION, "sign", true), true);
  assert.equal(may(DELEGATION, "emergency", true), false);
  const said = refusalOnFooting(person(DELEGATION, null, null), "emergency")?.sentence;
  assert.equal(said, "Delegeringen gäller «Insulin», inte att göra nödöppningar.");
});
