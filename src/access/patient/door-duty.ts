/**
 * Who of the staff may put down who reads for a patient: a guardian that the population register does not tell of, and a unit's
 * decision that a child reads itself or that a guardian goes on reading. And at which ages such a decision means anything.
 *
 * SPEC ACC-DOOR-12 · PDL 4 kap. 2 §, 5 kap. 5 § (not verified)
 */
import type { PersonActor } from "../actor.ts";
import { ageOf, ruleSetOf, type AskedAtDoor } from "./door.ts";
import type { AgeRule } from "./door-facts.ts";
import { instantOf } from "./moments.ts";
import type { AccessRule } from "./rules.ts";

export type DoorDuty = "representation" | "grant";

/** Roles of care that do this; whether a child is mature enough is judged by a physician or the head of the unit. */
const ROLES: Readonly<Record<DoorDuty, ReadonlySet<string>>> = {
  representation: new Set([
    "läkare",
    "sjuksköterska",
    "barnmorska",
    "psykolog",
    "kurator",
    "medicinsk sekreterare",
    "vårdadministratör",
    "verksamhetschef",
  ]),
  grant: new Set(["läkare", "verksamhetschef"]),
};

const REFUSALS: Readonly<Record<DoorDuty, AccessRule>> = {
  representation: {
    rule: "ACC-DOOR-DUTY",
    law: "PDL 4 kap. 2 §",
    sentence: "Vårdnadshavare och ombud registreras av den som har det i sitt uppdrag.",
  },
  grant: {
    rule: "ACC-DOOR-MATURITY",
    law: "PDL 5 kap. 5 §",
    sentence: "Om ett barn är moget att läsa sin journal bedöms av läkare eller verksamhetschef.",
  },
};

/** Why somebody may not do this; nothing when they may. An application never does it for them. */
export function refuseDoorDuty({ assignment, app }: PersonActor, duty: DoorDuty): AccessRule | undefined {
  const mayDo = app === undefined && ROLES[duty].has(assignment.role.toLowerCase());
  return mayDo ? undefined : REFUSALS[duty];
}

/** What the age rules open to whom at a birth date's age now, with the age; nothing when the age or the rules are not known. */
export function ageRuleNow(
  birthDate: string | null,
  { at, rules }: AskedAtDoor,
): (AgeRule & { readonly age: number }) | undefined {
  const moment = instantOf(at);
  const age = moment === undefined ? undefined : ageOf(birthDate, moment);
  if (moment === undefined || typeof age !== "number") return undefined;
  const rule = ruleSetOf(rules, moment)?.find(({ from, to }) => from <= age && (to === null || age < to));
  return rule === undefined ? undefined : { ...rule, age };
}
