/** Rules ACC-DOOR-8 to 10 of SPEC.md: what a reader at the door reaches, as a statement can carry it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PatientActor } from "../actor.ts";
import { decide } from "../decide.ts";
import { predicateOf, reachSetting } from "../predicate.ts";
import { decideAtDoor } from "./door.ts";
import { USUAL_DOOR_RULES, type DoorFacts, type Reader } from "./door-facts.ts";
import { accessAtDoor, DOOR_TYPES, type DoorAccess, type DoorKeys } from "./door-reach.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const KEYS: DoorKeys = { label: (code) => `key-${code}`, tasks: ["key-question"] };
const AT = "2026-11-22T09:00:00Z";
const UNITS = ["U1", "U2", "U3"];
const CLASSES = ["youth-clinic", "violence-exposed", "third-person", "NOPATIENT", "other"];
const OLD = "2020-01-01";

const readers: fc.Arbitrary<Reader> = fc.constantFrom<Reader>(
  { kind: "patient" },
  { kind: "guardian", person: "G" },
  { kind: "proxy", person: "P" },
);
const people: fc.Arbitrary<DoorFacts> = fc.record({
  birthDate: fc.constantFrom("2026-01-01", "2018-05-05", "2013-11-22", "2012-02-29", "2009-11-23", "1970-01-01", null),
  protection: fc.record({ sekretessmarkering: fc.boolean(), skyddadFolkbokforing: fc.constant(false) }),
  representations: fc.subarray<DoorFacts["representations"][number]>([
    { id: "r1", kind: "guardian", person: "G", start: OLD, end: null, ended: null },
    { id: "r2", kind: "proxy", person: "P", start: OLD, end: null, ended: null },
    { id: "r3", kind: "proxy", person: "P", start: OLD, end: "2026-11-21", ended: null },
  ]),
  grants: fc.subarray<DoorFacts["grants"][number]>([
    { id: "g1", kind: "child", person: null, careUnit: "U1", start: OLD, end: null, cancelled: null },
    { id: "g2", kind: "guardian", person: "G", careUnit: "U2", start: OLD, end: null, cancelled: null },
    { id: "g3", kind: "guardian", person: "G", careUnit: "U3", start: OLD, end: null, cancelled: "2026-11-01" },
  ]),
});

test(`ACC-DOOR-8 a reader's reach lets through exactly the records that the decision opens (seed ${SEED})`, () => {
  const asked = { at: AT, rules: USUAL_DOOR_RULES };
  let [open, closed] = [0, 0];
  fc.assert(
    fc.property(
      readers,
      people,
      fc.constantFrom(...UNITS),
      fc.subarray(CLASSES),
      (reader, person, careUnit, classes) => {
        const access = accessAtDoor({ reader, patient: "p1", person }, asked, KEYS);
        const isNotForPatient = classes.includes("NOPATIENT");
        const labels = classes.filter((one) => one !== "NOPATIENT");
        const record = {
          careProvider: "V1",
          careUnit,
          start: null,
          end: null,
          type: null,
          isNotForPatient,
          classes: labels,
        };
        const decision = decideAtDoor(reader, { person, record }, asked);
        const isReached =
          "reach" in access &&
          (access.reach.units === null || access.reach.units.includes(careUnit)) &&
          !classes.some((one) => access.reach.closed.includes(KEYS.label(one)));
        assert.equal(isReached, "grounds" in decision, JSON.stringify({ reader, person, record }));
        if (isReached) open += 1;
        else closed += 1;
        if ("reach" in access && "grounds" in decision) assert.equal(access.grounds.rule, decision.grounds.rule);
      },
    ),
    { seed: SEED, numRuns: 3000 },
  );
  assert.ok(open > 100 && closed > 100, `${open} open, ${closed} closed`);
});

const ADULT: DoorFacts = {
  birthDate: "1970-01-01",
  protection: { sekretessmarkering: false, skyddadFolkbokforing: false },
  representations: [],
  grants: [],
};
const own = (door: DoorAccess): PatientActor => ({
  kind: "patient",
  id: "p1",
  name: "Test",
  number: "system|1",
  patient: "p1",
  reader: { kind: "patient" },
  door,
});
const access = accessAtDoor(
  { reader: { kind: "patient" }, patient: "p1", person: ADULT },
  { at: AT, rules: USUAL_DOOR_RULES },
  KEYS,
);

test("ACC-DOOR-9 at the door what stands now is read and searched, of the types that are read there, and nothing else is done", () => {
  const verbs = ["read", "vread", "history", "search", "create", "update", "patch", "delete"] as const;
  for (const type of [...DOOR_TYPES, "AuditEvent", "Practitioner", "Organization", "Communication", "*", "Provenance"])
    for (const interaction of verbs) {
      const decision = decide(own(access), { interaction, type, today: "2026-11-22" });
      const isOpen = DOOR_TYPES.has(type) && (interaction === "read" || interaction === "search");
      assert.equal("grounds" in decision, isOpen, `${interaction} ${type}`);
      if ("refusal" in decision) assert.match(decision.refusal.sentence, /\.$/);
    }
  const closed = accessAtDoor(
    { reader: { kind: "patient" }, patient: "p1", person: { ...ADULT, birthDate: "not a day" } },
    { at: AT, rules: USUAL_DOOR_RULES },
    KEYS,
  );
  const decision = decide(own(closed), { interaction: "read", type: "Observation", today: "2026-11-22" });
  assert.ok("refusal" in decision && decision.refusal.alarm);
});

test("ACC-DOOR-10 the predicate of the door binds all its values and knows one patient; versions and other types are closed", () => {
  assert.ok("reach" in access);
  const { reach } = access;
  const bound: unknown[] = [];
  const bind = (value: unknown): string => `$${bound.push(value)}`;
  const predicate = predicateOf({ ...reach, units: ["U1"] }, () => undefined);
  const text = predicate("t", "Observation", bind);
  assert.doesNotMatch(text, /p1|U1|key-/);
  assert.deepEqual(bound[0], "p1");
  assert.match(predicate("t", "Task", bind), /tokens && .*tokens && /);
  assert.match(predicate("t", "Patient", bind), /^t\.id = \$\d+$/);
  assert.equal(predicate("t", "Observation", bind, true), "FALSE");
  assert.equal(predicate("t", "Practitioner", bind), "FALSE");
  assert.equal(
    reachSetting({ ...reach, units: ["U1", "U2"], closed: ["1", "-2"], tasks: ["3"] }),
    "door p1 U1,U2 1,-2 3 own",
  );
  assert.equal(reachSetting({ ...reach, closed: ["1"], tasks: ["3"] }), "door p1 * 1 3 own");
  assert.equal(reachSetting({ ...reach, units: [], closed: ["1"], tasks: ["3"], isOwn: false }), "door p1 - 1 3 other");
});
