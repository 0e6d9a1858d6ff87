import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { advanced, opened } from "./advance.ts";
import { firstHolder, nextHolder, type Roster } from "./escalation.ts";
import { REGION, type Loop, type Worklist } from "./model.ts";
import { Registry } from "./routing.ts";

const list = (id: string, more: Partial<Worklist> = {}): Worklist => ({
  id,
  title: id,
  careProvider: null,
  careUnit: id,
  parent: id === REGION ? null : REGION,
  staffed: true,
  status: "open",
  mergedInto: null,
  channel: null,
  ...more,
});

const IDS = ["a", "b", "c", "d", "e", "f"];
/** Any registry at all, also with circles and with lists that are named and are not there. */
const registries = fc
  .array(
    fc.record({
      id: fc.constantFrom(...IDS),
      parent: fc.constantFrom(...IDS, REGION, "gone"),
      mergedInto: fc.option(fc.constantFrom(...IDS, "gone")),
      staffed: fc.boolean(),
      status: fc.constantFrom("open" as const, "closed" as const),
    }),
    { maxLength: 6 },
  )
  .map((rows) => new Registry([list(REGION), ...rows.map(({ id, ...more }) => list(id, more))]));

const works = (registry: Registry, id: string): boolean => {
  const found = registry.get(id);
  return found?.staffed === true && found.status === "open";
};

test("LOOP-ROUTE-1 every destination leads to a staffed list, in any registry", () => {
  fc.assert(
    fc.property(registries, fc.constantFrom(...IDS, REGION, "gone"), (registry, id) => {
      assert.ok(works(registry, registry.staffed(id).owner));
      assert.ok(works(registry, registry.above(id)));
    }),
  );
  const registry = new Registry([
    list(REGION),
    list("top"),
    list("new"),
    list("old", { status: "closed", staffed: false, mergedInto: "new" }),
    list("empty", { staffed: false, parent: "top" }),
  ]);
  assert.deepEqual(registry.staffed("old"), { owner: "new", detour: "merged" });
  assert.deepEqual(registry.staffed("empty"), { owner: "top", detour: "empty" });
  assert.deepEqual(registry.staffed("new"), { owner: "new", detour: null });
});

test("LOOP-ROUTE-2 what cannot be sent comes back to its sender's list", () => {
  const registry = new Registry([
    list(REGION),
    list("s"),
    list("r"),
    list("shut", { status: "closed", staffed: false }),
  ]);
  for (const receiver of [null, "nowhere", "shut"]) {
    const { owner, isException } = registry.destination(receiver, "s");
    assert.deepEqual({ owner, isException }, { owner: "s", isException: true });
  }
  assert.deepEqual(registry.destination("r", "s"), { owner: "r", detour: null, isException: false });
  fc.assert(
    fc.property(
      registries,
      fc.option(fc.constantFrom(...IDS, "gone")),
      fc.constantFrom(...IDS),
      (any, receiver, sender) => {
        assert.ok(works(any, any.destination(receiver, sender).owner));
      },
    ),
  );
});

const roster = (
  away: ReadonlySet<string>,
  deputies: Record<string, string>,
  duty: Record<string, string[]>,
): Roster => ({
  isPresent: (person) => !away.has(person),
  deputyOf: (person) => deputies[person] ?? null,
  onDuty: (id) => duty[id] ?? [],
});

const result = (risk: Loop["risk"], responsible: string | null): Loop =>
  opened(
    {
      id: "l",
      home: 1,
      kind: "result",
      subject: { type: "DiagnosticReport", id: "r", recipient: "" },
      patient: "p",
      owner: "a",
      responsible,
      sender: "lab",
      sentBy: null,
      receiver: null,
      risk,
      parent: null,
    },
    0,
  );

test("LOOP-ESCALATE-1 what stands still always goes to somebody who works, and never stops", () => {
  fc.assert(
    fc.property(registries, fc.constantFrom(0 as const, 3 as const), fc.nat({ max: 60 }), (registry, risk, times) => {
      const people = roster(new Set(["away"]), {}, { a: ["x", "away"], [REGION]: ["top"] });
      let loop = result(risk, "away");
      for (let n = 0; n < times; n += 1) {
        const holder = nextHolder(loop, { registry, roster: people });
        assert.ok(works(registry, holder.owner));
        assert.notEqual(holder.responsible, "away");
        loop = advanced(loop, "escalate", { at: loop.deadline ?? 0, ...holder });
        assert.equal(loop.level, n + 1);
        assert.ok((loop.deadline ?? 0) > loop.since);
      }
    }),
  );
});

test("LOOP-ESCALATE-2 a critical result asks those on duty one after another, then those above", () => {
  const registry = new Registry([list(REGION), list("a", { parent: "head" }), list("head")]);
  const people = roster(new Set(["ill"]), {}, { a: ["x", "ill", "y"], head: ["h"], [REGION]: ["chief"] });
  let loop: Loop = {
    ...result(0, "off duty"),
    ...firstHolder({ owner: "a", responsible: "off duty", risk: 0 }, { roster: people }),
  };
  const asked = [loop.responsible];
  for (let n = 0; n < 5; n += 1) {
    loop = advanced(loop, "escalate", { at: loop.deadline ?? 0, ...nextHolder(loop, { registry, roster: people }) });
    asked.push(loop.responsible);
  }
  assert.deepEqual(asked, ["x", "y", "h", "chief", "chief", "chief"]);
  assert.ok((loop.deadline ?? 0) <= 60 * 60_000);
});

test("LOOP-ESCALATE-3 deputies stand in, also for each other; in a circle the whole list has it", () => {
  const away = new Set(["a1", "a2", "c1", "c2"]);
  const people = roster(away, { a1: "a2", a2: "here", c1: "c2", c2: "c1" }, {});
  const first = (responsible: string): string | null =>
    firstHolder({ owner: "a", responsible, risk: 3 }, { roster: people }).responsible;
  assert.deepEqual([first("a1"), first("c1"), first("here")], ["here", null, "here"]);
});
