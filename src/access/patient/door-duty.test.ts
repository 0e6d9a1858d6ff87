/** Rule ACC-DOOR-12 of SPEC.md: who of the staff puts down who reads for a patient, and at which ages it means anything. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersonActor } from "../actor.ts";
import { ageRuleNow, refuseDoorDuty } from "./door-duty.ts";
import { USUAL_DOOR_RULES } from "./door-facts.ts";

const person = (role: string): PersonActor => ({ kind: "person", id: "p", name: "N", title: "T", hsaId: "H", assignment: { id: "a", unit: "U", unitHsaId: "U1", provider: "P", providerHsaId: "P1", role, from: null, until: null } }); // prettier-ignore

test("ACC-DOOR-12 the role decides who does it, and the birthday in Sweden at which age it means anything", () => {
  const may = (role: string) => [refuseDoorDuty(person(role), "representation"), refuseDoorDuty(person(role), "grant")].map((one) => one === undefined); // prettier-ignore
  assert.deepEqual(may("Läkare"), [true, true]);
  assert.deepEqual(may("Verksamhetschef"), [true, true]);
  assert.deepEqual(may("Sjuksköterska"), [true, false]);
  for (const role of ["Undersköterska", "Läkarstuderande", "läkare ", "", "constructor"])
    assert.deepEqual(may(role), [false, false], role);
  const doctor = person("Läkare");
  const app = { name: "App", scopes: [] } as unknown as NonNullable<PersonActor["app"]>;
  assert.ok(refuseDoorDuty({ ...doctor, app }, "grant")?.rule === "ACC-DOOR-MATURITY");
  const at = (birthDate: string | null, now = "2026-11-22T12:00:00Z", rules = USUAL_DOOR_RULES) => ageRuleNow(birthDate, { at: now, rules }); // prettier-ignore
  assert.deepEqual([at("2013-11-22")?.patient, at("2013-11-22", "2026-11-21T22:59:59Z")?.guardian], ["granted units", "all"]); // prettier-ignore
  assert.deepEqual([at("2010-11-22")?.age, at("1970-01-01")?.proxy], [16, "all"]);
  const twice = { ...USUAL_DOOR_RULES, ages: [...USUAL_DOOR_RULES.ages, ...USUAL_DOOR_RULES.ages] };
  for (const unknown of [
    at(null),
    at("2012"),
    at("not a day"),
    at("2030-01-01"),
    at("2013-11-22", "x"),
    at("2013-11-22", undefined, twice),
  ])
    // prettier-ignore
    assert.equal(unknown, undefined);
});
