/** Rules of SPEC.md: work that reads no chart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decide, PURPOSES, WORKS, type Interaction, type PersonActor, type Verb, type Work } from "./index.ts";

const TODAY = "2026-11-21";
const VERBS: Readonly<Record<Verb, Interaction>> = { c: "create", r: "read", u: "update", d: "delete", s: "search" };
const TYPES = [...new Set(Object.values(WORKS).flatMap(({ opens }) => Object.keys(opens)))];
const OTHERS = ["Patient", "Observation", "Encounter", "Subscription", "Bundle", "*", "__proto__", "constructor"];

function person(more: Partial<PersonActor["assignment"]>): PersonActor {
  const assignment = {
    id: "a",
    unit: "Chefläkarstaben",
    unitHsaId: "U1",
    provider: "Region Västmark",
    providerHsaId: "P1",
    role: "Logggranskare",
    from: null,
    until: null,
    ...more,
  };
  return { kind: "person", id: "p", name: "Gun Logg", title: "Logggranskare", hsaId: "H1", assignment };
}

const WORK = Object.keys(WORKS) as Work[];
const maybe = <T>(...values: readonly T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);

test("ACC-WORK-1 work that reads no chart stands on its role, its purposes, an analysis, and reaches its own kinds of data only", () => {
  let [open, closed] = [0, 0];
  const cells = fc.record({
    work: fc.constantFrom(...WORK),
    roleId: maybe("lakare", ...Object.values(WORKS).map(({ role }) => role)),
    purpose: maybe(...PURPOSES),
    analysis: maybe(null, "", "BRA-2026-1"),
    until: fc.constantFrom(null, null, "2026-11-20"),
    type: fc.constantFrom(...TYPES, ...OTHERS),
    verb: fc.constantFrom(...(Object.keys(VERBS) as Verb[])),
  });
  fc.assert(
    fc.property(cells, ({ work, roleId, purpose, analysis, until, type, verb }) => {
      const actor = person({
        until,
        ...(roleId === undefined ? {} : { roleId }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(analysis === undefined ? {} : { analysis }),
      });
      const decision = decide(actor, { interaction: VERBS[verb], type, today: TODAY, work });
      const { role, purposes, opens, rule } = WORKS[work];
      const isStanding = roleId === role && purposes.some((one) => one === purpose) && until === null;
      const isOpen = isStanding && analysis === "BRA-2026-1" && TYPES.includes(type) && `${opens[type]}`.includes(verb);
      assert.equal("grounds" in decision, isOpen && opens[type] !== undefined);
      const said = "grounds" in decision ? decision.grounds : decision.refusal;
      assert.match(said.sentence, /^[A-ZÅÄÖ].*\.$/);
      assert.match(said.law, /PDL/);
      if ("grounds" in decision) assert.equal(decision.grounds.rule, rule);
      if ("grounds" in decision) open += 1;
      else closed += 1;
    }),
    { seed: 20261122, numRuns: 20_000 },
  );
  assert.ok(open > 20 && closed > 10_000, `${open} ${closed}`);
});

test("ACC-WORK-2 an assignment for another purpose opens no record, and one for care opens no such work", () => {
  const cells = fc.tuple(
    fc.constantFrom(...Object.values(VERBS)),
    fc.constantFrom(...TYPES, ...OTHERS),
    fc.constantFrom(...PURPOSES.slice(1)),
    fc.constantFrom(...WORK),
  );
  fc.assert(
    fc.property(cells, ([interaction, type, purpose, work]) => {
      const other = person({ purpose, roleId: WORKS[work].role, analysis: "BRA-2026-1" });
      const decision = decide(other, { interaction, type, today: TODAY });
      assert.ok("refusal" in decision && decision.refusal.rule === "ACC-USE-PURPOSE", `${purpose} ${type}`);
      assert.ok("refusal" in decide(person({ roleId: "lakare" }), { interaction, type, today: TODAY, work }));
    }),
    { seed: 20261122, numRuns: 3000 },
  );
});
